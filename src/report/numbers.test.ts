import { expect, test } from 'vitest'
import type { Unit } from './numbers.ts'
import {
  formatCount,
  formatDifference,
  formatEstimate,
  formatShare,
  formatShareMax,
  formatValue,
  isBelow,
} from './numbers.ts'

test.each<[number, Unit, string]>([
  [0, 'seconds', '0s'],
  [0.25, 'seconds', '250ms'],
  [31.42, 'seconds', '31.4s'],
  [104, 'seconds', '1m44s'],
  [Infinity, 'seconds', 'never'],
  [NaN, 'count', '-'],
  [15_702.4, 'count', '15,702'],
  [1_234_567, 'count', '1,234,567'],
  [0.2534, 'count', '0.25'],
  [80, 'percent', '80 %'],
])('%d as %s is %s', (value, unit, text) => {
  expect(formatValue(value, unit)).toBe(text)
})

test.each<[number, number, number, Unit, string]>([
  [31.4, 30.9, 32, 'seconds', '31.4s ±0.6'],
  [31.4, 31.39, 31.41, 'seconds', '31.4s ±0.1'],
  [104, 102, 105.5, 'seconds', '1m44s ±2s'],
  [0.05, 0.04, 0.06, 'seconds', '50ms ±10ms'],
  [15_702, 15_392, 15_900, 'count', '15,702 ±310'],
  [7, 7, 7, 'count', '7'],
  [2000, 2000, 2000 + 2.3e-13, 'count', '2,000'],
  [7, 0, Infinity, 'count', '7 ±?'],
  [Infinity, 20, Infinity, 'seconds', 'never'],
])('the estimate %d [%d, %d] in %s is %s', (estimate, low, high, unit, text) => {
  expect(formatEstimate({ estimate, interval: { low, high } }, unit)).toBe(text)
})

test('differences have a sign', () => {
  expect(formatDifference({ estimate: 91, interval: { low: 89, high: 93 } }, 'seconds')).toBe('+1m31s ±2s')
  expect(formatDifference({ estimate: -4.8, interval: { low: -5.3, high: -4.3 } }, 'seconds')).toBe('-4.8s ±0.5')
  expect(formatDifference({ estimate: 0, interval: { low: 0, high: 0 } }, 'count')).toBe('0')
})

test('shares never look better than they are', () => {
  expect(formatShare(0.9999)).toBe('99.9 %')
  expect(formatShare(1)).toBe('100 %')
  expect(formatShareMax(0.00362)).toBe('0.37 %')
  expect(formatShareMax(0.0112)).toBe('1.2 %')
  expect(formatCount(-1234)).toBe('-1,234')
})

test('rounding makes no difference', () => {
  expect(isBelow(2000, 2000 + 2.3e-13)).toBe(false)
  expect(isBelow(2000, 2000.1)).toBe(true)
  expect(isBelow(0, 1e-12)).toBe(true)
  expect(isBelow(1, Infinity)).toBe(true)
  expect(isBelow(Infinity, Infinity)).toBe(false)
})
