// Judges thresholds. What is measured is an estimate, so there are three answers: an interval that lies wholly on one side
// of the limit passes or fails, one that straddles it is undecided.

import type { Interval } from '../statistics/interval.ts'
import { CONFIDENCE, meanInterval, proportionInterval } from '../statistics/interval.ts'
import { judgeInterval, RELATIONS } from '../statistics/judgement.ts'
import { quantileSorted, sortForQuantiles } from '../statistics/quantile.ts'
import { summarise } from '../statistics/summary.ts'
import type { Threshold } from '../sweep/types.ts'
import { estimateQuantile } from './estimates.ts'
import type { Results, RunGroup } from './results.ts'

export type ThresholdState = 'passed' | 'failed' | 'undecided'

/** One threshold for one arm and workload. Numbers are in the unit of the column. */
export interface JudgedThreshold {
  readonly threshold: Threshold
  readonly arm: string
  readonly workload: string
  readonly state: ThresholdState
  readonly runs: number
  /** Infinity where rollouts never end, or a mean would need those that never end. */
  readonly value: number
  /** Of the maximum: what was seen, as no sample bounds it. */
  readonly interval: Interval
  /** Upper bound of the share of runs that break the limit, 0 to 1; only for thresholds that bound single runs (max, quantiles). */
  readonly breakingShareMax?: number
  /** Runs that would probably decide it; only where undecided. */
  readonly runsNeeded?: number
}

/**
 * Judges each threshold for each workload of its arm; `*` is every arm. An arm without runs gives nothing.
 *
 * @param confidence of the intervals: 0.95 means that one in twenty misses the true value
 */
export function judgeThresholds(
  thresholds: readonly Threshold[],
  results: Results,
  confidence: number = CONFIDENCE,
): JudgedThreshold[] {
  return thresholds.flatMap((threshold) => {
    const meant = results.groups.filter(
      ({ arm, workload }) =>
        (threshold.arm === '*' || threshold.arm === arm) &&
        (threshold.workload === undefined || threshold.workload === workload),
    )
    // Workloads to which the column does not apply are passed over where it applies to others.
    const applying = meant.filter((group) => valuesOf(threshold, group).length > 0)
    return (applying.length > 0 ? applying : meant).map((group) => judgeThreshold(threshold, group, confidence))
  })
}

/** The values of the threshold's column that there are. */
function valuesOf({ column }: Threshold, { responses }: RunGroup): Float64Array {
  const values = Object.entries(responses).find(([name]) => name === column)?.[1] ?? new Float64Array(0)
  return values.filter((value) => !Number.isNaN(value))
}

function judgeThreshold(threshold: Threshold, group: RunGroup, confidence: number): JudgedThreshold {
  const column = valuesOf(threshold, group)
  const runs = column.length
  const { value, interval } = measure(threshold.stat, column, confidence)
  const state = runs === 0 ? 'undecided' : judgeInterval(interval, threshold.op, threshold.value)
  const holds = RELATIONS[threshold.op]
  const breaking = column.filter((one) => !holds(one, threshold.value)).length
  const runsNeeded =
    state === 'undecided' && runs > 0 ? estimateRuns(threshold, runs, value, interval, confidence) : undefined
  return {
    threshold,
    arm: group.arm,
    workload: group.workload,
    state,
    runs,
    value,
    interval,
    ...(threshold.stat.type === 'mean'
      ? {}
      : { breakingShareMax: proportionInterval(breaking, runs, confidence).high }),
    ...(runsNeeded === undefined ? {} : { runsNeeded }),
  }
}

function measure(
  stat: Threshold['stat'],
  values: Float64Array,
  confidence: number,
): { value: number; interval: Interval } {
  if (values.length === 0) return { value: NaN, interval: { low: NaN, high: NaN } }
  const sorted = sortForQuantiles(values)
  const max = quantileSorted(sorted, 1)
  if (stat.type === 'max') return { value: max, interval: { low: max, high: max } }
  if (stat.type === 'quantile') {
    const { estimate, interval } = estimateQuantile(sorted, stat.q, confidence)
    return { value: estimate, interval }
  }
  if (!Number.isFinite(max)) return { value: Infinity, interval: { low: Infinity, high: Infinity } }
  const summary = summarise(values)
  return { value: summary.mean, interval: meanInterval(summary, confidence) }
}

/**
 * Runs that would probably decide it. A quantile without a bound needs enough runs to have one; else an interval shrinks
 * with the square root of the runs, until it is as short as the way to the limit.
 */
function estimateRuns(
  { stat, value: limit }: Threshold,
  runs: number,
  value: number,
  { low, high }: Interval,
  confidence: number,
): number | undefined {
  if (high === Infinity && stat.type === 'quantile') {
    return Math.ceil(Math.log((1 - confidence) / 2) / Math.log(stat.q))
  }
  const distance = Math.abs(value - limit)
  const reach = value > limit ? value - low : high - value
  if (distance === 0 || !Number.isFinite(reach / distance)) return undefined
  const ratio = reach / distance
  return Math.ceil(runs * ratio * ratio)
}
