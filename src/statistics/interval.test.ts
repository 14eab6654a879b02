import { describe, expect, it } from 'vitest'
import { meanInterval, proportionInterval, quantileInterval, quantileRanks } from './interval.ts'

describe('meanInterval', () => {
  it('agrees with the published example', () => {
    // NIST/SEMATECH e-Handbook, section 1.3.5.2, data ZARR13.DAT.
    const { low, high } = meanInterval({ count: 195, mean: 9.26146, sd: 0.022789 })
    expect(low).toBeCloseTo(9.258242, 5)
    expect(high).toBeCloseTo(9.264679, 5)
  })

  it('widens with the confidence asked for', () => {
    const summary = { count: 10, mean: 0, sd: 1 }
    // Student's t with 9 degrees of freedom: 2.262 at 97.5 %, 3.250 at 99.5 %.
    expect(meanInterval(summary).high).toBeCloseTo(2.262157 / Math.sqrt(10), 6)
    expect(meanInterval(summary, 0.99).high).toBeCloseTo(3.249836 / Math.sqrt(10), 6)
  })

  it('of one value knows nothing', () => {
    expect(meanInterval({ count: 1, mean: 5, sd: NaN })).toEqual({ low: -Infinity, high: Infinity })
  })
})

describe('quantileRanks', () => {
  // The ranks for a median at 95 %, tabled for example in W. J. Dixon and F. J. Massey, Introduction to Statistical
  // Analysis, table A-25.
  it.each([
    [6, 1, 6],
    [10, 2, 9],
    [15, 4, 12],
    [20, 6, 15],
    [30, 10, 21],
    [50, 18, 33],
  ])('of the median of %d values are %d and %d', (count, lowRank, highRank) => {
    expect(quantileRanks(count, 0.5)).toEqual({ lowRank, highRank })
  })

  /** The chance of at most `limit` successes, from the terms for more, added up one by one. */
  function chanceAtMost(count: number, q: number, limit: number): number {
    let more = 0
    let term = q ** count
    for (let k = count; k > limit; k--) {
      more += term
      term *= (k / (count - k + 1)) * ((1 - q) / q)
    }
    return 1 - more
  }

  it('leave at most half of the doubt on either side, and could not be closer', () => {
    for (const q of [0.5, 0.75, 0.95, 0.99]) {
      for (let count = 1; count <= 400; count += 7) {
        const { lowRank, highRank } = quantileRanks(count, q)
        expect(chanceAtMost(count, q, lowRank - 1)).toBeLessThanOrEqual(0.025 + 1e-9)
        expect(chanceAtMost(count, q, lowRank)).toBeGreaterThan(0.025)
        if (highRank <= count) expect(chanceAtMost(count, q, highRank - 1)).toBeGreaterThanOrEqual(0.975 - 1e-9)
        if (highRank > 1) expect(chanceAtMost(count, q, highRank - 2)).toBeLessThan(0.975)
      }
    }
  })
})

describe('quantileInterval', () => {
  it('takes its ends from the sample', () => {
    const sorted = Float64Array.from({ length: 20 }, (_, i) => 10 * (i + 1))
    expect(quantileInterval(sorted, 0.5)).toEqual({ low: 60, high: 150 })
  })

  it('has no upper bound where the sample is too small', () => {
    const sorted = Float64Array.from({ length: 100 }, (_, i) => i)
    expect(quantileInterval(sorted, 0.99)).toEqual({ low: 96, high: Infinity })
    expect(quantileInterval([5], 0.5)).toEqual({ low: -Infinity, high: Infinity })
    expect(quantileInterval([], 0.5)).toEqual({ low: -Infinity, high: Infinity })
  })

  it('says so when part of the runs never finish', () => {
    const sorted = Float64Array.from({ length: 20 }, (_, i) => (i < 12 ? i : Infinity))
    expect(quantileInterval(sorted, 0.5)).toEqual({ low: 5, high: Infinity })
  })
})

describe('proportionInterval', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 5.
  it.each([
    [81, 263, 0.2527, 0.3676],
    [15, 148, 0.0578, 0.1617],
    [0, 20, 0, 0.1684],
    [1, 29, 0.0009, 0.1776],
  ])('of %d in %d is [%d, %d]', (successes, count, low, high) => {
    const interval = proportionInterval(successes, count)
    expect(interval.low).toBeCloseTo(low, 4)
    expect(interval.high).toBeCloseTo(high, 4)
  })

  it('bounds a rate of which nothing was seen', () => {
    expect(proportionInterval(0, 200)).toEqual({ low: 0, high: expect.closeTo(1 - 0.025 ** (1 / 200), 8) as number })
    expect(proportionInterval(200, 200).high).toBe(1)
    expect(proportionInterval(0, 0)).toEqual({ low: 0, high: 1 })
  })
})
