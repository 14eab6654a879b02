// What a sync knows of the Deployment's ReplicaSets, after pkg/controller/deployment/util/deployment_util.go,
// Kubernetes v1.36: new and old ones, their sums, and revisions. Sizes are those of the sync's beginning
// (`knownReplicas`), as upstream's cached copies are; the writes of this sync do not change them by themselves.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { isTerminal, type PodId } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { noteKnown } from '../../cluster/replicaSetWrites.ts'
import { type DeploymentId, Kind } from '../../model/types.ts'

/** Reads the sizes of all ReplicaSets once, at the beginning of a sync, and returns their sum. */
export function knowReplicaSets(cluster: Cluster, deployment: DeploymentId): number {
  const { deployments, replicaSets } = cluster
  let wanted = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) {
    noteKnown(cluster, rs)
    wanted += replicaSets.replicas[rs]
  }
  return wanted
}

/** The oldest ReplicaSet with the Deployment's template, or NONE (FindNewReplicaSet). */
export function findNewReplicaSet(cluster: Cluster, deployment: DeploymentId): ReplicaSetId {
  const { deployments, replicaSets } = cluster
  const template = deployments.template[deployment]
  let rs = deployments.oldestReplicaSet[deployment]
  while (rs !== NONE && replicaSets.template[rs] !== template) rs = replicaSets.next[rs]
  return rs
}

/** Largest revision of the ReplicaSets other than the new one (MaxRevision). */
export function maxOldRevision(cluster: Cluster, deployment: DeploymentId, newReplicaSet: ReplicaSetId): number {
  const { deployments, replicaSets } = cluster
  let max = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    if (rs !== newReplicaSet && replicaSets.revision[rs] > max) max = replicaSets.revision[rs]
  return max
}

/** Sum of spec.replicas over all ReplicaSets but the new one (GetReplicaCountForReplicaSets). */
export function countOldReplicas(cluster: Cluster, deployment: DeploymentId, newReplicaSet: ReplicaSetId): number {
  const { deployments, replicaSets } = cluster
  let sum = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    if (rs !== newReplicaSet) sum += replicaSets.knownReplicas[rs]
  return sum
}

/** The active ReplicaSet if there is only one, else with none active the new or the newest old one, else NONE. */
export function findActiveOrLatest(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
): ReplicaSetId {
  const { deployments, replicaSets } = cluster
  let active = NONE as ReplicaSetId
  let activeCount = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) {
    if (replicaSets.knownReplicas[rs] <= 0) continue
    active = rs
    activeCount++
  }
  if (activeCount === 1) return active
  if (activeCount > 1) return NONE as ReplicaSetId
  return newReplicaSet !== NONE ? newReplicaSet : deployments.newestReplicaSet[deployment]
}

/** True while a pod of another ReplicaSet than the new one may run; terminating pods do (oldPodsRunning). */
export function oldPodsRunning(cluster: Cluster, deployment: DeploymentId, newReplicaSet: ReplicaSetId): boolean {
  const { deployments, replicaSets, pods } = cluster
  const firstOf = pods.firstOf[Kind.ReplicaSet]
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) {
    if (rs === newReplicaSet) continue
    if (replicaSets.statusReplicas[rs] > 0) return true
    for (let pod = firstOf[rs] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod])
      if (!isTerminal(pods, pod)) return true
  }
  return false
}
