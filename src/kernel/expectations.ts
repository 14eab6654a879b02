// Expectations of what is left of a random duration, in closed form.

import { lognormalShape } from './distributions.ts'

/** E[(X - x)+] of X uniform between `low` and `high`. */
export function uniformRest(x: number, low: number, high: number): number {
  if (x <= low) return (low + high) / 2 - x
  return x >= high ? 0 : ((high - x) * (high - x)) / (2 * (high - low))
}

/** E[(X - x)+] of an exponential X; it has no memory: the mean, times the chance that there is something left. */
export function exponentialRest(x: number, mean: number): number {
  return mean * Math.exp(-x / mean)
}

/**
 * E[(X - x)+] of a log-normal X, the formula of Black and Scholes (1973) for a call without interest:
 * m exp(s²/2) Φ((ln m + s² - ln x) / s) - x Φ((ln m - ln x) / s).
 */
export function lognormalRest(x: number, median: number, p95: number): number {
  const sigma = lognormalShape(median, p95)
  const mean = median * Math.exp((sigma * sigma) / 2)
  if (x <= 0) return mean - x
  if (sigma === 0) return Math.max(0, median - x)
  const d = Math.log(median / x) / sigma
  return mean * normalCdf(d + sigma) - x * normalCdf(d)
}

/** Coefficients of Hart's rational function, the highest power first. */
const ABOVE = [
  3.52624965998911e-2, 0.700383064443688, 6.37396220353165, 33.912866078383, 112.079291497871, 221.213596169931,
  220.206867912376,
] as const
const BELOW = [
  8.83883476483184e-2, 1.75566716318264, 16.064177579207, 86.7807322029461, 296.564248779674, 637.333633378831,
  793.826512519948, 440.413735824752,
] as const

/**
 * The standard normal distribution function, to about 15 decimals.
 *
 * Source: G. West, Better Approximations to Cumulative Normal Functions, Wilmott Magazine (2005), after J. F. Hart,
 * Computer Approximations (1968), algorithm 5666.
 */
export function normalCdf(x: number): number {
  const z = Math.abs(x)
  const tail = z > 37 ? 0 : Math.exp((-z * z) / 2) * tailFactor(z)
  return x > 0 ? 1 - tail : tail
}

function tailFactor(z: number): number {
  if (z < 7.07106781186547) return horner(z, ABOVE) / horner(z, BELOW)
  let fraction = z + 0.65
  for (let k = 4; k >= 1; k--) fraction = z + k / fraction
  return 1 / (fraction * 2.506628274631)
}

function horner(z: number, coefficients: readonly number[]): number {
  let value = 0
  for (let i = 0; i < coefficients.length; i++) value = value * z + coefficients[i]
  return value
}
