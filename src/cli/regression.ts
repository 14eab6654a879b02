// Compares new results with a baseline, column by column: is the new mean worse by more than is tolerated?
// The interval of the difference of two means is Student's over paired differences where both sides share seeds, else
// Welch's (B. L. Welch, Biometrika 34 (1947) 28-35); that of two shares is R. G. Newcombe's square-and-add (Statistics in
// Medicine 17 (1998) 873-890, method 10) over exact intervals of the shares.

import type { Response } from '../metrics/types.ts'
import { RESPONSES } from '../metrics/types.ts'
import { meanDifference } from '../report/pairing.ts'
import type { Results } from '../report/results.ts'
import type { Interval } from '../statistics/interval.ts'
import { meanInterval, proportionInterval } from '../statistics/interval.ts'
import type { Estimate } from '../statistics/paired.ts'
import type { Baseline, GroupBaseline } from './baseline.ts'
import { toBaseline } from './baseline.ts'
import type { JudgedColumn, Tolerances } from './tolerance.ts'
import { toleratedAmount } from './tolerance.ts'

/** `same` is bit-equal; `within` is not worse by more than the limit; the names of the rest say it. */
export type ChangeState = 'same' | 'within' | 'worse' | 'undecided' | 'missing'

/** One column of one arm and workload against its baseline. All numbers in the unit of the column. */
export interface Change {
  readonly arm: string
  readonly workload: string
  readonly column: JudgedColumn
  readonly state: ChangeState
  readonly before: number
  readonly after: number
  /** after - before. */
  readonly difference: number
  /** Interval of the difference at the confidence asked for. */
  readonly low: number
  readonly high: number
  /** Accepted worsening. */
  readonly limit: number
  /** Runs that would probably decide it; only where undecided. */
  readonly runsNeeded?: number
}

/** What a comparison needs beside the two sides. */
export interface ComparisonSettings {
  readonly tolerances: Tolerances
  /** Of the intervals of differences: 0.95 means that one in twenty misses the true difference. */
  readonly confidence: number
}

/** Columns in which less is worse; in all others more is. `requests` is an input, and a retry is neither good nor bad: not judged. */
const LESS_IS_WORSE: readonly string[] = ['minReadyPercent', 'answeredRequests', 'complete']
const NOT_JUDGED: readonly Response[] = ['requests', 'retriedRequests']

/** The stored side: a condensed baseline, and the runs themselves where a whole folder was given. */
export interface BaselineSide {
  readonly baseline: Baseline
  readonly runs?: Results
}

/** Compares every arm and workload of the baseline with the results. Arms that the baseline lacks are not judged. */
export function compareWithBaseline(side: BaselineSide, results: Results, settings: ComparisonSettings): Change[] {
  const condensed = toBaseline(results)
  return side.baseline.groups.flatMap((before) => {
    const isSame = (group: { arm: string; workload: string }) =>
      group.arm === before.arm && group.workload === before.workload
    const after = condensed.groups.find(isSame)
    const runsAfter = results.groups.find(isSame)
    if (after === undefined || runsAfter === undefined) return [missing(before)]
    const runsBefore = side.runs?.groups.find(isSame)
    const changes = RESPONSES.filter((response) => !NOT_JUDGED.includes(response)).map((response) =>
      compareResponse(
        before,
        after,
        response,
        runsBefore && meanDifference(runsAfter, runsBefore, response, settings.confidence),
        settings,
      ),
    )
    return [compareComplete(before, after, settings), ...changes].filter((change) => change !== undefined)
  })
}

function compareResponse(
  before: GroupBaseline,
  after: GroupBaseline,
  response: Response,
  paired: Estimate | undefined,
  { tolerances, confidence }: ComparisonSettings,
): Change | undefined {
  const old = before.responses[response]
  const fresh = after.responses[response]
  // Without a mean (a run that did not complete) the share complete is judged instead, in compareComplete.
  if (old?.mean === undefined || fresh?.mean === undefined) return undefined
  const limit = toleratedAmount(tolerances(response), old.mean)
  const change = { ...namesOf(before), column: response, before: old.mean, after: fresh.mean, limit }
  if (old.digest === fresh.digest) return { ...change, difference: 0, low: 0, high: 0, state: 'same' }
  const runs = Math.min(before.runs, after.runs)
  if (paired !== undefined) return judge({ ...change, difference: paired.estimate, ...paired.interval }, runs)
  const oldMean = { count: before.runs, mean: old.mean, sd: old.deviation ?? 0 }
  const freshMean = { count: after.runs, mean: fresh.mean, sd: fresh.deviation ?? 0 }
  const interval = welchInterval(oldMean, freshMean, confidence)
  return judge({ ...change, difference: fresh.mean - old.mean, ...interval }, runs)
}

interface Moments {
  readonly count: number
  readonly mean: number
  readonly sd: number
}

/** Interval of `after - before` for independent samples whose deviations may differ. */
function welchInterval(before: Moments, after: Moments, confidence: number): Interval {
  const difference = after.mean - before.mean
  if (before.count < 2 || after.count < 2) return { low: -Infinity, high: Infinity }
  const a = before.sd ** 2 / before.count
  const b = after.sd ** 2 / after.count
  if (a + b === 0) return { low: difference, high: difference }
  const degrees = (a + b) ** 2 / (a ** 2 / (before.count - 1) + b ** 2 / (after.count - 1))
  // The interval of a mean of (degrees + 1) values with this standard error has Welch's degrees of freedom.
  const count = degrees + 1
  return meanInterval({ count, mean: difference, sd: Math.sqrt((a + b) * count) }, confidence)
}

/** Fewer complete rollouts are worse. All numbers in percent. */
function compareComplete(before: GroupBaseline, after: GroupBaseline, settings: ComparisonSettings): Change {
  const old = shareOf(before, settings.confidence)
  const fresh = shareOf(after, settings.confidence)
  const limit = toleratedAmount(settings.tolerances('complete'), old.share)
  const change = { ...namesOf(before), column: 'complete' as const, before: old.share, after: fresh.share, limit }
  if (old.share === fresh.share && (old.share === 100 || before.runs === after.runs)) {
    return { ...change, difference: 0, low: 0, high: 0, state: 'same' }
  }
  const difference = fresh.share - old.share
  const low = difference - Math.hypot(fresh.share - fresh.low, old.high - old.share)
  const high = difference + Math.hypot(fresh.high - fresh.share, old.share - old.low)
  return judge({ ...change, difference, low, high }, Math.min(before.runs, after.runs))
}

function shareOf({ complete, runs }: GroupBaseline, confidence: number): { share: number } & Interval {
  const { low, high } = proportionInterval(complete, runs, confidence)
  return { share: (100 * complete) / runs, low: 100 * low, high: 100 * high }
}

function judge(change: Omit<Change, 'state'>, runs: number): Change {
  const sign = LESS_IS_WORSE.includes(change.column) ? -1 : 1
  const worst = sign > 0 ? change.high : -change.low
  const best = sign > 0 ? change.low : -change.high
  if (best > change.limit) return { ...change, state: 'worse' }
  if (worst <= change.limit) return { ...change, state: 'within' }
  const distance = Math.abs(sign * change.difference - change.limit)
  const half = (change.high - change.low) / 2
  const runsNeeded = Math.ceil(runs * (half / distance) ** 2)
  return { ...change, state: 'undecided', ...(Number.isFinite(runsNeeded) ? { runsNeeded } : {}) }
}

function missing(before: GroupBaseline): Change {
  const nothing = { before: NaN, after: NaN, difference: NaN, low: NaN, high: NaN, limit: NaN }
  return { ...namesOf(before), column: 'complete', ...nothing, state: 'missing' }
}

function namesOf(group: GroupBaseline): { arm: string; workload: string } {
  return { arm: group.arm, workload: group.workload }
}
