// Comparisons of two arms seed by seed. Both saw the same random numbers, so that most of the noise cancels.
// Medians of differences and ratios have intervals from order statistics: nothing is assumed, nothing is drawn.

import type { Response } from '../metrics/types.ts'
import type { Estimate } from '../statistics/paired.ts'
import { pairedMeanDifference } from '../statistics/paired.ts'
import { sortForQuantiles } from '../statistics/quantile.ts'
import { estimateQuantile } from './estimates.ts'
import type { RunGroup } from './results.ts'

/** Values of two arms in the same seeds. */
export interface Pairs {
  readonly first: Float64Array
  readonly second: Float64Array
}

/** The values of a response in the seeds in which both have one; both are ordered by seed. */
export function pairBySeed(
  first: Pick<RunGroup, 'seeds' | 'responses'>,
  second: Pick<RunGroup, 'seeds' | 'responses'>,
  response: Response,
): Pairs {
  return pairValues(first.seeds, first.responses[response], second.seeds, second.responses[response])
}

/** The values in the seeds in which both have one; both are ordered by seed. */
export function pairValues(
  firstSeeds: Float64Array,
  firstValues: Float64Array,
  secondSeeds: Float64Array,
  secondValues: Float64Array,
): Pairs {
  const first: number[] = []
  const second: number[] = []
  let other = 0
  for (const [index, seed] of firstSeeds.entries()) {
    while (other < secondSeeds.length && (secondSeeds[other] ?? Infinity) < seed) other++
    if (secondSeeds[other] !== seed) continue
    const [one = NaN, two = NaN] = [firstValues[index], secondValues[other]]
    if (Number.isNaN(one) || Number.isNaN(two)) continue
    first.push(one)
    second.push(two)
  }
  return { first: Float64Array.from(first), second: Float64Array.from(second) }
}

/** Median of first - second over the seeds of both. Two runs that never end do not differ. */
export function medianDifference(
  first: RunGroup,
  second: RunGroup,
  response: Response,
  confidence: number,
): Estimate & { readonly pairs: number } {
  const pairs = pairBySeed(first, second, response)
  const differences = pairs.first.map((value, index) => {
    const other = pairs.second[index] ?? NaN
    return value === other ? 0 : value - other
  })
  const estimate = estimateQuantile(sortForQuantiles(differences), 0.5, confidence, -Infinity)
  return { ...estimate, pairs: differences.length }
}

/** Mean of first - second over the seeds of both; undefined where a run of either never ends, or no seed is common. */
export function meanDifference(
  first: RunGroup,
  second: RunGroup,
  response: Response,
  confidence: number,
): Estimate | undefined {
  const pairs = pairBySeed(first, second, response)
  const isFinite = [pairs.first, pairs.second].every((values) => values.every(Number.isFinite))
  if (pairs.first.length === 0 || !isFinite) return undefined
  return pairedMeanDifference(pairs.first, pairs.second, confidence)
}

/** Median of first / second over the seeds of both. Two runs that never end, or take no time, are equal: 1. */
export function medianRatio({ first, second }: Pairs, confidence: number): Estimate {
  const ratios = first.map((value, index) => {
    const other = second[index] ?? NaN
    return value === other ? 1 : value / other
  })
  return estimateQuantile(sortForQuantiles(ratios), 0.5, confidence)
}
