// After pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go, Kubernetes v1.36.

import { matchesNodeAffinity, matchesNodeTerm } from '../../model/nodeAffinity.ts'
import type { SchedulingModel } from '../../model/scheduling.ts'
import type { TemplateModel } from '../../model/types.ts'

type Labels = Readonly<Record<string, string>>

/** nodeSelector and the required node affinity match a node. */
export function filterNodeAffinity({ nodeSelector, scheduling }: TemplateModel, name: string, labels: Labels): boolean {
  for (const key in nodeSelector) if (labels[key] !== nodeSelector[key]) return false
  return matchesNodeAffinity(scheduling.nodeTerms, name, labels)
}

/** The weights of the preferred terms that match a node: the score before normalisation. */
export function scoreNodeAffinity({ preferredNodes }: SchedulingModel, name: string, labels: Labels): number {
  let sum = 0
  for (const { term, weight } of preferredNodes) if (matchesNodeTerm(term, name, labels)) sum += weight
  return sum
}
