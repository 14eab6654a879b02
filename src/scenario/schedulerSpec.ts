// What a scenario or a profile says about the scheduler.

import { type PartProblem, readDistribution } from './distribution.ts'
import type { WrittenScheduler } from './schema.ts'
import type { SchedulerSpec } from './types.ts'

/** Lays what is written about the scheduler over a profile. */
export function mergeScheduler(
  under: SchedulerSpec,
  written: WrittenScheduler,
  report: (problem: PartProblem) => void,
): SchedulerSpec {
  const atCycle = ({ message, path }: PartProblem): void => report({ path: ['cycle', ...path], message })
  return {
    tieBreak: written.tieBreak ?? under.tieBreak,
    cycle: written.cycle === undefined ? under.cycle : readDistribution(written.cycle, atCycle),
    bindsPerSecond: written.bindsPerSecond ?? under.bindsPerSecond,
    bindBurst: written.bindBurst ?? under.bindBurst,
  }
}
