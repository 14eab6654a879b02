// One arm as a whole: what its workloads cost together, run by run.

import type { Estimate } from '../statistics/paired.ts'
import { sortForQuantiles } from '../statistics/quantile.ts'
import type { Response } from '../metrics/types.ts'
import { chooseCost, chooseTime, type Cost } from './cost.ts'
import { estimateQuantile } from './estimates.ts'
import type { Results, RunGroup } from './results.ts'

/** The runs of one arm over all its workloads, ordered by seed. */
export interface ArmTotals {
  readonly arm: string
  readonly label: string
  readonly seeds: Float64Array
  /** Until the last workload is done; Infinity if one never is. Where nothing is rolled out, the time on cordoned nodes. */
  readonly rolloutSeconds: Float64Array
  /** What is compared besides time. */
  readonly cost: Cost
  /** Requests lost by all workloads; of other costs the longest time of one of them. */
  readonly costs: Float64Array
  /** The longest time that one of its workloads was down. */
  readonly downtimeSeconds: Float64Array
  /** Runs that are done in the end. */
  readonly complete: number
  readonly rolloutMedian: Estimate
  readonly costP95: Estimate
}

/** Adds up the workloads of each arm, in the order of the arms. */
export function totalArms(results: Results, confidence: number): ArmTotals[] {
  const cost = chooseCost(results)
  const time = chooseTime(results)
  return results.arms.map(({ name, label }) => {
    const groups = results.groups.filter(({ arm }) => arm === name)
    const times = combine(groups, time, Math.max)
    const stuck = combine(groups, 'stuck', Math.max)
    const costs = combine(groups, cost.response, cost.unit === 'count' ? (sum, value) => sum + value : Math.max)
    return {
      arm: name,
      label,
      seeds: groups[0]?.seeds ?? new Float64Array(0),
      rolloutSeconds: times,
      cost,
      costs,
      downtimeSeconds: combine(groups, 'downtimeSeconds', Math.max),
      complete: times.filter((seconds, run) => Number.isFinite(seconds) && stuck[run] === 0).length,
      rolloutMedian: estimateQuantile(sortForQuantiles(times), 0.5, confidence),
      costP95: estimateQuantile(sortForQuantiles(costs), 0.95, confidence),
    }
  })
}

function combine(
  groups: readonly RunGroup[],
  response: Response,
  add: (total: number, value: number) => number,
): Float64Array {
  // Workloads to which it does not apply have nothing to add.
  const columns = groups.map((group) => group.responses[response].map((value) => (Number.isNaN(value) ? 0 : value)))
  const [first, ...others] = columns
  if (first === undefined) return new Float64Array(0)
  return first.map((value, run) => others.reduce((total, other) => add(total, other[run] ?? 0), value))
}
