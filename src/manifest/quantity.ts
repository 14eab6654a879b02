// Quantities as Kubernetes reads them, after apimachinery/pkg/api/resource (v0.36). Kept as whole nano-units in a
// bigint, so that no suffix and no exponent loses a digit.

import type { Quantity } from './types.ts'

/** How a quantity was written, which decides how it is printed. */
type QuantityFormat = 'decimal' | 'binary' | 'exponent'

export interface ParsedQuantity {
  /** Billionths of the unit (core, byte, …); finer digits are rounded away from zero, as the API server does. */
  readonly nano: bigint
  readonly format: QuantityFormat
}

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const binaryExponents: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }

const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(n|u|m|k|[KMGTPE]i|[MGTPE]|[eE][+-]?\d+)?$/
/** More than any 64-bit quantity needs; keeps `1e999999999` from filling the memory. */
const exponentMax = 40
const nanoMax = (2n ** 63n - 1n) * 1_000_000_000n

/** Reads a quantity (`500m`, `1.5Gi`, `2e3`, 0.1). Returns undefined if it is not one. */
export function parseQuantity(value: Quantity): ParsedQuantity | undefined {
  const parts = pattern.exec(String(value))
  if (parts === null) return undefined
  const [, sign, whole = '', fraction = '', suffix = ''] = parts
  if (whole === '' && fraction === '') return undefined
  const digits = BigInt(whole + fraction)
  const shift = binaryExponents[suffix]
  const written = suffix.length > 1 && shift === undefined ? Number(suffix.slice(1)) : decimalExponents[suffix]
  const exponent = Math.min((written ?? 0) - fraction.length + 9, exponentMax + 9)
  const scaled = digits << (shift ?? 0n)
  const magnitude = exponent >= 0 ? scaled * 10n ** BigInt(exponent) : divideRoundingUp(scaled, exponent)
  const nano = magnitude > nanoMax ? nanoMax : magnitude
  const format = shift !== undefined ? 'binary' : written !== undefined && suffix.length > 1 ? 'exponent' : 'decimal'
  return { nano: sign === '-' ? -nano : nano, format }
}

/** Divides by a negative power of ten; an exponent below every digit leaves 0 or, rounded up, 1. */
function divideRoundingUp(magnitude: bigint, exponent: number): bigint {
  if (magnitude === 0n) return 0n
  if (-exponent > magnitude.toString().length) return 1n
  const divisor = 10n ** BigInt(-exponent)
  return (magnitude + divisor - 1n) / divisor
}

/** Reads a quantity that validation has accepted; throws a RangeError on anything else. */
function knownQuantity(value: Quantity): ParsedQuantity {
  const quantity = parseQuantity(value)
  if (quantity === undefined) throw new RangeError(`not a quantity: ${JSON.stringify(value)}`)
  return quantity
}

function roundedUp(nano: bigint, unit: bigint): number {
  const away = nano < 0n ? -(unit - 1n) : unit - 1n
  return Number((nano + away) / unit)
}

/** Thousandths of a core, rounded up. The value must be a valid quantity. */
export function cpuMillis(value: Quantity): number {
  return roundedUp(knownQuantity(value).nano, 1_000_000n)
}

/** Whole bytes (or any whole count, such as pods), rounded up. The value must be a valid quantity. */
export function bytes(value: Quantity): number {
  return roundedUp(knownQuantity(value).nano, 1_000_000_000n)
}

/** The value itself, nine digits after the point. The value must be a valid quantity. */
export function fraction(value: Quantity): number {
  return Number(knownQuantity(value).nano) / 1e9
}

/** Prints a quantity as the API server does: `0.5` as `500m`, `1024Mi` as `1Gi`. */
export function canonicalQuantity(value: Quantity): string {
  const { nano, format } = knownQuantity(value)
  if (nano === 0n) return '0'
  const magnitude = nano < 0n ? -nano : nano
  const sign = nano < 0n ? '-' : ''
  const unit = 1_000_000_000n
  if (format === 'binary' && magnitude % unit === 0n && magnitude >= 1024n * unit) {
    const whole = magnitude / unit
    const [suffix, shift] = Object.entries(binaryExponents).findLast(([, bits]) => whole % (1n << bits) === 0n) ?? [
      '',
      0n,
    ]
    return `${sign}${whole >> shift}${suffix}`
  }
  const [suffix, exponent] = Object.entries(decimalExponents).findLast(
    ([, power]) => magnitude % 10n ** BigInt(power + 9) === 0n,
  ) ?? ['n', -9]
  const text = String(magnitude / 10n ** BigInt(exponent + 9))
  return sign + text + (format === 'exponent' && exponent !== 0 ? `e${exponent}` : suffix)
}
