// After pkg/controller/deployment/deployment_controller.go, Kubernetes v1.36: which events want a sync, and the sync.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { ConditionStatus, DeploymentReason } from '../../cluster/codes.ts'
import { DeploymentStatus } from '../../cluster/deployments.ts'
import { updateDeploymentStatus } from '../../cluster/deploymentWrites.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import type { SyncOutcome, SyncStages } from '../../cluster/syncStages.ts'
import type { Watcher } from '../../cluster/watch.ts'
import { type DeploymentId, Kind } from '../../model/types.ts'
import { claimReplicaSets, enqueueSelecting, hasReplicaSetsToClaim } from './claimReplicaSets.ts'
import { rolloutRecreate } from './recreate.ts'
import { knowReplicaSets } from './replicaSetList.ts'
import { rolloutRolling } from './rolling.ts'
import { isScalingEvent, syncPausedOrScaling, syncStatusOnly } from './sync.ts'

/** The working copy of the status during one sync, as upstream's deep copy of the Deployment. */
const status = new DeploymentStatus()

/** Brings one Deployment a step further. */
export function syncDeployment(cluster: Cluster, deployment: DeploymentId): SyncStages<SyncOutcome> | void {
  const { deployments, replicaSets } = cluster
  if (deployments.exists[deployment] === 0) return
  if (replicaSets.orphanCount > 0 || deployments.mustRelease[deployment] === 1) {
    if (hasReplicaSetsToClaim(cluster, deployment)) return claimAndSync(cluster, deployment)
  }
  syncOwned(cluster, deployment)
}

/** The same with adoptions and releases before it, each a write of its own. */
function* claimAndSync(cluster: Cluster, deployment: DeploymentId): SyncStages<SyncOutcome> {
  yield* claimReplicaSets(cluster, deployment)
  if (cluster.deployments.exists[deployment] === 1) syncOwned(cluster, deployment)
  return 'done'
}

function syncOwned(cluster: Cluster, deployment: DeploymentId): void {
  const { deployments } = cluster
  status.copy(deployments.status[deployment])
  status.renewed = false
  status.wantedReplicas = knowReplicaSets(cluster, deployment)
  if (deployments.deletionMark[deployment] === 1) return syncStatusOnly(cluster, deployment, status)
  checkPausedConditions(cluster, deployment)
  if (deployments.paused[deployment] === 1) return syncPausedOrScaling(cluster, deployment, status)
  if (isScalingEvent(cluster, deployment, status)) return syncPausedOrScaling(cluster, deployment, status)
  if (deployments.recreate[deployment] === 1) rolloutRecreate(cluster, deployment, status)
  else rolloutRolling(cluster, deployment, status)
}

/** Notes a pause or a resumption in the Progressing condition, so that the deadline restarts (progress.go). */
function checkPausedConditions(cluster: Cluster, deployment: DeploymentId): void {
  const { deployments } = cluster
  if (deployments.progressDeadlineSeconds[deployment] === NONE) return
  if (status.progressingReason === DeploymentReason.ProgressDeadlineExceeded) return
  const paused = deployments.paused[deployment] === 1
  const saysPaused = status.progressingReason === DeploymentReason.DeploymentPaused
  if (paused === saysPaused) return
  const reason = paused ? DeploymentReason.DeploymentPaused : DeploymentReason.DeploymentResumed
  status.setProgressing(ConditionStatus.Unknown, reason, cluster.nowSeconds())
  updateDeploymentStatus(cluster, deployment, status)
  cluster.api.awaitAnswer()
}

/** The informer handlers of the Deployment controller. */
export function watchForDeployments(cluster: Cluster): Watcher {
  const queue = cluster.queues[Controller.Deployment]
  const enqueueOwner = (rs: ReplicaSetId): void => {
    const deployment = cluster.replicaSets.deployment[rs]
    if (deployment !== NONE) queue.add(deployment)
  }
  return {
    specChanged(kind, row) {
      if (kind === Kind.Deployment) queue.add(row)
    },
    statusChanged(kind, row) {
      if (kind === Kind.Deployment) queue.add(row)
    },
    replicaSetChanged: enqueueOwner,
    replicaSetOrphaned(rs) {
      enqueueSelecting(cluster, rs)
    },
    replicaSetOwnerChanged(_rs, former) {
      if (former !== NONE) queue.add(former)
    },
    replicaSetDeleted: enqueueOwner,
    /** Only Recreate waits for pods: the last one gone lets it go on. */
    podDeleted(pod) {
      if (cluster.pods.ownerKind[pod] !== Kind.ReplicaSet) return
      const deployment = cluster.replicaSets.deployment[cluster.pods.owner[pod] as ReplicaSetId]
      if (deployment === NONE || cluster.deployments.recreate[deployment] === 0) return
      if (!hasPods(cluster, deployment)) queue.add(deployment)
    },
  }
}

/** True while any ReplicaSet of the Deployment owns a pod, whatever its phase. */
function hasPods(cluster: Cluster, deployment: DeploymentId): boolean {
  const { deployments, replicaSets, pods } = cluster
  const firstOf = pods.firstOf[Kind.ReplicaSet]
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    if ((firstOf[rs] as PodId) !== NONE) return true
  return false
}
