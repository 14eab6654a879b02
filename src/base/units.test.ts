import { describe, expect, it } from 'vitest'
import { InputError } from './errors.ts'
import { formatDuration, formatSeconds, parseDuration } from './units.ts'

describe('parseDuration', () => {
  it.each([
    ['0s', 0],
    ['0', 0],
    ['10m', 600_000_000],
    ['1.5s', 1_500_000],
    ['.5s', 500_000],
    ['250ms', 250_000],
    ['1h30m', 5_400_000_000],
    ['1m0.5s', 60_500_000],
    ['7us', 7],
    ['7µs', 7],
    ['0.1s', 100_000],
    ['1.0000004s', 1_000_000],
  ])('%s is %d microseconds', (text, us) => {
    expect(parseDuration(text)).toBe(us)
  })

  it.each([
    ['-5s', 'cannot be negative'],
    ['5', 'write "5s" or "5m"'],
    ['', 'expected a duration'],
    ['5 s', 'expected a duration'],
    ['5sec', 'expected a duration'],
    ['1d', 'expected a duration'],
    ['s', 'expected a duration'],
    ['10m ', 'expected a duration'],
    ['99999999999h', 'too long'],
  ])('refuses %j and says what to write', (text, message) => {
    expect(() => parseDuration(text)).toThrow(InputError)
    expect(() => parseDuration(text)).toThrow(message)
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [12, '12us'],
    [250_000, '250ms'],
    [999_600, '1s'],
    [31_440_000, '31.4s'],
    [59_960_000, '1m'],
    [104_000_000, '1m44s'],
    [600_000_000, '10m'],
    [3_599_700_000, '1h'],
    [5_400_000_000, '1h30m'],
    [-4_800_000, '-4.8s'],
    [Infinity, 'never'],
    [NaN, '-'],
  ])('%d microseconds read %s', (us, text) => {
    expect(formatDuration(us)).toBe(text)
  })
})

describe('formatSeconds', () => {
  it('keeps the decimals asked for', () => {
    expect(formatSeconds(41_000_000)).toBe('41.000')
    expect(formatSeconds(41_250_000, 1)).toBe('41.3')
  })
})
