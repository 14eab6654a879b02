// After rollout/sync.go (calculateBaseStatus, calculateRolloutConditions, persistRolloutStatus, promoteStable) and
// utils/conditions/rollouts.go, Argo Rollouts v1.8: what a sync writes at its end.

import { NONE } from '../base/columns.ts'
import { ConditionStatus, DeploymentReason } from '../cluster/codes.ts'
import { DeploymentStatus } from '../cluster/deployments.ts'
import { updateDeploymentStatus } from '../cluster/deploymentWrites.ts'
import { addScaleDownDelay } from './replicaSets.ts'
import { NEVER, type Rollout } from './rollout.ts'

const computed = new DeploymentStatus()

/** The template is a new one: a pause is over, an abort is forgotten, and the steps begin again (resetRolloutStatus). */
export function resetRolloutStatus(rollout: Rollout): void {
  rollout.pausedAtSeconds = NEVER
  rollout.aborted = false
  rollout.previewCheckPoint = false
  rollout.stepIndex = 0
  rollout.changed = true
}

/** The new version is the stable one from now on (promoteStable). */
export function promoteStable(rollout: Rollout, stepCount: number, scaleDownDelayUs: number): void {
  const { currentHash, stableReplicaSet } = rollout
  if (rollout.pausedAtSeconds !== NEVER || rollout.stepIndex !== stepCount) rollout.changed = true
  rollout.pausedAtSeconds = NEVER
  rollout.aborted = false
  rollout.previewCheckPoint = false
  rollout.stepIndex = stepCount
  if (rollout.stableHash === currentHash) return
  if (stableReplicaSet !== NONE) addScaleDownDelay(rollout, stableReplicaSet, scaleDownDelayUs)
  rollout.stableHash = currentHash
  rollout.changed = true
}

/** Writes counts and conditions. A change of the status wakes the controller again, as the informer does. */
export function persistStatus(rollout: Rollout): void {
  const { cluster, deployment, status } = rollout
  const template = cluster.deployments.template[deployment]
  if (rollout.currentHash !== template) {
    rollout.currentHash = template
    rollout.changed = true
  }
  const next = calculateStatus(rollout)
  judgeProgress(rollout, next)
  const differs = !next.equals(status) || next.revision !== cluster.deployments.status[deployment].revision
  if (!differs && !rollout.changed) return
  if (differs) updateDeploymentStatus(cluster, deployment, next)
  cluster.api.awaitAnswer()
  if (rollout.changed) rollout.queue.add(deployment)
}

function calculateStatus(rollout: Rollout): DeploymentStatus {
  const { cluster, deployment, newReplicaSet, status } = rollout
  const { deployments, replicaSets } = cluster
  const next = computed
  next.copy(status)
  next.observedGeneration = deployments.generation[deployment]
  next.replicas = next.readyReplicas = next.availableReplicas = next.terminatingReplicas = 0
  let wanted = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) {
    wanted += replicaSets.replicas[rs]
    next.replicas += replicaSets.statusReplicas[rs]
    next.readyReplicas += replicaSets.readyReplicas[rs]
    next.availableReplicas += replicaSets.availableReplicas[rs]
    next.terminatingReplicas += Math.max(0, replicaSets.terminatingReplicas[rs])
  }
  next.updatedReplicas = newReplicaSet === NONE ? 0 : replicaSets.statusReplicas[newReplicaSet]
  next.unavailableReplicas = Math.max(0, wanted - next.availableReplicas)
  const isAvailable = next.availableReplicas >= rollout.replicas - deployments.maxUnavailable[deployment]
  next.setAvailable(
    isAvailable ? ConditionStatus.True : ConditionStatus.False,
    isAvailable ? DeploymentReason.MinimumReplicasAvailable : DeploymentReason.MinimumReplicasUnavailable,
  )
  return next
}

/** Progressing: aborted, else paused, else complete, else moved, else timed out, else as it was. */
function judgeProgress(rollout: Rollout, next: DeploymentStatus): void {
  const { cluster, status } = rollout
  const nowSeconds = cluster.nowSeconds()
  if (rollout.aborted) {
    next.setProgressing(ConditionStatus.False, DeploymentReason.RolloutAborted, nowSeconds)
  } else if (rollout.pausedAtSeconds !== NEVER || rollout.pausedByUser) {
    next.setProgressing(ConditionStatus.Unknown, DeploymentReason.DeploymentPaused, nowSeconds)
  } else if (isComplete(rollout, next)) {
    next.setProgressing(ConditionStatus.True, DeploymentReason.NewReplicaSetAvailable, nowSeconds)
  } else if (status.progressing === ConditionStatus.Absent || hasMoved(status, next) || rollout.changed) {
    next.replaceProgressing(ConditionStatus.True, DeploymentReason.ReplicaSetUpdated, nowSeconds)
  } else if (status.progressingReason === DeploymentReason.DeploymentPaused) {
    next.setProgressing(ConditionStatus.Unknown, DeploymentReason.DeploymentResumed, nowSeconds)
  } else if (isTimedOut(rollout)) {
    next.setProgressing(ConditionStatus.False, DeploymentReason.ProgressDeadlineExceeded, nowSeconds)
  }
}

function isComplete(rollout: Rollout, next: DeploymentStatus): boolean {
  const { replicas } = rollout
  return (
    rollout.stableHash === rollout.currentHash &&
    next.updatedReplicas === replicas &&
    next.availableReplicas >= replicas &&
    !rollout.templateChanged
  )
}

/** More updated, fewer old, more ready or more available pods than before (RolloutProgressing). */
function hasMoved(before: DeploymentStatus, after: DeploymentStatus): boolean {
  return (
    after.updatedReplicas > before.updatedReplicas ||
    after.replicas - after.updatedReplicas < before.replicas - before.updatedReplicas ||
    after.readyReplicas > before.readyReplicas ||
    after.availableReplicas > before.availableReplicas
  )
}

/** No progress for longer than the deadline (RolloutTimedOut); if it has yet to pass, the controller will look then. */
function isTimedOut(rollout: Rollout): boolean {
  const { cluster, deployment, status } = rollout
  const deadlineSeconds = cluster.deployments.progressDeadlineSeconds[deployment]
  if (deadlineSeconds === NONE || status.progressingReason === DeploymentReason.NewReplicaSetAvailable) return false
  if (status.progressingReason === DeploymentReason.ProgressDeadlineExceeded) return true
  return rollout.isPast((status.progressingUpdateSeconds + deadlineSeconds) * 1e6 + 1)
}
