import { expect, test } from 'vitest'
import { makeResults } from '../../test/report/madeResults.ts'
import { summariseResults } from './summary.ts'

const count = (length: number): number[] => Array.from({ length }, (_, index) => index + 1)

test('means, quantiles and their intervals are those of textbooks', () => {
  const [group] = summariseResults(makeResults({ only: { lostRequests: count(100) } })).groups
  const { mean, sd, quantiles, max, nonZero } = group.responses.lostRequests
  // Mean 50.5, sd 29.0115, t(0.975, 99) = 1.98422.
  expect(mean?.estimate).toBe(50.5)
  expect(sd).toBeCloseTo(29.0115, 4)
  expect(mean?.interval.low).toBeCloseTo(50.5 - 1.98422 * 2.90115, 3)
  expect(quantiles.p50.estimate).toBe(50.5)
  // Order statistics 40 and 61 enclose the median of 100 values (David and Nagaraja, table of distribution-free intervals).
  expect(quantiles.p50.interval).toEqual({ low: 40, high: 61 })
  expect(quantiles.p99.interval.high).toBe(Infinity)
  expect([max, nonZero.count, nonZero.share]).toEqual([100, 100, 1])
})

test('a run that is not complete counts as infinite, and leaves no mean', () => {
  const rolloutSeconds = [...count(93), ...Array.from({ length: 7 }, () => Infinity)]
  const [group] = summariseResults(makeResults({ only: { rolloutSeconds } })).groups
  expect(group.complete).toMatchObject({ count: 93, share: 0.93 })
  expect(group.responses.rolloutSeconds.mean).toBeUndefined()
  expect(group.responses.rolloutSeconds.quantiles.p50.estimate).toBe(50.5)
  expect(group.responses.rolloutSeconds.quantiles.p95.estimate).toBe(Infinity)
  expect(group.responses.lostRequests.mean?.estimate).toBe(0)
})

test('arms are compared seed by seed with the first one', () => {
  const results = makeResults({
    slow: { rolloutSeconds: [30, 50, 40, 60, 80, 70, 90], lostRequests: 5 },
    fast: { rolloutSeconds: [20, 40, 30, 50, 70, 60, 80], lostRequests: 7 },
    stuck: { rolloutSeconds: [30, 50, 40, 60, Infinity, Infinity, Infinity] },
  })
  const [slow, fast, stuck] = summariseResults(results).groups
  expect(slow.differences).toBeUndefined()
  expect(fast.differences?.rolloutSeconds.mean).toEqual({ estimate: -10, interval: { low: -10, high: -10 } })
  expect(fast.differences?.rolloutSeconds.median).toMatchObject({ estimate: -10, pairs: 7 })
  expect(fast.differences?.lostRequests.median.estimate).toBe(2)
  expect(stuck.differences?.rolloutSeconds.mean).toBeUndefined()
  expect(stuck.differences?.rolloutSeconds.median).toMatchObject({ estimate: 0, interval: { low: 0, high: Infinity } })
  expect(summariseResults(results, { reference: 'fast' }).groups[0].differences?.rolloutSeconds.median.estimate).toBe(
    10,
  )
})

test('only common seeds are compared', () => {
  const results = makeResults({ a: { lostRequests: [1, 2, 3] }, b: { lostRequests: [10, 20, 30, 40] } })
  const shifted = {
    ...results,
    groups: [results.groups[0], { ...results.groups[1], seeds: Float64Array.of(2, 3, 4, 5) }],
  }
  expect(summariseResults(shifted).groups[1].differences?.lostRequests).toMatchObject({
    pairs: 2,
    mean: { estimate: (8 + 17) / 2 },
  })
})
