// IntOrString, after apimachinery/pkg/util/intstr (v0.36).

import type { IntOrString } from './types.ts'

const percentage = /^(\d+)%$/

/** The number before the `%`, or undefined if the value is not a percentage. */
export function percentOf(value: IntOrString): number | undefined {
  const parts = typeof value === 'string' ? percentage.exec(value) : null
  return parts === null ? undefined : Number(parts[1])
}

/**
 * Resolves an integer or percentage against `total`, in pods. A percentage is taken in double arithmetic and rounded
 * up or down to a whole number (25% of 10: 3 up, 2 down), as GetScaledValueFromIntOrPercent does. Throws a RangeError
 * on a string that is not a percentage, which validation refuses.
 */
export function resolveIntOrPercent(value: IntOrString, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value
  const percent = percentOf(value)
  if (percent === undefined) throw new RangeError(`not an integer or percentage: ${JSON.stringify(value)}`)
  const exact = (percent * total) / 100
  return roundUp ? Math.ceil(exact) : Math.floor(exact)
}
