// After pkg/controller/disruption/disruption.go (getExpectedScale and its finders), Kubernetes v1.36.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { type BudgetId, Kind, type StatefulSetId } from '../../model/types.ts'

/** Some pod's controller is gone, or has no scale as Jobs and DaemonSets have none. */
export const UNKNOWN_SCALE = -1

/**
 * Sum of spec.replicas over the distinct controllers of the pods that the budget selects. A Deployment counts once,
 * even with pods of two ReplicaSets; pods without a controller do not count.
 */
export function expectedScale(cluster: Cluster, budget: BudgetId): number {
  const { pods } = cluster
  let sum = 0
  for (let kind = 1 as Kind; kind < pods.firstOf.length; kind++) {
    const rows = pods.firstOf[kind].length
    for (let row = 0; row < rows; row++) {
      const pod = firstSelectedPod(cluster, budget, kind, row)
      if (pod === NONE) continue
      const scale = scaleOf(cluster, budget, kind, row, pod)
      if (scale === UNKNOWN_SCALE) return UNKNOWN_SCALE
      sum += scale
    }
  }
  return sum
}

function scaleOf(cluster: Cluster, budget: BudgetId, kind: Kind, row: number, pod: PodId): number {
  const { pods, statefulSets } = cluster
  if (kind === Kind.ReplicaSet) return scaleOfReplicaSet(cluster, budget, row as ReplicaSetId)
  if (kind !== Kind.StatefulSet) return UNKNOWN_SCALE
  const set = row as StatefulSetId
  // Pods of an earlier StatefulSet of that name belong to none.
  const isOwn = statefulSets.exists[set] === 1 && pods.ownerUid[pod] === statefulSets.uid[set]
  return isOwn ? statefulSets.replicas[set] : UNKNOWN_SCALE
}

function firstSelectedPod(cluster: Cluster, budget: BudgetId, kind: Kind, row: number): PodId {
  const { budgets, pods } = cluster
  let pod = pods.firstOf[kind][row] as PodId
  while (pod !== NONE && !budgets.selects(budget, pods.template[pod])) pod = pods.nextOfOwner[pod]
  return pod
}

/** The Deployment's replicas, for the first of its ReplicaSets that has pods; its own if its Deployment is gone. */
function scaleOfReplicaSet(cluster: Cluster, budget: BudgetId, rs: ReplicaSetId): number {
  const { deployments, replicaSets } = cluster
  if (replicaSets.exists[rs] === 0) return UNKNOWN_SCALE
  const deployment = replicaSets.deployment[rs]
  if (deployment === NONE || deployments.exists[deployment] === 0) return replicaSets.replicas[rs]
  let before = deployments.oldestReplicaSet[deployment]
  for (; before !== rs && before !== NONE; before = replicaSets.next[before])
    if (firstSelectedPod(cluster, budget, Kind.ReplicaSet, before) !== NONE) return 0
  return deployments.replicas[deployment]
}
