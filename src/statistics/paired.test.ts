import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { pairedBootstrap, pairedMeanDifference, resampledMean, resampledQuantile } from './paired.ts'
import { quantile } from './quantile.ts'

// Extra hours of sleep under two drugs, ten patients: A. R. Cushny and A. R. Peebles (1905), used by Student (1908).
const SLEEP_FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
const SLEEP_SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

const ones = (count: number): Uint32Array => new Uint32Array(count).fill(1)

describe('pairedMeanDifference', () => {
  it("agrees with R's t.test of Student's sleep data", () => {
    const { estimate, interval } = pairedMeanDifference(SLEEP_FIRST, SLEEP_SECOND)
    expect(estimate).toBeCloseTo(-1.58, 12)
    expect(interval.low).toBeCloseTo(-2.4598858, 6)
    expect(interval.high).toBeCloseTo(-0.7001142, 6)
  })

  it('refuses samples that cannot be paired', () => {
    expect(() => pairedMeanDifference([1, 2], [1])).toThrow('got 2 and 1 runs')
    expect(() => pairedMeanDifference([], [])).toThrow('at least one run')
  })
})

describe('a resampled statistic', () => {
  it('of the sample itself is the statistic', () => {
    const values = [5, 1, NaN, 3, 3, 8, 2]
    for (const q of [0, 0.1, 0.25, 0.5, 0.8, 0.9, 1]) {
      expect(resampledQuantile(values, q).evaluate(ones(7))).toBe(quantile(values, q))
    }
    expect(resampledMean(SLEEP_FIRST).evaluate(ones(10))).toBeCloseTo(0.75, 12)
  })

  it('of a resample is the statistic of the repeated values', () => {
    const random = seedrandom.alea('resample')
    for (let round = 0; round < 500; round++) {
      const values = Array.from({ length: 1 + (round % 12) }, () => {
        const value = Math.floor(random() * 6)
        return value === 5 ? NaN : value
      })
      const times = new Uint32Array(values.length)
      const repeated: number[] = []
      for (const _ of values) {
        const i = Math.floor(random() * values.length)
        times[i]++
        repeated.push(values[i])
      }
      const q = random()
      expect(resampledQuantile(values, q).evaluate(times)).toBeCloseTo(quantile(repeated, q), 12)
    }
  })
})

describe('pairedBootstrap', () => {
  it('comes close to the t interval where that holds', () => {
    const random = seedrandom.alea('normal')
    const noise = (): number => Array.from({ length: 12 }, () => random()).reduce((a, b) => a + b, -6)
    const first = Array.from({ length: 400 }, () => 100 * noise())
    const second = first.map((value) => value - 5 + noise())
    const t = pairedMeanDifference(first, second)
    const bootstrap = pairedBootstrap(resampledMean(first), resampledMean(second), seedrandom.alea('boot'))
    expect(bootstrap.estimate).toBeCloseTo(t.estimate, 10)
    expect(bootstrap.interval.low).toBeCloseTo(t.interval.low, 1)
    expect(bootstrap.interval.high).toBeCloseTo(t.interval.high, 1)
    // Unpaired, the noise of 100 would drown a difference of 5; paired, its interval is a fifth wide.
    expect(t.interval.high - t.interval.low).toBeLessThan(0.25)
  })

  it('gives the same interval for the same numbers', () => {
    const run = (seed: string) =>
      pairedBootstrap(resampledQuantile(SLEEP_FIRST, 0.5), resampledQuantile(SLEEP_SECOND, 0.5), seedrandom.alea(seed))
    expect(run('1')).toEqual(run('1'))
    expect(run('1').estimate).toBeCloseTo(quantile(SLEEP_FIRST, 0.5) - quantile(SLEEP_SECOND, 0.5), 12)
  })

  it('covers the true ratio of medians about as often as it says', () => {
    const random = seedrandom.alea('coverage')
    let covered = 0
    for (let round = 0; round < 200; round++) {
      const shared = Array.from({ length: 60 }, () => random())
      const first = shared.map((u) => 3 * (1 + u) + 0.1 * random())
      const second = shared.map((u) => 1 + u + 0.1 * random())
      const { interval } = pairedBootstrap(resampledQuantile(first, 0.5), resampledQuantile(second, 0.5), random, {
        compare: 'ratio',
        resamples: 400,
      })
      // Both medians are known: 4.5 + 0.05 over 1.5 + 0.05.
      if (interval.low <= 4.55 / 1.55 && 4.55 / 1.55 <= interval.high) covered++
    }
    expect(covered).toBeGreaterThan(180)
  })

  it('stays a number when both arms never finish', () => {
    const never = [NaN, NaN, NaN]
    const of = (values: number[]) => resampledQuantile(values, 0.5)
    expect(pairedBootstrap(of(never), of(never), seedrandom.alea('1')).interval).toEqual({ low: 0, high: 0 })
    const ratio = pairedBootstrap(of(never), of(never), seedrandom.alea('1'), { compare: 'ratio' })
    expect(ratio.estimate).toBe(1)
    expect(pairedBootstrap(of(never), of([1, 2, 3]), seedrandom.alea('1')).estimate).toBe(Infinity)
  })
})
