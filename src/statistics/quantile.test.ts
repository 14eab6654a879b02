import fc from 'fast-check'
import { quantile as libraryQuantile } from 'simple-statistics'
import { describe, expect, it } from 'vitest'
import { quantile, quantileSorted, sortForQuantiles } from './quantile.ts'

// NIST/SEMATECH e-Handbook of Statistical Methods, section 7.2.6.2, gauge study of 12 wafers.
const NIST_WAFERS = [
  95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.061, 95.1591, 95.1195, 95.1065, 95.0925, 95.199, 95.1682,
]

describe('quantile', () => {
  it('is definition 7: place 1 + (n - 1) q among the ordered values', () => {
    expect(quantile(NIST_WAFERS, 0.9)).toBeCloseTo(95.19568, 10)
    // R: quantile(1:10)
    expect([0, 0.25, 0.5, 0.75, 1].map((q) => quantile([3, 1, 2, 5, 4, 10, 9, 8, 7, 6], q))).toEqual([
      1, 3.25, 5.5, 7.75, 10,
    ])
  })

  it('agrees with simple-statistics on finite samples', () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(values, fc.double({ noNaN: true, min: 0, max: 1 }), (sample, q) => {
        expect(quantile(sample, q)).toBeCloseTo(libraryQuantile(sample, q), 6)
      }),
      { seed: 1, numRuns: 500 },
    )
  })

  it('counts what never happened as infinite', () => {
    const rollouts = [10, NaN, 20, Infinity, 30]
    expect(quantile(rollouts, 0.5)).toBe(30)
    expect(quantile(rollouts, 0.51)).toBe(Infinity)
    expect(quantile(rollouts, 1)).toBe(Infinity)
    expect(quantile([NaN, NaN], 0.5)).toBe(Infinity)
    expect(quantile([1, 2, NaN, NaN], 0.25)).toBe(1.75)
  })

  it('of one value is that value, of none is NaN', () => {
    expect(quantile([7], 0.99)).toBe(7)
    expect(quantile([], 0.5)).toBeNaN()
  })

  it('leaves the sample as it was', () => {
    const sample = [3, 1, 2]
    expect(quantileSorted(sortForQuantiles(sample), 0)).toBe(1)
    expect(sample).toEqual([3, 1, 2])
  })
})
