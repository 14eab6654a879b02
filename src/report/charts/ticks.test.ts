import { expect, test } from 'vitest'
import { durationTicks, powerTicks, timeScale } from './ticks.ts'

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

test('durations that lie close together have a linear axis from 0', () => {
  const scale = timeScale([40, 100])
  expect(scale).toMatchObject({ type: 'linear', min: 0, max: 118, ticks: [0, 15, 30, 45, 60, 75, 90, 105] })
  expect(scale.place(59)).toBe(0.5)
})

test('durations that lie far apart have a logarithmic one', () => {
  const scale = timeScale([20, 90])
  expect(scale).toMatchObject({ type: 'log', ticks: [20, 30, 45, 60, 90] })
  expect(scale.place(Math.sqrt(20 * 90))).toBeCloseTo(0.5, 10)
})

test('no durations, or none above 0, have an axis too', () => {
  expect(timeScale([])).toMatchObject({ type: 'linear', min: 0 })
  expect(timeScale([0, 100])).toMatchObject({ type: 'linear', min: 0 })
})
