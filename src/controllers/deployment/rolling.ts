// After pkg/controller/deployment/rolling.go, Kubernetes v1.36: one step of a rolling update.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { DeploymentStatus } from '../../cluster/deployments.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { noteKnownReplicas } from '../../cluster/replicaSetWrites.ts'
import type { DeploymentId } from '../../model/types.ts'
import { getNewReplicaSet, newReplicas } from './newReplicaSet.ts'
import { syncRolloutStatus } from './progress.ts'
import { countOldReplicas } from './replicaSetList.ts'
import { scaleReplicaSetTo } from './scale.ts'
import { cleanupDeployment, isStoredComplete } from './sync.ts'

/** cleanupUnhealthyReplicas met a status older than its spec: upstream gives the step up. */
const STALE_STATUS = -1

/** Moves a Deployment one step: the new ReplicaSet up, or else the old ones down; never both. */
export function rolloutRolling(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): void {
  const newReplicaSet = getNewReplicaSet(cluster, deployment, status, true)
  const scaled =
    reconcileNewReplicaSet(cluster, deployment, newReplicaSet) ||
    reconcileOldReplicaSets(cluster, deployment, newReplicaSet)
  if (!scaled && isStoredComplete(cluster, deployment)) cleanupDeployment(cluster, deployment, newReplicaSet)
  syncRolloutStatus(cluster, deployment, newReplicaSet, status)
}

/** Scales the new ReplicaSet up as far as maxSurge allows, or down to the desired size. */
export function reconcileNewReplicaSet(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
): boolean {
  const desired = cluster.deployments.replicas[deployment]
  const size = cluster.replicaSets.knownReplicas[newReplicaSet]
  if (size === desired) return false
  if (size > desired) return scaleReplicaSetTo(cluster, deployment, newReplicaSet, desired)
  const oldReplicas = countOldReplicas(cluster, deployment, newReplicaSet)
  return scaleReplicaSetTo(cluster, deployment, newReplicaSet, newReplicas(cluster, deployment, size, oldReplicas))
}

/** Scales old ReplicaSets down as far as maxUnavailable allows, pods that serve nobody first. */
export function reconcileOldReplicaSets(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
): boolean {
  const { deployments, replicaSets } = cluster
  const oldReplicas = countOldReplicas(cluster, deployment, newReplicaSet)
  if (oldReplicas === 0) return false
  const newSize = replicaSets.knownReplicas[newReplicaSet]
  const newAvailable = replicaSets.availableReplicas[newReplicaSet]
  const availableMin = deployments.replicas[deployment] - deployments.maxUnavailable[deployment]

  // New pods that are not yet available hold the old ones in place: a bad release stops here.
  // 10 replicas, maxUnavailable 2, maxSurge 3, new 5 of which 0 available, old 8: 13 - 8 - 5 = 0 may go.
  const removable = oldReplicas + newSize - availableMin - (newSize - newAvailable)
  if (removable <= 0) return false

  const unhealthyRemoved = cleanupUnhealthyReplicas(cluster, deployment, newReplicaSet, removable)
  if (unhealthyRemoved === STALE_STATUS) return false
  const surplus = countActiveAvailable(cluster, deployment, newReplicaSet) + newAvailable - availableMin
  return unhealthyRemoved + scaleDownOldestFirst(cluster, deployment, newReplicaSet, surplus) > 0
}

/** Removes unavailable old pods. A status older than the spec ends the step, as upstream does. */
export function cleanupUnhealthyReplicas(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
  limit: number,
): number {
  const { deployments, replicaSets } = cluster
  let removed = 0
  let rs = deployments.oldestReplicaSet[deployment]
  for (; rs !== NONE && removed < limit; rs = replicaSets.next[rs]) {
    const size = replicaSets.knownReplicas[rs]
    if (rs === newReplicaSet || size === 0) continue
    const unhealthy = size - replicaSets.availableReplicas[rs]
    if (unhealthy === 0) continue
    if (unhealthy < 0) return STALE_STATUS
    const count = Math.min(limit - removed, unhealthy)
    scaleReplicaSetTo(cluster, deployment, rs, size - count)
    noteKnownReplicas(cluster, rs, size - count)
    removed += count
  }
  return removed
}

/** Scales old ReplicaSets down by at most `surplus` pods, oldest ReplicaSet first. */
function scaleDownOldestFirst(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
  surplus: number,
): number {
  const { deployments, replicaSets } = cluster
  let removed = 0
  let rs = deployments.oldestReplicaSet[deployment]
  for (; rs !== NONE && removed < surplus; rs = replicaSets.next[rs]) {
    const size = replicaSets.knownReplicas[rs]
    if (rs === newReplicaSet || size === 0) continue
    const count = Math.min(size, surplus - removed)
    scaleReplicaSetTo(cluster, deployment, rs, size - count)
    noteKnownReplicas(cluster, rs, size - count)
    removed += count
  }
  return removed
}

/** Available pods of old ReplicaSets that still want pods. */
function countActiveAvailable(cluster: Cluster, deployment: DeploymentId, newReplicaSet: ReplicaSetId): number {
  const { deployments, replicaSets } = cluster
  let sum = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    if (rs !== newReplicaSet && replicaSets.knownReplicas[rs] > 0) sum += replicaSets.availableReplicas[rs]
  return sum
}
