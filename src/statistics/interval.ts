// Confidence intervals. Every number that is an estimate is printed with one.
//
// Mean: Student's t; assumes independent runs and either normal values or many of them.
// Quantile: order statistics; assumes independent runs and nothing about their distribution. Source: H. A. David and
// H. N. Nagaraja, Order Statistics, 3rd ed. (2003), section 7.1. Coverage is at least what is asked for, also with ties.
// Proportion: C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413; exact, so never too short.

import jStat from 'jstat'
import type { Summary } from './summary.ts'

export interface Interval {
  readonly low: number
  readonly high: number
}

export const CONFIDENCE = 0.95

/**
 * The interval of a mean, by Student's t.
 *
 * @param summary of at least two values; below that every mean is possible and the interval is infinite
 */
export function meanInterval(summary: Pick<Summary, 'count' | 'mean' | 'sd'>, confidence = CONFIDENCE): Interval {
  const { count, mean, sd } = summary
  if (count < 2) return { low: -Infinity, high: Infinity }
  const halfWidth = (jStat.studentt.inv((1 + confidence) / 2, count - 1) * sd) / Math.sqrt(count)
  return { low: mean - halfWidth, high: mean + halfWidth }
}

/**
 * The interval of a quantile, between two values of the sample.
 *
 * @param sorted ascending; may end in Infinity (never)
 * @param q from 0 to 1
 * @returns an end is infinite where the sample is too small to bound the quantile on that side: the 99th percentile of
 *   100 runs has no upper bound
 */
export function quantileInterval(sorted: ArrayLike<number>, q: number, confidence = CONFIDENCE): Interval {
  const { lowRank, highRank } = quantileRanks(sorted.length, q, confidence)
  return {
    low: lowRank === 0 ? -Infinity : (sorted[lowRank - 1] as number),
    high: highRank > sorted.length ? Infinity : (sorted[highRank - 1] as number),
  }
}

/**
 * The ranks, from 1, of the order statistics that enclose the quantile with the confidence asked for, with half of the
 * doubt on either side. Rank 0 and rank count + 1 mean: no bound.
 */
export function quantileRanks(
  count: number,
  q: number,
  confidence = CONFIDENCE,
): { lowRank: number; highRank: number } {
  // How many of the values lie below the quantile is a binomial number, with chance q each. That fewer than r do is the
  // chance that the r-th value lies above.
  const doubt = (1 - confidence) / 2
  const firstAbove = (limit: number): number => {
    let low = 0
    let high = count + 1
    while (high - low > 1) {
      const rank = (low + high) >> 1
      if (chanceFewer(count, q, rank) > limit) high = rank
      else low = rank
    }
    return high
  }
  // A hair's breadth of tolerance keeps exact ties, such as a doubt of 1/64, from hanging on the last bit.
  return { lowRank: firstAbove(doubt * (1 + 1e-9)) - 1, highRank: firstAbove((1 - doubt) * (1 - 1e-9)) }
}

/** The chance that fewer than `rank` (1 to count) of `count` independent trials succeed, each with chance `q`. */
function chanceFewer(count: number, q: number, rank: number): number {
  if (q <= 0) return 1
  if (q >= 1) return 0
  return 1 - jStat.beta.cdf(q, rank, count - rank + 1)
}

/**
 * The interval of a proportion. With 0 successes in 200 runs it is [0, 1.83 %]: "0" is never printed without its bound.
 *
 * @param successes from 0 to count
 * @param count at least 1; with 0 the interval is [0, 1]
 */
export function proportionInterval(successes: number, count: number, confidence = CONFIDENCE): Interval {
  const doubt = (1 - confidence) / 2
  return {
    low: successes === 0 ? 0 : jStat.beta.inv(doubt, successes, count - successes + 1),
    high: successes === count ? 1 : jStat.beta.inv(1 - doubt, successes + 1, count - successes),
  }
}
