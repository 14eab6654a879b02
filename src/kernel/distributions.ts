// Random quantities by inversion: each takes one uniform number u in (0, 1) and grows with it, so the same u gives
// comparable values whatever the parameters. Only exp, log, log1p and sqrt are used, whose bits are the same on
// Node 20, 22 and 24 (those of a general power are not).

/** Uniform between `low` and `high`, in their unit. */
export function uniform(u: number, low: number, high: number): number {
  return low + u * (high - low)
}

/** Exponential with the given mean, in its unit. */
export function exponential(u: number, mean: number): number {
  return -mean * Math.log1p(-u)
}

/** The 95 % point of the standard normal distribution. */
const NORMAL_P95 = 1.6448536269514722

/**
 * Log-normal, given by two of its quantiles as one reads them off a graph.
 *
 * @param median greater than 0
 * @param p95 at least the median, in the same unit; equal to it, the value is constant
 */
export function lognormal(u: number, median: number, p95: number): number {
  return median * Math.exp(lognormalShape(median, p95) * normalQuantile(u))
}

/** The shape of a log-normal distribution: the standard deviation of its logarithm. */
export function lognormalShape(median: number, p95: number): number {
  return Math.log(p95 / median) / NORMAL_P95
}

// The digits are the paper's, more than a float64 holds.
/* oxlint-disable no-loss-of-precision */
/** |p - 0.5| <= 0.425: the coefficients a and b of AS 241, the highest power first. */
const CENTRE_ABOVE = [
  2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
  1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608,
] as const
const CENTRE_BELOW = [
  5.226495278852545925e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4,
  5.3941960214247511077e3, 6.871870074920579083e2, 4.2313330701600911252e1, 1,
] as const

/** Further out, down to p = exp(-25): the coefficients c and d. */
const FLANK_ABOVE = [
  7.7454501427834140764e-4, 2.27238449892691845833e-2, 2.4178072517745061177e-1, 1.27045825245236838258,
  3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
] as const
const FLANK_BELOW = [
  1.05075007164441684324e-9, 5.475938084995344946e-4, 1.51986665636164571966e-2, 1.4810397642748007459e-1,
  6.8976733498510000455e-1, 1.6763848301838038494, 2.05319162663775882187, 1,
] as const

/** The far tails: the coefficients e and f. */
const TAIL_ABOVE = [
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.2426609473880784386e-3, 2.6532189526576123093e-2,
  2.9656057182850489123e-1, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
] as const
const TAIL_BELOW = [
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
  1.48753612908506148525e-2, 1.3692988092273580531e-1, 5.9983220655588793769e-1, 1,
] as const
/* oxlint-enable no-loss-of-precision */

/**
 * The quantile of the standard normal distribution, accurate to about 1 part in 10^16.
 *
 * Source: M. J. Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied Statistics 37
 * (1988) 477-484, routine PPND16.
 *
 * @param p between 0 and 1, both excluded
 */
export function normalQuantile(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) return q * ratio(0.180625 - q * q, CENTRE_ABOVE, CENTRE_BELOW)
  const r = Math.sqrt(-Math.log(q < 0 ? p : 1 - p))
  const magnitude = r <= 5 ? ratio(r - 1.6, FLANK_ABOVE, FLANK_BELOW) : ratio(r - 5, TAIL_ABOVE, TAIL_BELOW)
  return q < 0 ? -magnitude : magnitude
}

/** The quotient of two polynomials at x, their coefficients from the highest power down (Horner's rule). */
function ratio(x: number, above: readonly number[], below: readonly number[]): number {
  let numerator = 0
  let denominator = 0
  for (let i = 0; i < above.length; i++) {
    numerator = numerator * x + above[i]
    denominator = denominator * x + below[i]
  }
  return numerator / denominator
}
