import { describe, expect, it, test } from 'vitest'
import { readDistribution, readDuration, type PartProblem } from './distribution.ts'

test.each([
  ['4s', 4_000_000],
  ['250ms', 250_000],
  ['1.5s', 1_500_000],
  ['10m', 600_000_000],
  ['1h30m', 5_400_000_000],
  ['0s', 0],
  [0, 0],
])('%s is %d µs', (text, us) => {
  expect(readDuration(text)).toEqual({ value: us })
})

test.each([
  [5, 'a duration needs a unit'],
  ['5', 'a duration needs a unit'],
  ['-5s', 'a duration cannot be negative'],
  ['five', 'expected a duration such as'],
  ['', 'expected a duration such as'],
  ['9000h', 'is longer than a year'],
  [true, 'expected a duration such as'],
  [null, 'got nothing'],
])('%s is refused', (input, message) => {
  expect(readDuration(input)).toEqual({ wrong: expect.stringContaining(message) })
})

/** Reads a distribution and the problems with it. */
function read(input: unknown) {
  const problems: PartProblem[] = []
  const value = readDistribution(input, (problem) => problems.push(problem))
  return { value, problems }
}

test.each([
  ['4s', { type: 'fixed', us: 4_000_000 }],
  [{ fixed: '4s' }, { type: 'fixed', us: 4_000_000 }],
  ['never', { type: 'never' }],
  [{ uniform: ['3s', '9s'] }, { type: 'uniform', lowUs: 3_000_000, highUs: 9_000_000 }],
  [{ uniform: ['3s', '3s'] }, { type: 'uniform', lowUs: 3_000_000, highUs: 3_000_000 }],
  [{ lognormal: { median: '2s', p95: '6s' } }, { type: 'lognormal', medianUs: 2_000_000, p95Us: 6_000_000 }],
  [{ lognormal: { median: '0s', p95: '0s' } }, { type: 'fixed', us: 0 }],
  [{ exponential: { mean: '5s' } }, { type: 'exponential', meanUs: 5_000_000 }],
  [{ list: ['2s', 'never', '1s'] }, { type: 'list', entriesUs: [2_000_000, null, 1_000_000] }],
])('%j is read', (input, value) => {
  expect(read(input)).toEqual({ value, problems: [] })
})

describe('a wrong distribution', () => {
  it.each([
    [{ uniform: ['9s', '3s'] }, ['uniform'], 'swap them'],
    [{ uniform: ['x', '3s'] }, ['uniform', 0], 'expected a duration'],
    [{ lognormal: { median: '9s', p95: '3s' } }, ['lognormal'], 'p95 must not be below the median'],
    [{ lognormal: { median: '0s', p95: '3s' } }, ['lognormal', 'median'], 'must be above 0s'],
    [{ exponential: { mean: 3 } }, ['exponential', 'mean'], 'needs a unit'],
    [{ list: ['1s', 'nevr'] }, ['list', 1], 'expected a duration'],
    [{ fixed: '-1s' }, ['fixed'], 'negative'],
    [7, [], 'needs a unit'],
  ])('%j has one problem, at its part', (input, path, message) => {
    expect(read(input).problems).toEqual([{ path, message: expect.stringContaining(message) }])
  })
})
