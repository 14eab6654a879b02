// Cuts a sweep into batches. The cut depends on the input alone, never on the number of workers.

import { createHash } from 'node:crypto'
import type { Scenario } from '../scenario/types.ts'
import { engineDigest } from './engineDigest.ts'

/**
 * Runs per batch: large enough that sending a result costs nothing beside simulating it (below half a microsecond
 * per run), small enough that an interrupted sweep loses little and two workers finish together.
 */
export const BATCH_RUNS = 128

/** Which seeds a sweep runs, the same for every arm: common random numbers. */
export interface SeedRange {
  readonly firstSeed: number
  /** Number of seeds, counted up from the first. */
  readonly seeds: number
}

/** Consecutive seeds of one arm: what one worker does at a time. */
export interface Batch {
  readonly armIndex: number
  readonly firstSeed: number
  readonly count: number
}

/** All batches of a sweep, by arm and then by seed: the order of runs.csv. */
export function planSweep(scenario: Pick<Scenario, 'arms'>, { firstSeed, seeds }: SeedRange): Batch[] {
  const batches: Batch[] = []
  for (let armIndex = 0; armIndex < scenario.arms.length; armIndex++) {
    for (let done = 0; done < seeds; done += BATCH_RUNS) {
      batches.push({ armIndex, firstSeed: firstSeed + done, count: Math.min(BATCH_RUNS, seeds - done) })
    }
  }
  return batches
}

/** Name of a sweep and of its results folder: the same input gives the same id, `checkout-7f3a12bc`. */
export function runId(scenario: Pick<Scenario, 'name' | 'hash'>, { firstSeed, seeds }: SeedRange): string {
  const name = scenario.name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '')
  return `${name === '' ? 'scenario' : name}-${digest([scenario.hash, firstSeed, seeds]).slice(0, 8)}`
}

/** File name of a batch's part: a hash of all that decides its content, so that a part found is a part done. */
export function partName(
  scenario: Pick<Scenario, 'name' | 'hash' | 'arms'>,
  { armIndex, firstSeed, count }: Batch,
): string {
  return `${digest([engineDigest(), scenario.name, scenario.hash, scenario.arms[armIndex]?.name, firstSeed, count]).slice(0, 24)}.bin`
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
