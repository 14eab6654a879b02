// Count, mean, standard deviation and range of a sample. Sums are compensated (Kahan and Babuska, in simple-statistics),
// so that the mean of a million equal numbers is that number. The standard deviation divides by n - 1.

import { mean, sampleStandardDeviation } from 'simple-statistics'

export interface Summary {
  readonly count: number
  /** NaN for an empty sample. */
  readonly mean: number
  /** Sample standard deviation; NaN below two values. */
  readonly sd: number
  /** NaN for an empty sample. */
  readonly min: number
  readonly max: number
}

/** Summarises a sample of finite numbers, in their unit. */
export function summarise(values: ArrayLike<number>): Summary {
  const sample = Array.from(values)
  if (sample.length === 0) return { count: 0, mean: NaN, sd: NaN, min: NaN, max: NaN }
  let min = Infinity
  let max = -Infinity
  for (const value of sample) {
    if (value < min) min = value
    if (value > max) max = value
  }
  const sd = sample.length < 2 ? NaN : sampleStandardDeviation(sample)
  return { count: sample.length, mean: mean(sample), sd, min, max }
}
