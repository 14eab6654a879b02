// What a checked claim says: read by the report and the command.

import type { Interval } from '../statistics/interval.ts'

/** True on every side, false on every side, or it depends; `?`: the runs do not decide it. */
export type ComputedVerdict = 'T' | 'F' | 'V' | '?'

export type Holding = 'holds' | 'fails' | 'undecided'

/** One assertion on one side. */
export interface JudgedAssertion {
  readonly text: string
  readonly outcome: Holding
  /** In how many runs it holds; of an assertion about a statistic: all or none. */
  readonly holding: number
  readonly runs: number
}

/** A number over the runs of a side: a mean with its interval, or a text that is the same in all runs. */
export type Reported =
  | { readonly type: 'number'; readonly value: number; readonly interval: Interval }
  /** Of conditions: in which share of the runs they hold. */
  | { readonly type: 'share'; readonly value: number; readonly interval: Interval }
  | { readonly type: 'text'; readonly text: string }

/** One scenario of a claim. */
export interface SideResult {
  readonly name: string
  readonly outcome: Holding
  readonly number: Reported
  readonly assertions: readonly JudgedAssertion[]
  readonly facts: readonly JudgedAssertion[]
  /** What the API server says, where the objects are not accepted. */
  readonly refusal?: string
}

/** The scenario with the mechanism switched off. */
export interface TwinResult extends SideResult {
  readonly without: string
  readonly of: string
  /** Whether its outcome is another than that of its side. */
  readonly changes: boolean
}

export interface ClaimResult {
  readonly id: string
  readonly claim: string
  readonly description: string
  readonly verdict: ComputedVerdict
  readonly expected: 'T' | 'F' | 'V'
  readonly unit: string
  readonly sides: readonly SideResult[]
  readonly twins: readonly TwinResult[]
  readonly passed: boolean
  /** Why it failed, one sentence each; empty if it passed. */
  readonly reasons: readonly string[]
}
