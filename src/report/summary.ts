// What the runs of each arm say together: shares, means, quantiles, their intervals, and paired differences.
//
// Runs that are not complete count as infinite in the quantiles of rolloutSeconds, and leave it without a mean.

import type { Response } from '../metrics/types.ts'
import { RESPONSES } from '../metrics/types.ts'
import type { Interval } from '../statistics/interval.ts'
import { CONFIDENCE, meanInterval, proportionInterval } from '../statistics/interval.ts'
import type { Estimate } from '../statistics/paired.ts'
import { quantileSorted, sortForQuantiles } from '../statistics/quantile.ts'
import { summarise } from '../statistics/summary.ts'
import { estimateQuantile } from './estimates.ts'
import { meanDifference, medianDifference } from './pairing.ts'
import type { ArmName, Results, RunGroup } from './results.ts'

/** The quantiles that are reported, by the names users write. */
export const QUANTILES = { p5: 0.05, p50: 0.5, p95: 0.95, p99: 0.99, 'p99.9': 0.999 } as const

export type QuantileName = keyof typeof QUANTILES

/** One response over the runs of one arm and workload, in the unit of the response. */
export interface ResponseSummary {
  /** Runs that have a value; 0 where the response does not apply. */
  readonly runs: number
  /** Undefined where a run has no finite value. */
  readonly mean: Estimate | undefined
  /** NaN without a mean, and below two runs. */
  readonly sd: number
  readonly quantiles: Readonly<Record<QuantileName, Estimate>>
  /** Of the runs that were made; says nothing about those that were not. */
  readonly max: number
  /** Runs in which it is not 0, with the interval of their share (0 to 1). */
  readonly nonZero: Share
}

/** Runs with a property among all runs. */
export interface Share {
  readonly count: number
  readonly share: number
  readonly interval: Interval
}

/** An arm less the reference arm, seed by seed. */
export interface PairedSummary {
  readonly pairs: number
  /** Mean of the differences; undefined where a run has no finite value. */
  readonly mean: Estimate | undefined
  /** Median of the differences. */
  readonly median: Estimate
}

/** One arm and workload. */
export interface GroupSummary {
  readonly arm: string
  readonly label: string
  readonly workload: string
  readonly runs: number
  readonly complete: Share
  readonly responses: Readonly<Record<Response, ResponseSummary>>
  /** Against the reference arm; undefined for the reference itself, and without a common seed. */
  readonly differences: Readonly<Record<Response, PairedSummary>> | undefined
}

/** All arms of a results folder. */
export interface Summary {
  readonly scenario: string
  /** The arm that the others are compared with. */
  readonly reference: string
  readonly confidence: number
  readonly workloads: readonly string[]
  /** Ordered by arm, then workload. */
  readonly groups: readonly GroupSummary[]
}

/** How to summarise; the reference is the first arm and the confidence 0.95 unless said otherwise. */
export interface SummaryOptions {
  readonly reference?: string
  readonly confidence?: number
}

/** Summarises every arm and workload of some results. Deterministic: no resampling. */
export function summariseResults(results: Results, options: SummaryOptions = {}): Summary {
  const confidence = options.confidence ?? CONFIDENCE
  const reference = options.reference ?? results.arms[0]?.name ?? ''
  const groups = results.groups.map((group) => {
    const base = results.groups.find(({ arm, workload }) => arm === reference && workload === group.workload)
    return summariseGroup(group, base === group ? undefined : base, results.arms, confidence)
  })
  return { scenario: results.scenario, reference, confidence, workloads: results.workloads, groups }
}

function summariseGroup(
  group: RunGroup,
  base: RunGroup | undefined,
  arms: readonly ArmName[],
  confidence: number,
): GroupSummary {
  const runs = group.seeds.length
  const complete = group.outcomes.reduce((count, code) => count + (code === 0 ? 1 : 0), 0)
  return {
    arm: group.arm,
    label: arms.find(({ name }) => name === group.arm)?.label ?? group.arm,
    workload: group.workload,
    runs,
    complete: shareOf(complete, runs, confidence),
    responses: byResponse((response) => summariseResponse(group.responses[response], confidence)),
    differences: base && byResponse((response) => summariseDifference(group, base, response, confidence)),
  }
}

function byResponse<Value>(make: (response: Response) => Value): Record<Response, Value> {
  return Object.fromEntries(RESPONSES.map((response) => [response, make(response)])) as Record<Response, Value>
}

/** Summarises the values of one response, one per run; Infinity means never, and NaN is left out: no value. */
export function summariseResponse(all: Float64Array, confidence: number): ResponseSummary {
  const values = all.filter((value) => !Number.isNaN(value))
  if (values.length === 0) return NO_VALUES
  const sorted = sortForQuantiles(values)
  const max = quantileSorted(sorted, 1)
  const summary = Number.isFinite(max) ? summarise(values) : undefined
  const quantiles = Object.fromEntries(
    Object.entries(QUANTILES).map(([name, q]) => [name, estimateQuantile(sorted, q, confidence)]),
  )
  const nonZero = values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0)
  return {
    runs: values.length,
    mean: summary && { estimate: summary.mean, interval: notNegative(meanInterval(summary, confidence)) },
    sd: summary?.sd ?? NaN,
    quantiles: quantiles as Record<QuantileName, Estimate>,
    max,
    nonZero: shareOf(nonZero, values.length, confidence),
  }
}

const NOTHING: Estimate = { estimate: NaN, interval: { low: NaN, high: NaN } }

/** Of a response that applies to no run. */
const NO_VALUES: ResponseSummary = {
  runs: 0,
  mean: undefined,
  sd: NaN,
  quantiles: { p5: NOTHING, p50: NOTHING, p95: NOTHING, p99: NOTHING, 'p99.9': NOTHING },
  max: NaN,
  nonZero: { count: 0, share: NaN, interval: { low: NaN, high: NaN } },
}

function summariseDifference(group: RunGroup, base: RunGroup, response: Response, confidence: number): PairedSummary {
  const median = medianDifference(group, base, response, confidence)
  return { pairs: median.pairs, median, mean: meanDifference(group, base, response, confidence) }
}

function shareOf(count: number, runs: number, confidence: number): Share {
  return { count, share: runs === 0 ? NaN : count / runs, interval: proportionInterval(count, runs, confidence) }
}

/** No response is below 0, so neither is its mean. */
function notNegative({ low, high }: Interval): Interval {
  return { low: Math.max(0, low), high }
}
