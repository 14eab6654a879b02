// Comparisons of two arms that ran with the same seeds. Because both saw the same random numbers (common random
// numbers), the difference within a seed varies far less than each arm does, and is what the interval is made of.
//
// Mean difference: the paired t interval of Student, The Probable Error of a Mean, Biometrika 6 (1908) 1-25.
// Other statistics: the paired percentile bootstrap, B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap
// (1993), chapters 8 and 13: whole pairs are drawn again, with replacement.

import { CONFIDENCE, meanInterval, type Interval } from './interval.ts'
import { quantileSorted, sortForQuantiles } from './quantile.ts'
import { summarise } from './summary.ts'

export interface Estimate {
  readonly estimate: number
  readonly interval: Interval
}

/**
 * The mean of first - second, with its t interval.
 *
 * @param first one finite value per seed
 * @param second the values of the other arm, in the same order of seeds
 */
export function pairedMeanDifference(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  confidence = CONFIDENCE,
): Estimate {
  requirePairs(first.length, second.length)
  const differences = new Float64Array(first.length)
  for (let i = 0; i < first.length; i++) differences[i] = (first[i] as number) - (second[i] as number)
  const summary = summarise(differences)
  return { estimate: summary.mean, interval: meanInterval(summary, confidence) }
}

/** A statistic of one arm's sample, as a function of how many times each seed was drawn. */
export interface Resampled {
  readonly count: number
  /** The statistic of the sample in which the value of seed i occurs `times[i]` times; the times add up to count. */
  evaluate(times: Uint32Array): number
}

/** The mean of a sample, for pairedBootstrap. */
export function resampledMean(values: ArrayLike<number>): Resampled {
  const evaluate = (times: Uint32Array): number => {
    let sum = 0
    for (let i = 0; i < times.length; i++) sum += (times[i] as number) * (values[i] as number)
    return sum / times.length
  }
  return { count: values.length, evaluate }
}

/** A quantile of a sample, for pairedBootstrap. NaN counts as Infinity, as in sortForQuantiles. */
export function resampledQuantile(values: ArrayLike<number>, q: number): Resampled {
  const sorted = sortForQuantiles(values)
  const count = sorted.length
  // The seeds in the order of their values: one walk along it finds the quantile of any resample without sorting.
  const order = Uint32Array.from(Array.from(sorted.keys()).sort((a, b) => compareNever(values, a, b)))
  const place = (count - 1) * q
  const below = Math.floor(place)
  const pair = new Float64Array(2)
  const evaluate = (times: Uint32Array): number => {
    let seen = 0
    let at = -1
    while (seen <= below) seen += times[order[++at] as number] as number
    pair[0] = sorted[at] as number
    while (seen <= below + 1 && at < count - 1) seen += times[order[++at] as number] as number
    pair[1] = sorted[at] as number
    return quantileSorted(pair, place - below)
  }
  return { count, evaluate }
}

function compareNever(values: ArrayLike<number>, a: number, b: number): number {
  const left = values[a] as number
  const right = values[b] as number
  if (left < right || (Number.isNaN(right) && !Number.isNaN(left))) return -1
  if (right < left || (Number.isNaN(left) && !Number.isNaN(right))) return 1
  return 0
}

export interface BootstrapOptions {
  /** `difference`: first - second; `ratio`: first / second. */
  readonly compare?: 'difference' | 'ratio'
  /** How many resamples; 2,000 leave the ends of a 95 % interval uncertain by about a twentieth of its width. */
  readonly resamples?: number
  readonly confidence?: number
}

/**
 * Compares a statistic of two arms with the percentile interval of the paired bootstrap.
 *
 * @param first a statistic of the first arm, one value per seed
 * @param second of the second arm, in the same order of seeds
 * @param draw gives uniform numbers in [0, 1), from a seeded generator: the same numbers give the same interval
 */
export function pairedBootstrap(
  first: Resampled,
  second: Resampled,
  draw: () => number,
  options: BootstrapOptions = {},
): Estimate {
  requirePairs(first.count, second.count)
  const { compare = 'difference', resamples = 2_000, confidence = CONFIDENCE } = options
  const combine = compare === 'ratio' ? ratio : difference
  const { count } = first
  const times = new Uint32Array(count).fill(1)
  const estimate = combine(first.evaluate(times), second.evaluate(times))
  const replicates = new Float64Array(resamples)
  for (let r = 0; r < resamples; r++) {
    times.fill(0)
    for (let i = 0; i < count; i++) {
      const seed = Math.floor(draw() * count)
      times[seed] = (times[seed] as number) + 1
    }
    replicates[r] = combine(first.evaluate(times), second.evaluate(times))
  }
  const sorted = sortForQuantiles(replicates)
  const doubt = (1 - confidence) / 2
  return { estimate, interval: { low: quantileSorted(sorted, doubt), high: quantileSorted(sorted, 1 - doubt) } }
}

/** Two arms that both never finish do not differ: Infinity - Infinity counts as 0. */
function difference(first: number, second: number): number {
  return first === second ? 0 : first - second
}

/** Likewise Infinity / Infinity and 0 / 0 count as 1. */
function ratio(first: number, second: number): number {
  return first === second ? 1 : first / second
}

function requirePairs(first: number, second: number): void {
  if (first !== second)
    throw new RangeError(`A paired comparison needs the same seeds: got ${first} and ${second} runs`)
  if (first === 0) throw new RangeError('A paired comparison needs at least one run')
}
