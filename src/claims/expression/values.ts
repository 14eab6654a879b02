// What values are equal, larger or true, and what functions of values there are.

import type { ObjectRef, Value } from '../views/view.ts'
import type { Comparison } from './types.ts'

/** Whether a condition with this value holds: nothing, false, 0, an empty text and an empty list do not. */
export function isTrue(value: Value): boolean {
  return isList(value) ? value.length > 0 : Boolean(value)
}

/**
 * Compares two values. A set of objects counts as its size where it meets a number; another list holds against a single
 * value if it is not empty and each of its members does. Nothing equals only nothing, and is neither more nor less.
 */
export function compare(left: Value, op: Comparison, right: Value): boolean {
  if (isList(left) && isList(right)) return compareLists(left, op, right)
  if (isList(left)) {
    if (isSet(left, right)) return compare(left.length, op, right)
    return left.length > 0 && left.every((item) => compare(item, op, right))
  }
  if (isList(right)) {
    if (isSet(right, left)) return compare(left, op, right.length)
    return right.length > 0 && right.every((item) => compare(left, op, item))
  }
  if (op === '==' || op === '!=') return sameValue(left, right) === (op === '==')
  if (typeof left !== 'number' || typeof right !== 'number') return false
  switch (op) {
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

/** A value as a number, for arithmetic: sets count, conditions are 1 or 0, a list of one is its member. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (!isList(value)) return NaN
  if (value.every(isObject)) return value.length
  return value.length === 1 ? toNumber(value[0]) : NaN
}

/** Functions of one value. */
export const FUNCTIONS: Readonly<Record<string, (value: Value) => Value>> = {
  count: (value) => (isList(value) ? value.length : value === undefined ? 0 : 1),
  sum: (value) => numbers(value).reduce((sum, item) => sum + item, 0),
  highest: (value) => (numbers(value).length === 0 ? undefined : Math.max(...numbers(value))),
  lowest: (value) => (numbers(value).length === 0 ? undefined : Math.min(...numbers(value))),
  /** How many different values there are. */
  distinct: (value) => new Set(isList(value) ? value.map(textOf) : [textOf(value)]).size,
}

/** A value in words, for tables and messages. */
export function textOf(value: Value): string {
  if (value === undefined) return 'none'
  if (isList(value)) return `[${value.map(textOf).join(', ')}]`
  if (typeof value === 'object') return `${value.view.name} ${value.row}`
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value !== 'number') return value
  return Number.isNaN(value) ? 'never' : String(Number(value.toPrecision(6)))
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

export function isObject(value: Value): value is ObjectRef {
  return typeof value === 'object' && !isList(value)
}

/** `none`, `true` and `false` are words that values other than texts equal too. */
function sameValue(left: Value, right: Value): boolean {
  return left === right || named(left) === named(right)
}

function named(value: Value): Value {
  if (value === 'none') return undefined
  if (value === 'true' || value === 'yes') return true
  if (value === 'false' || value === 'no') return false
  return isObject(value) ? `${value.view.name} ${value.row}` : value
}

/** Where a list meets a number, and is not one of numbers. */
function isSet(list: readonly Value[], other: Value): boolean {
  return typeof other === 'number' && list.every(isObject)
}

function compareLists(left: readonly Value[], op: Comparison, right: readonly Value[]): boolean {
  if (left.every(isObject) && right.every(isObject) && left.length + right.length > 0)
    return compare(left.length, op, right.length)
  if (left.length === 1 && right.length === 1) return compare(left[0], op, right[0])
  if (op !== '==' && op !== '!=') return false
  const same = left.length === right.length && left.every((item, i) => compare(item, '==', right[i]))
  return same === (op === '==')
}

function numbers(value: Value): number[] {
  return (isList(value) ? value : [value]).filter((item) => typeof item === 'number')
}
