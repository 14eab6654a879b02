// What an estimate says about a limit. An interval that lies wholly on one side of it decides; one that straddles it does not.

import type { Interval } from './interval.ts'

export type Relation = '==' | '!=' | '<' | '<=' | '>' | '>='

/** Whether every value of the interval keeps the limit, none does, or only some. */
export function judgeInterval({ low, high }: Interval, op: Relation, limit: number): 'passed' | 'failed' | 'undecided' {
  if (op === '==' || op === '!=') {
    const inside = low <= limit && limit <= high
    if (inside && low < high) return 'undecided'
    return inside === (op === '==') ? 'passed' : 'failed'
  }
  // The four others are monotonic: both ends decide for all that lies between.
  const lowHolds = RELATIONS[op](low, limit)
  if (lowHolds !== RELATIONS[op](high, limit)) return 'undecided'
  return lowHolds ? 'passed' : 'failed'
}

/** The relations as functions of one value. */
export const RELATIONS: Readonly<Record<Relation, (value: number, limit: number) => boolean>> = {
  '==': (value, limit) => value === limit,
  '!=': (value, limit) => value !== limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
}
