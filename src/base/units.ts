// Units of virtual time. Inside the simulation time is an integer number of microseconds.

import { InputError } from './errors.ts'

export const US_PER_MS = 1_000
export const US_PER_SECOND = 1_000_000
export const US_PER_MINUTE = 60 * US_PER_SECOND
export const US_PER_HOUR = 60 * US_PER_MINUTE

const US_PER_UNIT: Readonly<Record<string, number>> = {
  us: 1,
  µs: 1,
  μs: 1,
  ms: US_PER_MS,
  s: US_PER_SECOND,
  m: US_PER_MINUTE,
  h: US_PER_HOUR,
}

const DURATION = /^(?:0|(?:(?:\d+\.?\d*|\.\d+)(?:us|µs|μs|ms|s|m|h))+)$/
const DURATION_PART = /(\d+\.?\d*|\.\d+)(us|µs|μs|ms|s|m|h)/g

/**
 * Reads a duration as Go and kubectl write it: `10m`, `1.5s`, `250ms`, `1h30m`, `0s`.
 *
 * @returns microseconds, an integer: parts of a microsecond are rounded
 * @throws InputError if the text is not a duration, is negative, or is too long to count in microseconds
 */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) throw new InputError([{ severity: 'error', message: describeBadDuration(text) }])
  let us = 0
  for (const [, amount, unit] of text.matchAll(DURATION_PART)) {
    us += Number(amount) * (US_PER_UNIT[unit as string] as number)
  }
  us = Math.round(us)
  if (!Number.isSafeInteger(us)) {
    throw new InputError([{ severity: 'error', message: `"${text}" is too long for a duration` }])
  }
  return us
}

function describeBadDuration(text: string): string {
  if (text.startsWith('-')) return `a duration cannot be negative, got "${text}"`
  if (/^\d+(\.\d+)?$/.test(text)) return `a duration needs a unit, got "${text}"; write "${text}s" or "${text}m"`
  return `expected a duration such as "10m", "1.5s" or "250ms", got "${text}"`
}

/**
 * Writes a duration for people, as kubectl does, with as many digits as one reads: `250ms`, `31.4s`, `1m44s`, `1h30m`.
 *
 * @param us microseconds; may be negative (a difference), infinite (`never`) or NaN (`-`)
 */
export function formatDuration(us: number): string {
  if (Number.isNaN(us)) return '-'
  if (us < 0) return `-${formatDuration(-us)}`
  if (us === Infinity) return 'never'
  if (us < US_PER_MS) return us === 0 ? '0s' : `${Math.round(us)}us`
  const ms = Math.round(us / US_PER_MS)
  if (ms < 1_000) return `${ms}ms`
  const tenths = Math.round(us / (US_PER_SECOND / 10))
  if (tenths < 600) return `${tenths / 10}s`
  const seconds = Math.round(us / US_PER_SECOND)
  if (seconds < 3_600) return joinParts(Math.floor(seconds / 60), 'm', seconds % 60, 's')
  const minutes = Math.round(us / US_PER_MINUTE)
  return joinParts(Math.floor(minutes / 60), 'h', minutes % 60, 'm')
}

function joinParts(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large}${largeUnit}` : `${large}${largeUnit}${small}${smallUnit}`
}

/** Writes microseconds as seconds with a fixed number of decimals, for tables and traces: `41.000`. */
export function formatSeconds(us: number, decimals = 3): string {
  return (us / US_PER_SECOND).toFixed(decimals)
}
