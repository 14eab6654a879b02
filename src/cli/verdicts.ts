// The lines that a gate prints: a mark, what was asked, what was found.

import type { Colors } from 'picocolors/types.js'
import { formatAmount } from './format.ts'
import type { Change, ChangeState } from './regression.ts'

/** Lines to print, and how many of each kind there are. */
export interface Verdicts {
  readonly lines: readonly string[]
  readonly passed: number
  readonly failed: number
  readonly undecided: number
}

/** What a gate says of one condition. */
export type Verdict = 'passed' | 'failed' | 'undecided'

/** The mark at the head of a line; its meaning does not hang on the colour. */
export function mark(verdict: Verdict, paint: Colors): string {
  const marks = { passed: paint.green('✓'), failed: paint.red('✗'), undecided: paint.yellow('?') }
  return marks[verdict]
}

const VERDICT: Readonly<Record<ChangeState, Verdict>> = {
  same: 'passed',
  within: 'passed',
  worse: 'failed',
  undecided: 'undecided',
  missing: 'undecided',
}

/** One line for each column that got worse or may have; those that did not only on request. */
export function formatChanges(changes: readonly Change[], paint: Colors, all: boolean): Verdicts {
  const counts = { passed: 0, failed: 0, undecided: 0 }
  const lines: string[] = []
  const severalWorkloads = new Set(changes.map(({ workload }) => workload)).size > 1
  for (const change of changes) {
    const verdict = VERDICT[change.state]
    counts[verdict]++
    if (verdict === 'passed' && !all) continue
    const name = severalWorkloads ? `${change.arm} ${change.workload}` : change.arm
    lines.push(`  ${mark(verdict, paint)} ${name}: ${describeChange(change)}`)
  }
  return { lines, ...counts }
}

function describeChange(change: Change): string {
  const { column, state, difference, low, high, limit } = change
  if (state === 'missing') return 'in the baseline, but not in these results'
  const name = column === 'complete' ? 'complete %' : `${column} mean`
  if (state === 'same') return `${name} ${formatAmount(change.after)}, the same`
  const interval = `${signed(difference)} [${signed(low)}, ${signed(high)}]`
  const from = `${formatAmount(change.before)} -> ${formatAmount(change.after)}`
  const text = `${name} ${from}: ${interval}, limit ${formatAmount(limit)}`
  if (state !== 'undecided') return text
  const needs = change.runsNeeded === undefined ? '' : `, needs about ${formatAmount(change.runsNeeded)} seeds`
  return `${text}: undecided${needs}`
}

function signed(value: number): string {
  return value > 0 ? `+${formatAmount(value)}` : formatAmount(value)
}
