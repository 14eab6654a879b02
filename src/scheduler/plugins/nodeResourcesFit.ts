// After pkg/scheduler/framework/plugins/noderesources/{fit,least_allocated}.go, Kubernetes v1.36.

import type { NodeId } from '../../model/types.ts'
import type { NodeInfos } from '../nodeInfos.ts'
import { Reason } from '../reasons.ts'
import type { TemplatePlan } from '../templatePlans.ts'

/** Whether the free resources suffice; if not, whether the node could ever take such a pod (fitsRequest). */
export function filterResources(infos: NodeInfos, plan: TemplatePlan, node: NodeId): Reason {
  let reason: Reason = infos.podCount[node] + 1 > infos.podsMax[node] ? Reason.Resources : Reason.Fits
  if (plan.asksNothing) return reason
  const { requests } = plan
  for (let r = 0; r < requests.length; r++) {
    const asked = requests[r]
    if (asked === 0 || asked <= infos.allocatable[r][node] - infos.requested[r][node]) continue
    if (asked > infos.allocatable[r][node]) return Reason.ResourcesNever
    reason = Reason.Resources
  }
  return reason
}

/** What is lacking, in the API's words. */
export function lackingResources(infos: NodeInfos, plan: TemplatePlan, node: NodeId): string[] {
  const words = infos.podCount[node] + 1 > infos.podsMax[node] ? ['Too many pods'] : []
  plan.requests.forEach((asked, r) => {
    if (asked > 0 && asked > infos.allocatable[r][node] - infos.requested[r][node])
      words.push(`Insufficient ${infos.resources[r]}`)
  })
  return words
}

/** Whether a pod would fit on the node if nothing else ran there: the hint of a node that joins. */
export function fitsEmptyNode(infos: NodeInfos, plan: TemplatePlan, node: NodeId): boolean {
  if (infos.podsMax[node] < 1) return false
  return plan.requests.every((asked, r) => asked === 0 || asked <= infos.allocatable[r][node])
}

/**
 * LeastAllocated: the more of cpu and memory is free, the better, on a scale of 0 to 100 (leastResourceScorer). Pods count
 * with what they ask for, or the defaults for what they do not.
 *
 * 4000m and 16 GiB with pods of 1000m and 2 GiB in all, another of 500m and 1 GiB to come:
 * (4000 - 1500) x 100 / 4000 = 62, (16 - 3) x 100 / 16 = 81, score (62 + 81) / 2 = 71.
 */
export function scoreLeastAllocated(infos: NodeInfos, plan: TemplatePlan, node: NodeId): number {
  const { scoreCpuMillis, scoreMemoryBytes } = plan.scheduling
  const cpu = infos.allocatable[0][node]
  const memory = infos.allocatable[1][node]
  let sum = 0
  let weights = 0
  if (cpu > 0) {
    sum += leastRequestedScore(infos.scoreCpuMillis[node] + scoreCpuMillis, cpu)
    weights++
  }
  if (memory > 0) {
    sum += leastRequestedScore(infos.scoreMemoryBytes[node] + scoreMemoryBytes, memory)
    weights++
  }
  return weights === 0 ? 0 : Math.trunc(sum / weights)
}

/** Products stay below 2^53 up to 90 TB of memory. */
function leastRequestedScore(requested: number, capacity: number): number {
  return requested > capacity ? 0 : Math.trunc(((capacity - requested) * 100) / capacity)
}
