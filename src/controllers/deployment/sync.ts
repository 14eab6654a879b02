// After pkg/controller/deployment/sync.go, Kubernetes v1.36: syncs that only scale, and the clean-up of old
// ReplicaSets.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { DeploymentStatus } from '../../cluster/deployments.ts'
import { updateDeploymentStatus } from '../../cluster/deploymentWrites.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { removeReplicaSet } from '../../cluster/replicaSetWrites.ts'
import type { DeploymentId } from '../../model/types.ts'
import { getNewReplicaSet } from './newReplicaSet.ts'
import { calculateStatus, isComplete } from './progress.ts'
import { scale } from './scale.ts'

/** True if spec.replicas was changed since an active ReplicaSet was last sized. */
export function isScalingEvent(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): boolean {
  const { deployments, replicaSets } = cluster
  getNewReplicaSet(cluster, deployment, status, false)
  const desired = deployments.replicas[deployment]
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) {
    if (replicaSets.knownReplicas[rs] <= 0 || replicaSets.desiredReplicas[rs] === NONE) continue
    if (replicaSets.desiredReplicas[rs] !== desired) return true
  }
  return false
}

/** While paused or scaling: sizes follow spec.replicas, and no new ReplicaSet is made. */
export function syncPausedOrScaling(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): void {
  const newReplicaSet = getNewReplicaSet(cluster, deployment, status, false)
  scale(cluster, deployment, newReplicaSet, status)
  if (cluster.deployments.paused[deployment] === 1) cleanupDeployment(cluster, deployment, newReplicaSet)
  writeCounts(cluster, deployment, newReplicaSet, status)
}

/** Writes the status, without a look at progress, if it differs (syncDeploymentStatus). */
function writeCounts(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
  status: DeploymentStatus,
): void {
  const next = calculateStatus(cluster, deployment, newReplicaSet, status)
  if (next.equals(status)) return
  updateDeploymentStatus(cluster, deployment, next)
  cluster.api.awaitAnswer()
}

/** The Deployment is being deleted: its status follows, nothing else (syncStatusOnly). */
export function syncStatusOnly(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): void {
  const newReplicaSet = getNewReplicaSet(cluster, deployment, status, false)
  writeCounts(cluster, deployment, newReplicaSet, status)
}

/** The status as stored, before this sync, says that the rollout is complete. */
export function isStoredComplete(cluster: Cluster, deployment: DeploymentId): boolean {
  return isComplete(cluster, deployment, cluster.deployments.status[deployment])
}

const candidates: ReplicaSetId[] = []

/** Deletes old ReplicaSets beyond revisionHistoryLimit, lowest revision first; those with pods are skipped. */
export function cleanupDeployment(cluster: Cluster, deployment: DeploymentId, newReplicaSet: ReplicaSetId): void {
  const { deployments, replicaSets } = cluster
  const limit = deployments.revisionHistoryLimit[deployment]
  if (limit === NONE) return
  candidates.length = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    if (rs !== newReplicaSet && replicaSets.deletionMark[rs] === 0) candidates.push(rs)
  const excess = candidates.length - limit
  if (excess <= 0) return
  candidates.sort((a, b) => replicaSets.revision[a] - replicaSets.revision[b] || a - b)
  for (let i = 0; i < excess; i++) {
    const rs = candidates[i]
    if (replicaSets.statusReplicas[rs] !== 0 || replicaSets.knownReplicas[rs] !== 0) continue
    if (replicaSets.knownGeneration[rs] > replicaSets.observedGeneration[rs]) continue
    removeReplicaSet(cluster, rs)
    cluster.api.awaitAnswer()
  }
}
