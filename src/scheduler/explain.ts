// Why a pod finds no node, in the API's words (framework FitError, Kubernetes v1.36). Worked out on demand, from the state
// at the time of asking: nothing of it is kept in a run.

import type { PodId } from '../cluster/pods.ts'
import type { NodeId } from '../model/types.ts'
import { lackingResources } from './plugins/nodeResourcesFit.ts'
import type { PodPlan } from './podPlans.ts'
import { MEANINGS, Reason } from './reasons.ts'
import type { Scheduler } from './scheduler.ts'

/**
 * The message of the condition PodScheduled of a pod that fits nowhere now: `0/4 nodes are available: 1 node(s) had
 * untolerated taint(s), 3 Insufficient cpu.`; empty if it fits somewhere.
 */
export function explainUnschedulable(scheduler: Scheduler, pod: PodId): string {
  const { cache, one } = scheduler
  const { count, order } = cache.tree
  if (count === 0) return 'no nodes available to schedule pods'
  const plan = cache.planOf(pod)
  one.schedulePod(pod, 'first', 0)
  if (one.feasibleCount > 0) return ''
  if (plan.template.scheduling.nodeNames?.length === 0)
    return `0/${count} nodes are available: pod affinity terms conflict.`
  const tally = new Map<string, number>()
  for (let i = 0; i < count; i++) {
    for (const words of reasonsOf(scheduler, plan, order[i] as NodeId)) tally.set(words, (tally.get(words) ?? 0) + 1)
  }
  const parts = [...tally].map(([words, nodes]) => `${nodes} ${words}`).sort()
  return `0/${count} nodes are available: ${parts.join(', ')}.`
}

/** What the filters said of a node in the last attempt; several reasons where several resources are lacking. */
export function reasonsOf({ cache, one }: Scheduler, plan: PodPlan, node: NodeId): string[] {
  if (one.wasExamined[node] === 0) return ["node(s) didn't satisfy plugin(s) [NodeAffinity]"]
  const reason = one.reasons[node] as Reason
  if (reason === Reason.Resources || reason === Reason.ResourcesNever)
    return lackingResources(cache.infos, plan.template, node)
  return [MEANINGS[reason].words]
}
