// Sums over pods that are kept up to date instead of being counted again: per ReplicaSet, Deployment and node. Every write to
// a pod takes it out of the sums (sign -1), changes it, and adds it again (sign 1).

import { NONE } from '../base/columns.ts'
import { type BudgetId, Kind } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { isTerminal, type PodId } from './pods.ts'
import type { ReplicaSetId } from './replicaSets.ts'

/** Adds (sign 1) or takes away (sign -1) what a pod contributes to its owner's and its node's sums. */
export function countPod(cluster: Cluster, pod: PodId, sign: 1 | -1): void {
  const { pods, nodes, model } = cluster
  const terminal = isTerminal(pods, pod)
  countForBudgets(cluster, pod, sign)
  const node = pods.node[pod]
  if (node !== NONE && !terminal) {
    const template = model.templates[pods.template[pod]]
    nodes.podCount[node] += sign
    nodes.cpuMillis[node] += sign * template.cpuMillis
    nodes.memoryBytes[node] += sign * template.memoryBytes
  }
  if (pods.ownerKind[pod] !== Kind.ReplicaSet || terminal) return
  countOwnedPod(cluster, pod, pods.owner[pod] as ReplicaSetId, sign)
}

/** The share of countPod that concerns a ReplicaSet and the Deployment above it. */
function countOwnedPod(cluster: Cluster, pod: PodId, rs: ReplicaSetId, sign: 1 | -1): void {
  const { deployments, pods, replicaSets } = cluster
  const deployment = replicaSets.deployment[rs]
  if (pods.deletionMark[pod] === 1) {
    replicaSets.terminatingPods[rs] += sign
    if (deployment !== NONE) deployments.terminatingPods[deployment] += sign
    return
  }
  const ready = pods.ready[pod] * sign
  replicaSets.activePods[rs] += sign
  replicaSets.readyPods[rs] += ready
  if (deployment === NONE) return
  deployments.activePods[deployment] += sign
  deployments.readyPods[deployment] += ready
  const node = pods.node[pod]
  if (node !== NONE) deployments.activePodsOnNode[deployment * cluster.nodes.count + node] += sign
}

/** Adds (sign 1) or takes away (sign -1) a pod from the sums of the budgets that select it. */
export function countForBudgets(cluster: Cluster, pod: PodId, sign: 1 | -1): void {
  const { budgets, pods } = cluster
  for (let budget = 0 as BudgetId; budget < budgets.count; budget++) {
    if (!budgets.selects(budget, pods.template[pod])) continue
    budgets.podCount[budget] += sign
    if (pods.ready[pod] === 1 && pods.deletionMark[pod] === 0) budgets.readyCount[budget] += sign
  }
}
