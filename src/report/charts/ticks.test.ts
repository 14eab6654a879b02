import { expect, test } from 'vitest'
import { durationTicks, powerTicks } from './ticks.ts'

test.each([
  [0.5, [0]],
  [8, [0, 1, 2, 3, 4, 5, 6, 7, 8]],
  [75, [0, 10, 20, 30, 40, 50, 60, 70]],
  [170, [0, 30, 60, 90, 120, 150]],
  [1200, [0, 300, 600, 900, 1200]],
  [90_000, [0, 14_400, 28_800, 43_200, 57_600, 72_000, 86_400]],
])('durations up to %d seconds', (max, ticks) => {
  expect(durationTicks(max)).toEqual(ticks)
})

test.each([
  [[0], [0, 1]],
  [
    [0, 0.4],
    [0, 1],
  ],
  [[7], [0, 1, 10]],
  [
    [0, 554, 43_469],
    [0, 10, 100, 1000, 10_000, 100_000],
  ],
  [[43_469], [0, 1000, 10_000, 100_000]],
])('powers for %j', (values, ticks) => {
  expect(powerTicks(values)).toEqual(ticks)
})
