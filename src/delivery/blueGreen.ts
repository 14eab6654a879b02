// After rollout/bluegreen.go and rollout/service.go, Argo Rollouts v1.8: a sync of a Rollout with the blue-green
// strategy. The active Service is every Service that selects the workload's pods.

import { NONE } from '../base/columns.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import { switchSelector } from '../cluster/serviceSelectors.ts'
import type { TemplateId } from '../model/types.ts'
import type { Strategy } from '../scenario/strategyTypes.ts'
import {
  addScaleDownDelay,
  createReplicaSet,
  reconcileRevisionHistoryLimit,
  removeScaleDownDeadlines,
  scaleTo,
  syncRevision,
} from './replicaSets.ts'
import { NEVER, type Rollout } from './rollout.ts'
import { persistStatus, promoteStable, resetRolloutStatus } from './status.ts'

type BlueGreen = Extract<Strategy, { type: 'blueGreen' }>

/** One sync. */
export function rolloutBlueGreen(rollout: Rollout, strategy: BlueGreen): void {
  syncRevision(rollout)
  if (rollout.newReplicaSet === NONE && !rollout.pausedByUser) createReplicaSet(rollout, newReplicas(rollout, strategy))
  if (rollout.templateChanged) {
    resetRolloutStatus(rollout)
    return persistStatus(rollout)
  }
  reconcileReplicaSets(rollout, strategy)
  if (rollout.newReplicaSet !== NONE && !rollout.pausedByUser) {
    reconcilePause(rollout, strategy)
    reconcileActiveService(rollout, strategy)
  }
  syncStatus(rollout, strategy)
}

/** The size of the new ReplicaSet: a preview until the checkpoint, then all (NewRSNewReplicas). */
function newReplicas(rollout: Rollout, { previewReplicas }: BlueGreen): number {
  const { activeHash, cluster, currentHash, deployment, previewCheckPoint, replicas } = rollout
  const template = cluster.deployments.template[deployment]
  if (previewReplicas === undefined || activeHash === NONE || activeHash === template) return replicas
  return currentHash !== template || !previewCheckPoint ? previewReplicas : replicas
}

function reconcileReplicaSets(rollout: Rollout, strategy: BlueGreen): void {
  const isFastTrack = isFastTracked(rollout)
  const active = rollout.activeHash === NONE ? (NONE as ReplicaSetId) : rollout.find(rollout.activeHash)
  if (!isFastTrack) removeScaleDownDeadlines(rollout)
  if (active !== NONE) scaleTo(rollout, active, rollout.replicas)
  if (rollout.newReplicaSet !== NONE) scaleTo(rollout, rollout.newReplicaSet, newReplicas(rollout, strategy))
  scaleDownOthers(rollout, strategy, active)
  reconcileRevisionHistoryLimit(rollout)
}

/** Old versions go when their deadline has passed (scaleDownOldReplicaSetsForBlueGreen). */
function scaleDownOthers(rollout: Rollout, strategy: BlueGreen, active: ReplicaSetId): void {
  const { cluster, others, scaleDownAtSeconds } = rollout
  const { replicas } = cluster.replicaSets
  for (const rs of others) {
    if (rs === active || replicas[rs] === 0) continue
    // Scaled up and without a deadline: an update that was overtaken by another.
    if (scaleDownAtSeconds[rs] === NEVER && strategy.scaleDownDelayUs > 0)
      addScaleDownDelay(rollout, rs, strategy.scaleDownDelayUs)
    if (scaleDownAtSeconds[rs] !== NEVER && !rollout.isPast(scaleDownAtSeconds[rs] * 1e6)) continue
    scaleTo(rollout, rs, 0)
  }
}

/**
 * The new version needs no pause: it is the first, it is active already, or it has served so lately that its pods still
 * run (isBlueGreenFastTracked).
 */
function isFastTracked({ activeHash, cluster, deployment, newReplicaSet, scaleDownAtSeconds }: Rollout): boolean {
  if (newReplicaSet !== NONE && scaleDownAtSeconds[newReplicaSet] !== NEVER) return true
  return activeHash === NONE || activeHash === cluster.deployments.template[deployment]
}

/** All pods of the new ReplicaSet, or of its preview, are available (ReadyForPause). */
function isReadyForPause({ cluster, newReplicaSet }: Rollout): boolean {
  const { availableReplicas, replicas } = cluster.replicaSets
  return replicas[newReplicaSet] > 0 && availableReplicas[newReplicaSet] === replicas[newReplicaSet]
}

/** Waits for `promote.after` from the moment when all new pods are available (reconcileBlueGreenPause). */
function reconcilePause(rollout: Rollout, { promoteAfterUs }: BlueGreen): void {
  if (!isReadyForPause(rollout)) return
  if (isFastTracked(rollout) || rollout.previewCheckPoint || promoteAfterUs === 0) return setPause(rollout, NEVER)
  if (rollout.pausedAtSeconds === NEVER) setPause(rollout, rollout.cluster.nowSeconds())
}

function setPause(rollout: Rollout, seconds: number): void {
  if (rollout.pausedAtSeconds === seconds) return
  rollout.pausedAtSeconds = seconds
  rollout.changed = true
}

/** Points the Services at the new version when all of its pods are available and the pause is over. */
function reconcileActiveService(rollout: Rollout, strategy: BlueGreen): void {
  const { cluster, deployment, newReplicaSet } = rollout
  const { deployments, replicaSets } = cluster
  if (!isReadyForPause(rollout)) return
  const isPauseOver = isFastTracked(rollout) || strategy.promoteAfterUs === 0 || rollout.previewCheckPoint
  if (!isPauseOver && !rollout.hasPaused(strategy.promoteAfterUs)) return
  if (replicaSets.replicas[newReplicaSet] !== rollout.replicas) {
    // The preview has passed: the rest of the pods comes before the switch.
    if (!rollout.previewCheckPoint) rollout.changed = true
    rollout.previewCheckPoint = true
    return setPause(rollout, NEVER)
  }
  const hash: TemplateId = deployments.template[deployment]
  if (rollout.activeHash === hash) return
  switchSelector(cluster, deployment, hash)
  cluster.api.awaitAnswer()
  rollout.activeHash = hash
  rollout.changed = true
}

function syncStatus(rollout: Rollout, strategy: BlueGreen): void {
  const { activeHash, cluster, deployment } = rollout
  const template = cluster.deployments.template[deployment]
  if (activeHash !== NONE && activeHash === template) {
    rollout.currentHash = template
    if (rollout.newReplicaSet !== NONE) rollout.scaleDownAtSeconds[rollout.newReplicaSet] = NEVER
    promoteStable(rollout, 0, strategy.scaleDownDelayUs)
  }
  persistStatus(rollout)
}
