import { expect, test } from 'vitest'
import { RandomStreams } from '../kernel/random.ts'
import { LeaseTimes } from './leaseTimes.ts'

const rule = { type: 'renewedLease', durationUs: 15e6, retryUs: 2e6, release: true } as const

function draw(others: number, inOrder: boolean, release = true): number[] {
  const random = new RandomStreams()
  random.reset(1)
  const times = new LeaseTimes({ ...rule, release }, random.sequence('test'))
  return Array.from({ length: 20_000 }, () => times.electionUs(others, inOrder) / 1e6)
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

test('a leader that dies is missed for 13 to 23.8 s with one other, less with more', () => {
  const one = draw(1, false)
  expect(Math.min(...one)).toBeGreaterThan(13)
  expect(Math.max(...one)).toBeLessThan(23.8)
  // Its age is 1 s and its look 1.6 s after the renewal in the mean; the whole pauses overshoot 15 s by about half of one.
  expect(mean(one)).toBeGreaterThan(15)
  expect(mean(one)).toBeLessThan(18)
  expect(mean(draw(5, false))).toBeLessThan(mean(one))
})

test('a lease that is given up goes to the first who looks: half a pause of 3.2 s in the mean', () => {
  const one = draw(1, true)
  expect(Math.max(...one)).toBeLessThan(4.4)
  expect(mean(one)).toBeCloseTo(1.6, 1)
  expect(mean(draw(1, true, false))).toBeGreaterThan(15)
})
