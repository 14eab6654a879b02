// After pkg/controller/controller_ref_manager.go (ClaimReplicaSets) and deployment/deployment_controller.go
// (getDeploymentsForReplicaSet), Kubernetes v1.36: a Deployment adopts ReplicaSets without a controller whose labels its
// selector matches, and releases those of its own that it no longer matches.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { changeReplicaSetOwner, selectsReplicaSet } from '../../cluster/ownership.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import type { SyncStages } from '../../cluster/syncStages.ts'
import type { DeploymentId } from '../../model/types.ts'

/** Whether this sync has a ReplicaSet to adopt or to release. One that is being deleted does neither. */
export function hasReplicaSetsToClaim(cluster: Cluster, deployment: DeploymentId): boolean {
  return listClaims(cluster, deployment).length > 0
}

/** Adopts and releases, one API call after another. */
export function* claimReplicaSets(cluster: Cluster, deployment: DeploymentId): SyncStages {
  const { replicaSets } = cluster
  for (const rs of listClaims(cluster, deployment)) {
    if (replicaSets.exists[rs] === 0) continue
    if (replicaSets.deployment[rs] === NONE) changeReplicaSetOwner(cluster, rs, deployment)
    else if (replicaSets.deployment[rs] === deployment) changeReplicaSetOwner(cluster, rs, NONE as DeploymentId)
    else continue
    yield
  }
}

function listClaims(cluster: Cluster, deployment: DeploymentId): ReplicaSetId[] {
  const { deployments, replicaSets } = cluster
  const claims: ReplicaSetId[] = []
  if (deployments.deletionMark[deployment] === 1) return claims
  for (let rs = 0 as ReplicaSetId; rs < replicaSets.created; rs++) {
    if (replicaSets.exists[rs] === 0) continue
    const owner = replicaSets.deployment[rs]
    if (owner === deployment && !selectsReplicaSet(cluster, deployment, rs)) claims.push(rs)
    if (owner !== NONE || replicaSets.deletionMark[rs] === 1) continue
    if (selectsReplicaSet(cluster, deployment, rs)) claims.push(rs)
  }
  return claims
}

/** Wants a sync of every Deployment whose selector matches a ReplicaSet without a controller. */
export function enqueueSelecting(cluster: Cluster, rs: ReplicaSetId): void {
  const { deployments } = cluster
  const queue = cluster.queues[Controller.Deployment]
  for (let deployment = 0 as DeploymentId; deployment < deployments.count; deployment++)
    if (deployments.exists[deployment] === 1 && selectsReplicaSet(cluster, deployment, rs)) queue.add(deployment)
}
