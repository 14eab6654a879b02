// Cuts the scenarios of a space into batches, and gives each scenario its seeds. Depends on the input alone.

import { createHash } from 'node:crypto'
import type { ScenarioSpace } from '../../scenario/space.ts'
import { engineDigest } from '../engineDigest.ts'

/** Scenarios per batch: some tenths of a second of work. */
export const BATCH_SCENARIOS = 8

/** How many of everything. */
export interface ScenarioNumbers {
  readonly scenarios: number
  /** What the scenarios are drawn by. */
  readonly seed: number
  /** Runs of each arm of each scenario. */
  readonly runs: number
  /** Seed of the first run of the first scenario. */
  readonly firstSeed: number
}

/** Consecutive scenarios, from 1: what one worker does at a time. */
export interface SpaceBatch {
  readonly first: number
  readonly count: number
}

/** The seed of the first run of scenario k: no two scenarios share one, so that their noise is independent. */
export function firstSeedOf(k: number, { firstSeed, runs }: Pick<ScenarioNumbers, 'firstSeed' | 'runs'>): number {
  return firstSeed + (k - 1) * runs
}

/** All batches, in the order of runs.csv. */
export function planSpace({ scenarios }: ScenarioNumbers): SpaceBatch[] {
  const batches: SpaceBatch[] = []
  for (let done = 0; done < scenarios; done += BATCH_SCENARIOS) {
    batches.push({ first: done + 1, count: Math.min(BATCH_SCENARIOS, scenarios - done) })
  }
  return batches
}

/** Name of a sweep over a space and of its results folder. */
export function spaceRunId(space: ScenarioSpace, numbers: ScenarioNumbers): string {
  const { scenarios, seed, runs, firstSeed } = numbers
  const name = space.name.replace(/^[.-]+/, '')
  return `${name === '' ? 'space' : name}-${digest([space.hash, scenarios, seed, runs, firstSeed]).slice(0, 8)}`
}

/** File name of a batch's part. It does not depend on how many scenarios there are: more of them resume, too. */
export function spacePartName(space: ScenarioSpace, numbers: ScenarioNumbers, { first, count }: SpaceBatch): string {
  const { seed, runs, firstSeed } = numbers
  return `${digest([engineDigest(), space.name, space.hash, seed, runs, firstSeed, first, count]).slice(0, 24)}.bin`
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
