// One arm as a whole: what its workloads cost together, run by run.

import type { Estimate } from '../statistics/paired.ts'
import { sortForQuantiles } from '../statistics/quantile.ts'
import { estimateQuantile } from './estimates.ts'
import type { Results, RunGroup } from './results.ts'

/** The runs of one arm over all its workloads, ordered by seed. */
export interface ArmTotals {
  readonly arm: string
  readonly label: string
  readonly seeds: Float64Array
  /** Until the last workload is done; Infinity if one never is. */
  readonly rolloutSeconds: Float64Array
  /** Requests lost by all workloads. */
  readonly lostRequests: Float64Array
  /** The longest time that one of its workloads was down. */
  readonly downtimeSeconds: Float64Array
  readonly complete: number
  readonly rolloutMedian: Estimate
  readonly lostMedian: Estimate
  readonly lostP95: Estimate
}

/** Adds up the workloads of each arm, in the order of the arms. */
export function totalArms(results: Results, confidence: number): ArmTotals[] {
  return results.arms.map(({ name, label }) => {
    const groups = results.groups.filter(({ arm }) => arm === name)
    const rolloutSeconds = combine(groups, 'rolloutSeconds', Math.max)
    const lostRequests = combine(groups, 'lostRequests', (sum, value) => sum + value)
    const lost = sortForQuantiles(lostRequests)
    return {
      arm: name,
      label,
      seeds: groups[0]?.seeds ?? new Float64Array(0),
      rolloutSeconds,
      lostRequests,
      downtimeSeconds: combine(groups, 'downtimeSeconds', Math.max),
      complete: rolloutSeconds.filter(Number.isFinite).length,
      rolloutMedian: estimateQuantile(sortForQuantiles(rolloutSeconds), 0.5, confidence),
      lostMedian: estimateQuantile(lost, 0.5, confidence),
      lostP95: estimateQuantile(lost, 0.95, confidence),
    }
  })
}

function combine(
  groups: readonly RunGroup[],
  response: 'rolloutSeconds' | 'lostRequests' | 'downtimeSeconds',
  add: (total: number, value: number) => number,
): Float64Array {
  const [first, ...others] = groups.map((group) => group.responses[response])
  if (first === undefined) return new Float64Array(0)
  return first.map((value, run) => others.reduce((total, other) => add(total, other[run] ?? 0), value))
}
