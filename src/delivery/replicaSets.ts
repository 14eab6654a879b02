// After rollout/sync.go and rollout/replicaset.go, Argo Rollouts v1.8: what a Rollout does to its ReplicaSets.

import { NONE } from '../base/columns.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import { insertReplicaSet, removeReplicaSet, renewReplicaSet, scaleReplicaSet } from '../cluster/replicaSetWrites.ts'
import { NEVER, type Rollout } from './rollout.ts'

/** Brings the revision of the new ReplicaSet up to date (syncReplicaSetRevision). */
export function syncRevision(rollout: Rollout): void {
  const { cluster, deployment, newReplicaSet, status } = rollout
  const { deployments, replicaSets } = cluster
  if (newReplicaSet === NONE) return
  const revision = maxOtherRevision(rollout) + 1
  const minReadySeconds = deployments.minReadySeconds[deployment]
  const changeCause = deployments.changeCause[deployment]
  const isOtherCause = changeCause !== NONE && replicaSets.changeCause[newReplicaSet] !== changeCause
  const isOld = replicaSets.revision[newReplicaSet] < revision || isOtherCause
  if (isOld || replicaSets.minReadySeconds[newReplicaSet] !== minReadySeconds) {
    const kept = Math.max(revision, replicaSets.revision[newReplicaSet])
    renewReplicaSet(cluster, newReplicaSet, kept, minReadySeconds, changeCause)
    cluster.api.awaitAnswer()
  }
  status.revision = replicaSets.revision[newReplicaSet]
}

/** Creates the ReplicaSet of the current template (createDesiredReplicaSet). */
export function createReplicaSet(rollout: Rollout, replicas: number): void {
  const { cluster, deployment, status } = rollout
  const { deployments } = cluster
  const wanted = rollout.replicas
  const revision = maxOtherRevision(rollout) + 1
  rollout.newReplicaSet = insertReplicaSet(
    cluster,
    deployment,
    deployments.template[deployment],
    replicas,
    deployments.minReadySeconds[deployment],
    wanted,
    wanted + deployments.maxSurge[deployment],
    revision,
  )
  rollout.scaleDownAtSeconds[rollout.newReplicaSet] = NEVER
  status.revision = revision
  cluster.api.awaitAnswer()
}

function maxOtherRevision(rollout: Rollout): number {
  const { cluster, deployment, newReplicaSet } = rollout
  const { deployments, replicaSets } = cluster
  let max = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    if (rs !== newReplicaSet && replicaSets.revision[rs] > max) max = replicaSets.revision[rs]
  return max
}

/** Scales a ReplicaSet; false if it has that size already (scaleReplicaSetAndRecordEvent). */
export function scaleTo(rollout: Rollout, rs: ReplicaSetId, replicas: number): boolean {
  const { cluster, deployment } = rollout
  const { deployments, replicaSets } = cluster
  const wanted = rollout.replicas
  if (replicaSets.replicas[rs] === replicas && replicaSets.desiredReplicas[rs] === wanted) return false
  const isScaled = replicaSets.replicas[rs] !== replicas
  scaleReplicaSet(cluster, rs, replicas, wanted, wanted + deployments.maxSurge[deployment])
  cluster.api.awaitAnswer()
  return isScaled
}

/** Sum of spec.replicas of the ReplicaSets that are neither new nor stable. */
export function countOtherReplicas(rollout: Rollout): number {
  const { replicaSets } = rollout.cluster
  let sum = 0
  for (const rs of rollout.others) sum += replicaSets.replicas[rs]
  return sum
}

/** Gives a ReplicaSet a deadline after which it is scaled down (addScaleDownDelay); whole seconds, rounded down. */
export function addScaleDownDelay(rollout: Rollout, rs: ReplicaSetId, delayUs: number): void {
  if (delayUs === 0) return
  rollout.scaleDownAtSeconds[rs] = Math.floor((rollout.cluster.clockUs() + delayUs) / 1e6)
  rollout.cluster.api.awaitAnswer()
}

/** A ReplicaSet that is new or stable again has no deadline any more (removeScaleDownDeadlines). */
export function removeScaleDownDeadlines(rollout: Rollout): void {
  const { newReplicaSet, scaleDownAtSeconds, stableReplicaSet } = rollout
  if (newReplicaSet !== NONE) scaleDownAtSeconds[newReplicaSet] = NEVER
  if (stableReplicaSet !== NONE) scaleDownAtSeconds[stableReplicaSet] = NEVER
}

/** Deletes old ReplicaSets beyond revisionHistoryLimit that have no pods (reconcileRevisionHistoryLimit). */
export function reconcileRevisionHistoryLimit(rollout: Rollout): void {
  const { cluster, deployment, others } = rollout
  const { deployments, replicaSets } = cluster
  const limit = deployments.revisionHistoryLimit[deployment]
  if (limit === NONE || others.length <= limit) return
  others.sort((a, b) => replicaSets.revision[a] - replicaSets.revision[b] || a - b)
  for (let i = 0, excess = others.length - limit; i < excess; i++) {
    const rs = others[i]
    if (replicaSets.replicas[rs] !== 0 || replicaSets.statusReplicas[rs] !== 0) continue
    if (replicaSets.generation[rs] > replicaSets.observedGeneration[rs]) continue
    removeReplicaSet(cluster, rs)
    cluster.api.awaitAnswer()
  }
}
