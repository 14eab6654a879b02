// Quantiles of responses with their intervals. The ranks of an interval depend on the number of runs alone: kept.

import { quantileRanks } from '../statistics/interval.ts'
import type { Estimate } from '../statistics/paired.ts'
import { quantileSorted } from '../statistics/quantile.ts'

const ranksKept = new Map<string, ReturnType<typeof quantileRanks>>()

/**
 * A quantile with its interval, between order statistics (statistics/interval.ts).
 *
 * @param sorted from sortForQuantiles; may end in Infinity
 * @param lowest the smallest value there can be: the lower end where the sample is too small to have one
 */
export function estimateQuantile(sorted: Float64Array, q: number, confidence: number, lowest = 0): Estimate {
  const key = `${sorted.length}/${q}/${confidence}`
  const ranks = ranksKept.get(key) ?? quantileRanks(sorted.length, q, confidence)
  ranksKept.set(key, ranks)
  return {
    estimate: quantileSorted(sorted, q),
    interval: { low: sorted[ranks.lowRank - 1] ?? lowest, high: sorted[ranks.highRank - 1] ?? Infinity },
  }
}
