// Availability over time: from counts per instant and percent to quantiles, without keeping a run.

import type { Scenario } from '../scenario/types.ts'
import { AVAILABILITY_POINTS } from '../engine/types.ts'
import { AVAILABILITY_CELLS, PERCENT_VALUES } from './batch.ts'

const US_PER_SECOND = 1_000_000
const MEAN_DECIMALS = 4

/** Counts of one arm: how many runs had which percent of pods ready at which instant. */
export class AvailabilityCounts {
  readonly #cells = new Float64Array(AVAILABILITY_CELLS)

  /** Adds the packed cells of a part: cell, count, cell, count, … */
  add(packed: Uint32Array): void {
    for (let at = 0; at + 1 < packed.length; at += 2) {
      const cell = packed[at] ?? 0
      this.#cells[cell] = (this.#cells[cell] ?? 0) + (packed[at + 1] ?? 0)
    }
  }

  /** Rows of availability.csv for this arm, one per instant; none without samples. */
  *rows(arm: string, windowSeconds: number): Generator<readonly (string | number)[]> {
    for (let instant = 0; instant < AVAILABILITY_POINTS; instant++) {
      const counts = this.#cells.subarray(instant * PERCENT_VALUES, (instant + 1) * PERCENT_VALUES)
      if (counts.every((count) => count === 0)) return
      const second = (windowSeconds * instant) / (AVAILABILITY_POINTS - 1)
      yield [arm, second, quantileOf(counts, 0.05), quantileOf(counts, 0.5), quantileOf(counts, 0.95), meanOf(counts)]
    }
  }
}

/**
 * The smallest percentage that at least the share q of the runs do not exceed (inverse of the distribution function,
 * percentages of few pods are steps, and a value between two steps would be one that no run had.
 */
export function quantileOf(counts: Float64Array, q: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [percent, count] of counts.entries()) {
    seen += count
    if (seen > 0 && seen >= q * total) return percent
  }
  return 0
}

function meanOf(counts: Float64Array): number {
  let total = 0
  let sum = 0
  for (const [percent, count] of counts.entries()) {
    total += count
    sum += percent * count
  }
  return total === 0 ? 0 : Number((sum / total).toFixed(MEAN_DECIMALS))
}

/** Length of the measured window in seconds: from the first step of the timeline to the horizon. */
export function windowSecondsOf(scenario: Pick<Scenario, 'timeline' | 'horizonUs'>): number {
  const firstUs = Math.min(scenario.horizonUs, ...scenario.timeline.map((step) => step.atUs))
  const fromUs = scenario.timeline.length === 0 ? 0 : firstUs
  return (scenario.horizonUs - fromUs) / US_PER_SECOND
}
