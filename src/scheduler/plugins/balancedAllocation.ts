// After pkg/scheduler/framework/plugins/noderesources/balanced_allocation.go, Kubernetes v1.36.

import type { NodeId } from '../../model/types.ts'
import type { NodeInfos } from '../nodeInfos.ts'
import type { TemplatePlan } from '../templatePlans.ts'

/** Pods that ask for neither cpu nor memory are not scored. */
export function scoresBalance(plan: TemplatePlan): boolean {
  return plan.requests[0] > 0 || plan.requests[1] > 0
}

/**
 * How much evener cpu and memory are used with the pod than without it: 75 is neutral (balancedResourceScorer).
 *
 * 4000m and 16 GiB, empty, a pod of 500m and 1 GiB: fractions 0.125 and 0.0625, deviation 0.03125, 96 with the pod,
 * 100 without: 50 + (50 + 96 - 100) / 2 = 73.
 */
export function scoreBalance(infos: NodeInfos, plan: TemplatePlan, node: NodeId): number {
  const [cpu, memory] = [infos.allocatable[0][node], infos.allocatable[1][node]]
  const [usedCpu, usedMemory] = [infos.requested[0][node], infos.requested[1][node]]
  const before = balance(usedCpu, cpu, usedMemory, memory)
  const after = balance(usedCpu + plan.requests[0], cpu, usedMemory + plan.requests[1], memory)
  return 50 + Math.trunc((50 + after - before) / 2)
}

/** 100 minus the deviation of the used fractions, in whole points; a resource that the node has none of is left out. */
function balance(usedCpu: number, cpu: number, usedMemory: number, memory: number): number {
  if (cpu === 0 || memory === 0) return 100
  const deviation = Math.abs((Math.min(1, usedCpu / cpu) - Math.min(1, usedMemory / memory)) / 2)
  return Math.trunc((1 - deviation) * 100)
}
