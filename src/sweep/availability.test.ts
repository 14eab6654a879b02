import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fakeScenario } from '../../test/sweep/fakeScenario.ts'
import { AvailabilityCounts, quantileOf, windowSecondsOf } from './availability.ts'

test('a quantile is a value that some run had: the smallest that the share q does not exceed', () => {
  const percents = fc.array(fc.nat({ max: 100 }), { minLength: 1, maxLength: 60 })
  const property = fc.property(percents, fc.constantFrom(0.05, 0.5, 0.95, 1), (values, q) => {
    const counts = new Float64Array(101)
    for (const value of values) counts[value]++
    const sorted = values.toSorted((a, b) => a - b)
    expect(quantileOf(counts, q)).toBe(sorted[Math.ceil(q * sorted.length) - 1])
  })
  fc.assert(property, { seed: 1 })
})

test('counts of parts add up, and instants are seconds since the first step', () => {
  const counts = new AvailabilityCounts()
  for (let instant = 0; instant < 241; instant++) {
    counts.add(Uint32Array.of(instant * 101 + 80, 3))
    counts.add(Uint32Array.of(instant * 101 + 100, 1, instant * 101 + 80, 1))
  }
  const rows = [...counts.rows('recreate', 480)]
  expect(rows).toHaveLength(241)
  expect(rows[1]).toEqual(['recreate', 2, 80, 80, 100, 84])
  expect(rows[240]?.[1]).toBe(480)
})

test('a scenario without measured workloads has no rows', () => {
  expect([...new AvailabilityCounts().rows('recreate', 480)]).toEqual([])
})

test('the window runs from the first step to the horizon', () => {
  const scenario = fakeScenario(['recreate'])
  expect(windowSecondsOf(scenario)).toBe(1200)
  expect(windowSecondsOf({ ...scenario, timeline: [] })).toBe(1260)
})
