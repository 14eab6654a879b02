// After pkg/controller/deployment/progress.go and sync.go (calculateStatus), Kubernetes v1.36: the status of a
// rollout, its Progressing condition and its deadline.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { ConditionStatus, DeploymentReason } from '../../cluster/codes.ts'
import { DeploymentStatus } from '../../cluster/deployments.ts'
import { updateDeploymentStatus } from '../../cluster/deploymentWrites.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import type { DeploymentId } from '../../model/types.ts'
import { hasDeadline } from './newReplicaSet.ts'

const computed = new DeploymentStatus()

/** Computes the status with its Progressing condition and writes it, or else asks for a check of the deadline. */
export function syncRolloutStatus(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
  status: DeploymentStatus,
): void {
  const next = calculateStatus(cluster, deployment, newReplicaSet, status)
  if (!hasDeadline(cluster, deployment)) next.removeProgressing()
  else judgeProgress(cluster, deployment, status, next)
  if (next.equals(status)) {
    requeueStuckDeployment(cluster, deployment, status, next)
    return
  }
  updateDeploymentStatus(cluster, deployment, next)
  cluster.api.awaitAnswer()
}

/** Sets Progressing: complete, else progressing, else timed out, else as it was. */
function judgeProgress(
  cluster: Cluster,
  deployment: DeploymentId,
  status: DeploymentStatus,
  next: DeploymentStatus,
): void {
  const settled =
    next.replicas === next.updatedReplicas && status.progressingReason === DeploymentReason.NewReplicaSetAvailable
  if (settled) return
  const nowSeconds = cluster.nowSeconds()
  if (isComplete(cluster, deployment, next))
    next.setProgressing(ConditionStatus.True, DeploymentReason.NewReplicaSetAvailable, nowSeconds)
  else if (isProgressing(status, next))
    next.replaceProgressing(ConditionStatus.True, DeploymentReason.ReplicaSetUpdated, nowSeconds)
  else if (isTimedOut(cluster, deployment, next))
    next.setProgressing(ConditionStatus.False, DeploymentReason.ProgressDeadlineExceeded, nowSeconds)
}

/** The counts of a status from the ReplicaSets' statuses, and the Available condition (calculateStatus). */
export function calculateStatus(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
  status: DeploymentStatus,
): DeploymentStatus {
  const { deployments, replicaSets } = cluster
  computed.copy(status)
  computed.observedGeneration = deployments.generation[deployment]
  let replicas = 0
  let ready = 0
  let available = 0
  let terminating = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) {
    replicas += replicaSets.statusReplicas[rs]
    ready += replicaSets.readyReplicas[rs]
    available += replicaSets.availableReplicas[rs]
    // A ReplicaSet that was never synced is left out; one whose count is unknown makes the sum unknown.
    if (replicaSets.terminatingReplicas[rs] !== NONE) terminating += replicaSets.terminatingReplicas[rs]
    else if (replicaSets.observedGeneration[rs] !== 0) terminating = -Infinity
  }
  computed.replicas = replicas
  computed.updatedReplicas = newReplicaSet === NONE ? 0 : replicaSets.statusReplicas[newReplicaSet]
  computed.readyReplicas = ready
  computed.availableReplicas = available
  computed.unavailableReplicas = Math.max(0, status.wantedReplicas - available)
  computed.terminatingReplicas = terminating < 0 ? NONE : terminating
  const availableMin = deployments.replicas[deployment] - deployments.maxUnavailable[deployment]
  if (available >= availableMin) computed.setAvailable(ConditionStatus.True, DeploymentReason.MinimumReplicasAvailable)
  else computed.setAvailable(ConditionStatus.False, DeploymentReason.MinimumReplicasUnavailable)
  return computed
}

/** All replicas are updated and available, and the spec was seen (DeploymentComplete). */
export function isComplete(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): boolean {
  const { deployments } = cluster
  const desired = deployments.replicas[deployment]
  return (
    status.updatedReplicas === desired &&
    status.replicas === desired &&
    status.availableReplicas === desired &&
    status.observedGeneration >= deployments.generation[deployment]
  )
}

/** More updated, fewer old, more ready or more available pods than before (DeploymentProgressing). */
function isProgressing(before: DeploymentStatus, after: DeploymentStatus): boolean {
  return (
    after.updatedReplicas > before.updatedReplicas ||
    after.replicas - after.updatedReplicas < before.replicas - before.updatedReplicas ||
    after.readyReplicas > before.readyReplicas ||
    after.availableReplicas > before.availableReplicas
  )
}

/** No progress for longer than the deadline (DeploymentTimedOut); counted from the whole second of the last update. */
function isTimedOut(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): boolean {
  if (status.progressing === ConditionStatus.Absent) return false
  if (status.progressingReason === DeploymentReason.NewReplicaSetAvailable) return false
  if (status.progressingReason === DeploymentReason.ProgressDeadlineExceeded) return true
  const deadlineSeconds = cluster.deployments.progressDeadlineSeconds[deployment]
  return (status.progressingUpdateSeconds + deadlineSeconds) * 1e6 < cluster.clockUs()
}

/** Asks for a sync one second after the deadline, as nothing else may happen until then. */
function requeueStuckDeployment(
  cluster: Cluster,
  deployment: DeploymentId,
  status: DeploymentStatus,
  next: DeploymentStatus,
): void {
  if (!hasDeadline(cluster, deployment) || status.progressing === ConditionStatus.Absent) return
  if (isComplete(cluster, deployment, next)) return
  if (status.progressingReason === DeploymentReason.ProgressDeadlineExceeded) return
  const queue = cluster.queues[Controller.Deployment]
  const deadlineSeconds = cluster.deployments.progressDeadlineSeconds[deployment]
  const clockUs = cluster.clockUs()
  const afterUs = (status.progressingUpdateSeconds + deadlineSeconds) * 1e6 - clockUs
  if (afterUs < 1_000_000) {
    // Once it was complete it does not time out: upstream's syncs in quick succession would find nothing to do.
    const isCompleteOnce = status.progressingReason === DeploymentReason.NewReplicaSetAvailable
    if (isCompleteOnce && next.replicas === next.updatedReplicas) return
    queue.addRateLimited(deployment, clockUs)
  } else queue.addAfter(deployment, clockUs, afterUs + 1_000_000)
}
