import { expect, it } from 'vitest'
import { summarise } from './summary.ts'

it('agrees with certified values', () => {
  // NIST Statistical Reference Datasets, NumAcc3: certified mean 1000000.2, standard deviation 0.1.
  const numAcc3 = [1_000_000.2, ...Array.from({ length: 1_000 }, (_, i) => (i % 2 === 0 ? 1_000_000.1 : 1_000_000.3))]
  const summary = summarise(numAcc3)
  expect(summary.count).toBe(1_001)
  expect(summary.mean).toBeCloseTo(1_000_000.2, 9)
  expect(summary.sd).toBeCloseTo(0.1, 9)
  expect([summary.min, summary.max]).toEqual([1_000_000.1, 1_000_000.3])
})

it('does not drift over many equal values', () => {
  expect(summarise(new Float64Array(1_000_000).fill(0.1)).mean).toBe(0.1)
})

it('says NaN where there is nothing to say', () => {
  expect(summarise([])).toEqual({ count: 0, mean: NaN, sd: NaN, min: NaN, max: NaN })
  expect(summarise([5])).toEqual({ count: 1, mean: 5, sd: NaN, min: 5, max: 5 })
})
