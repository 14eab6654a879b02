// After pkg/controller/deployment/sync.go (getAllReplicaSetsAndSyncRevision, getNewReplicaSet) and
// util/deployment_util.go (SetNewReplicaSetAnnotations, NewRSNewReplicas), Kubernetes v1.36: the ReplicaSet of the current template.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { ConditionStatus, DeploymentReason } from '../../cluster/codes.ts'
import type { DeploymentStatus } from '../../cluster/deployments.ts'
import { updateDeploymentStatus } from '../../cluster/deploymentWrites.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { insertReplicaSet, renewReplicaSet } from '../../cluster/replicaSetWrites.ts'
import type { DeploymentId } from '../../model/types.ts'
import { countOldReplicas, findNewReplicaSet, maxOldRevision } from './replicaSetList.ts'

/**
 * The new ReplicaSet, its revision brought up to date; created with its first size if it is missing and `create`
 * allows. Returns NONE if there is none.
 */
export function getNewReplicaSet(
  cluster: Cluster,
  deployment: DeploymentId,
  status: DeploymentStatus,
  create: boolean,
): ReplicaSetId {
  const { deployments, replicaSets } = cluster
  const existing = findNewReplicaSet(cluster, deployment)
  const revision = maxOldRevision(cluster, deployment, existing) + 1
  if (existing === NONE) return create ? createNewReplicaSet(cluster, deployment, status, revision) : existing

  const minReadySeconds = deployments.minReadySeconds[deployment]
  const changeCause = deployments.changeCause[deployment]
  const isOtherCause = changeCause !== NONE && replicaSets.changeCause[existing] !== changeCause
  const isOld = replicaSets.revision[existing] < revision || isOtherCause
  if (isOld || replicaSets.minReadySeconds[existing] !== minReadySeconds || status.renewed) {
    // The second look of the same sync finds its cached copy as old as the first did, and writes the same again.
    status.renewed = true
    const kept = Math.max(revision, replicaSets.revision[existing])
    renewReplicaSet(cluster, existing, kept, minReadySeconds, changeCause)
    cluster.api.awaitAnswer()
    return existing
  }
  let changed = status.revision !== replicaSets.revision[existing]
  status.revision = replicaSets.revision[existing]
  if (hasDeadline(cluster, deployment) && status.progressing === ConditionStatus.Absent) {
    status.setProgressing(ConditionStatus.True, DeploymentReason.FoundNewReplicaSet, cluster.nowSeconds())
    changed = true
  }
  if (changed) {
    updateDeploymentStatus(cluster, deployment, status)
    cluster.api.awaitAnswer()
  }
  return existing
}

/** Creates the ReplicaSet of the current template with its first size. */
function createNewReplicaSet(
  cluster: Cluster,
  deployment: DeploymentId,
  status: DeploymentStatus,
  revision: number,
): ReplicaSetId {
  const { deployments } = cluster
  const replicas = newReplicas(cluster, deployment, 0, countOldReplicas(cluster, deployment, NONE as ReplicaSetId))
  const desired = deployments.replicas[deployment]
  const created = insertReplicaSet(
    cluster,
    deployment,
    deployments.template[deployment],
    replicas,
    deployments.minReadySeconds[deployment],
    desired,
    desired + deployments.maxSurge[deployment],
    revision,
  )
  cluster.api.awaitAnswer()
  status.revision = revision
  status.wantedReplicas += replicas
  if (hasDeadline(cluster, deployment))
    status.setProgressing(ConditionStatus.True, DeploymentReason.NewReplicaSetCreated, cluster.nowSeconds())
  updateDeploymentStatus(cluster, deployment, status)
  cluster.api.awaitAnswer()
  return created
}

/**
 * The size that the new ReplicaSet may have now, `size` being what it has (NewRSNewReplicas).
 * 10 replicas, maxSurge 3, old 10, new 0: 13 - 10 leaves 3. Old 8, new 3: min(13 - 11, 10 - 3) = 2 more, so 5.
 */
export function newReplicas(cluster: Cluster, deployment: DeploymentId, size: number, oldReplicas: number): number {
  const { deployments } = cluster
  const desired = deployments.replicas[deployment]
  if (deployments.recreate[deployment] === 1) return desired
  const room = desired + deployments.maxSurge[deployment] - oldReplicas - size
  if (room <= 0) return size
  return size + Math.min(room, desired - size)
}

/** A progress deadline is set; 2147483647 stands for none (HasProgressDeadline). */
export function hasDeadline(cluster: Cluster, deployment: DeploymentId): boolean {
  return cluster.deployments.progressDeadlineSeconds[deployment] !== NONE
}
