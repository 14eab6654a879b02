// Quantiles of samples in which some values may be "never".
//
// Source: R. J. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages, The American Statistician 50 (1996)
// 361-365, definition 7 (the default of R, NumPy and spreadsheets). Own code, not the library's, because a rollout that
// does not finish counts as infinite, and interpolation between infinities must not end in NaN.

/** The values in ascending order, for quantileSorted. NaN (no value: the rollout did not finish) becomes Infinity. */
export function sortForQuantiles(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    sorted[i] = Number.isNaN(value) ? Infinity : value
  }
  return sorted.sort()
}

/**
 * The quantile of a sample that is already sorted, by linear interpolation between order statistics. Between a
 * number and Infinity it is Infinity: the value asked for lies beyond what was seen.
 *
 * @param sorted from sortForQuantiles
 * @param q from 0 to 1
 * @returns NaN for an empty sample
 */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number {
  if (sorted.length === 0) return NaN
  const place = (sorted.length - 1) * q
  const below = Math.floor(place)
  const low = sorted[below] as number
  if (place === below) return low
  const high = sorted[below + 1] as number
  return high === low ? low : low + (place - below) * (high - low)
}

/** The quantile of an unsorted sample; for several quantiles of one sample, sort once and use quantileSorted. */
export function quantile(values: ArrayLike<number>, q: number): number {
  return quantileSorted(sortForQuantiles(values), q)
}
