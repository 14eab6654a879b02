// Sums over pods that are kept up to date instead of being counted again: per ReplicaSet and per node. Every write to
// a pod takes it out of the sums (sign -1), changes it, and adds it again (sign 1).

import { NONE } from '../base/columns.ts'
import { Kind } from '../model/types.ts'
import { countForBudgets } from './budgets.ts'
import type { Cluster } from './cluster.ts'
import { isTerminal, type PodId } from './pods.ts'
import type { ReplicaSetId } from './replicaSets.ts'

/** Adds (sign 1) or takes away (sign -1) what a pod contributes to its owner's and its node's sums. */
export function countPod(cluster: Cluster, pod: PodId, sign: 1 | -1): void {
  const { pods, replicaSets, nodes, model } = cluster
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
  const rs = pods.owner[pod] as ReplicaSetId
  if (pods.deletionMark[pod] === 1) {
    replicaSets.terminatingPods[rs] += sign
    return
  }
  replicaSets.activePods[rs] += sign
  if (pods.ready[pod] === 1) replicaSets.readyPods[rs] += sign
}
