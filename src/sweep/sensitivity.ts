// The runs behind "what mattered most": every arm again, with one input at a time halved or doubled, and the same seeds.

import { InputError } from '../base/errors.ts'
import type { RunRow } from '../metrics/types.ts'
import { inputFactors } from '../scenario/inputFactors.ts'
import type { Scenario } from '../scenario/types.ts'
import { keepEngines, NEVER_PAUSE, type Breathe, type CreateEngine } from './batch.ts'

/** How much of an input a variant has: half, twice. */
export const LEVELS = [0.5, 2] as const

/** The runs of all arms with one input changed; ordered by arm, seed and workload. */
export interface VariantRuns {
  readonly input: string
  readonly times: number
  /** Undefined where it cannot be run: pods that do not fit, a cluster that does not settle. */
  readonly rows: readonly RunRow[] | undefined
}

export interface SensitivityRuns {
  readonly seeds: number
  readonly base: readonly RunRow[]
  readonly variants: readonly VariantRuns[]
}

/** The share of the experiment's runs that are spent on it. */
const SHARE = 0.3
const SEEDS_MIN = 8

/** How many seeds each variant gets: of 1,000 runs with 9 inputs, 0.3 × 1,000 / (2 × 9 + 1) = 15. */
export function sensitivitySeeds(runs: number, inputs: number): number {
  return Math.min(runs, Math.max(SEEDS_MIN, Math.floor((SHARE * runs) / (LEVELS.length * inputs + 1))))
}

/** Runs every variant in this thread, with the first seeds of the scenario. */
export async function runSensitivity(
  scenario: Scenario,
  createEngine: CreateEngine,
  breathe: Breathe = NEVER_PAUSE,
): Promise<SensitivityRuns> {
  const factors = inputFactors(scenario)
  const seeds = sensitivitySeeds(scenario.runs, factors.length)
  const base = (await runArms(scenario, seeds, createEngine, breathe)) ?? []
  const variants: VariantRuns[] = []
  for (const { name, scale } of factors) {
    for (const times of LEVELS)
      variants.push({ input: name, times, rows: await runArms(scale(times), seeds, createEngine, breathe) })
  }
  return { seeds, base, variants }
}

async function runArms(
  scenario: Scenario,
  seeds: number,
  createEngine: CreateEngine,
  breathe: Breathe,
): Promise<RunRow[] | undefined> {
  const engineOf = keepEngines(scenario, createEngine)
  const rows: RunRow[] = []
  try {
    for (let arm = 0; arm < scenario.arms.length; arm++) {
      for (let run = 0; run < seeds; run++) {
        for (const row of engineOf(arm).run(scenario.seed + run).rows) rows.push({ ...row })
        const pause = breathe()
        if (pause !== undefined) await pause
      }
    }
  } catch (error) {
    if (error instanceof InputError) return undefined
    throw error
  }
  return rows
}
