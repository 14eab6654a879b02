// How much worse than the baseline is still accepted: `5%` for every column, `COLUMN=1.5` or `COLUMN=10%` for one.

import type { Response } from '../metrics/types.ts'
import { RESPONSES } from '../metrics/types.ts'

/** Accepted worsening of one column. */
export type Tolerance =
  { readonly type: 'relative'; readonly share: number } | { readonly type: 'absolute'; readonly amount: number }

/** A response, or the share of complete rollouts in percent. */
export type JudgedColumn = Response | 'complete'

/** The tolerance of every column. */
export type Tolerances = (column: JudgedColumn) => Tolerance

const TOLERANCE_DEFAULT: Tolerance = { type: 'relative', share: 0.05 }

const COLUMNS: readonly string[] = [...RESPONSES, 'complete']

const GRAMMAR = /^(?:(?<column>[A-Za-z]+)=)?(?<amount>\d+(?:\.\d+)?)(?<percent>%)?$/

/** Reads the values of `--tolerance`; the last one that speaks of a column wins. Throws Error with what to write instead. */
export function parseTolerances(texts: readonly string[]): Tolerances {
  let general = TOLERANCE_DEFAULT
  // A rollout that does not complete is a failure, not a number that varies: no worsening unless asked for.
  const byColumn = new Map<string, Tolerance>([['complete', { type: 'absolute', amount: 0 }]])
  for (const text of texts) {
    const { column, amount, percent } = GRAMMAR.exec(text)?.groups ?? {}
    if (amount === undefined) throw new Error(`--tolerance must be 5%, COLUMN=5% or COLUMN=1.5, got "${text}"`)
    const tolerance: Tolerance =
      percent === undefined
        ? { type: 'absolute', amount: Number(amount) }
        : { type: 'relative', share: Number(amount) / 100 }
    if (column === undefined) {
      if (tolerance.type === 'absolute')
        throw new Error(`--tolerance ${text}: name the column, as in lostRequests=${text}`)
      general = tolerance
    } else if (COLUMNS.includes(column)) {
      byColumn.set(column, tolerance)
    } else {
      throw new Error(`--tolerance ${text}: no column "${column}"; the columns are ${COLUMNS.join(', ')}`)
    }
  }
  return (column) => byColumn.get(column) ?? general
}

/** The accepted worsening in the unit of the column, for a baseline value. */
export function toleratedAmount(tolerance: Tolerance, baseline: number): number {
  return tolerance.type === 'absolute' ? tolerance.amount : tolerance.share * Math.abs(baseline)
}
