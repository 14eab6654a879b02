// Numbers of results as people read them: few digits, the unit, and how sure they are. Independent of the locale.

import { formatDuration } from '../base/units.ts'
import type { Estimate } from '../statistics/paired.ts'

const US_PER_SECOND = 1_000_000

/** How a response is counted. */
export type Unit = 'seconds' | 'count' | 'percent'

/** What rounding in sums of floating-point numbers may amount to beside a value: not a difference. */
function tinyBeside(value: number): number {
  return 1e-9 * Math.abs(value)
}

/** Whether a is less than b by more than rounding. */
export function isBelow(a: number, b: number): boolean {
  return a < b && b - a > tinyBeside(a)
}

/** A plain value: `1m44s`, `15,702`, `80 %`; Infinity is `never`, NaN `-`. */
export function formatValue(value: number, unit: Unit): string {
  if (Number.isNaN(value)) return '-'
  if (!Number.isFinite(value)) return value > 0 ? 'never' : '-never'
  if (unit === 'seconds') return formatDuration(Math.round(value * US_PER_SECOND))
  return unit === 'percent' ? `${formatCount(value)} %` : formatCount(value)
}

/** A value with the half of its interval: `31.4s ±0.6`, `15,702 ±310`; `±?` where there are too few runs for an interval. */
export function formatEstimate({ estimate, interval }: Estimate, unit: Unit): string {
  const text = formatValue(estimate, unit)
  const half = Math.max(interval.high - estimate, estimate - interval.low)
  if (!Number.isFinite(estimate) || half <= tinyBeside(estimate)) return text
  if (!Number.isFinite(half)) return `${text} ±?`
  return `${text} ±${formatHalf(half, estimate, unit)}`
}

/** The half of an interval, as precise as the value beside it. */
function formatHalf(half: number, estimate: number, unit: Unit): string {
  if (unit !== 'seconds') return formatCount(half)
  if (Math.abs(estimate) < 1) return formatDuration(Math.ceil(half * 1000 - 1e-6) * 1000)
  if (Math.abs(estimate) < 60) return Number(half.toFixed(1)) === 0 ? '0.1' : half.toFixed(1)
  return half < 1 ? '1s' : formatDuration(Math.ceil(half) * US_PER_SECOND)
}

/** A difference with its sign: `+1m31s ±2s`, `0s`. */
export function formatDifference(difference: Estimate, unit: Unit): string {
  const sign = difference.estimate > 0 ? '+' : ''
  return `${sign}${formatEstimate(difference, unit)}`
}

/** A share from 0 to 1 as percent, rounded up so that a bound stays one: `0.4 %`. */
export function formatShareMax(share: number): string {
  const percent = share * 100
  const step = percent < 1 ? 100 : 10
  return `${Math.ceil(percent * step) / step} %`
}

/** A share from 0 to 1 as percent that reaches 100 only if all have it: `99.9 %`. */
export function formatShare(share: number): string {
  return `${Math.floor(share * 1000) / 10} %`
}

/** A number with separators: `15,702`; small ones keep two digits: `0.25`. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '-' : value > 0 ? '∞' : '-∞'
  if (value < 0) return `-${formatCount(-value)}`
  if (value > 0 && value < 0.01) return '<0.01'
  if (value < 10) return String(Number(value.toPrecision(2)))
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
}
