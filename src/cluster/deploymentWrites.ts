// The only writers of Deployments.

import { NONE } from '../base/columns.ts'
import { resolveFenceposts } from '../model/fenceposts.ts'
import { type DeploymentId, type DeploymentSpec, Kind } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import type { ConditionStatus, DeploymentReason } from './codes.ts'
import { DeploymentStatus } from './deployments.ts'
import { changeReplicaSetOwner } from './ownership.ts'
import { removeReplicaSet } from './replicaSetWrites.ts'
import { isSameSpec } from './sameSpec.ts'
import { Write } from './writes.ts'

/**
 * Writes a spec (create, apply, patch, scale, pause …); the generation rises if anything differs. An annotation is
 * metadata: it wakes the controller, and the generation stays.
 */
export function applyDeploymentSpec(cluster: Cluster, deployment: DeploymentId, spec: DeploymentSpec): void {
  const { deployments } = cluster
  if (deployments.exists[deployment] === 0) deployments.deletionMark[deployment] = 0
  else if (isSameSpec({ ...deployments.spec[deployment], changeCause: spec.changeCause }, spec)) {
    if (deployments.changeCause[deployment] === spec.changeCause) return
    deployments.spec[deployment] = spec
    deployments.changeCause[deployment] = spec.changeCause
    cluster.watch.specChanged(Kind.Deployment, deployment)
    return
  }
  deployments.spec[deployment] = spec
  deployments.changeCause[deployment] = spec.changeCause
  deployments.exists[deployment] = 1
  deployments.selector[deployment] = spec.selector
  deployments.replicas[deployment] = spec.replicas
  deployments.template[deployment] = spec.template
  deployments.recreate[deployment] = spec.recreate ? 1 : 0
  const fenceposts = resolveFenceposts(spec)
  deployments.maxSurge[deployment] = fenceposts.maxSurge
  deployments.maxUnavailable[deployment] = fenceposts.maxUnavailable
  deployments.minReadySeconds[deployment] = spec.minReadySeconds
  deployments.progressDeadlineSeconds[deployment] = spec.progressDeadlineSeconds
  deployments.revisionHistoryLimit[deployment] = spec.revisionHistoryLimit
  deployments.paused[deployment] = spec.paused ? 1 : 0
  deployments.generation[deployment] += 1
  cluster.watch.specChanged(Kind.Deployment, deployment)
}

/** Sets the deletion timestamp: from here the controller only writes the status. */
export function markDeployment(cluster: Cluster, deployment: DeploymentId): void {
  const { deployments } = cluster
  deployments.deletionMark[deployment] = 1
  deployments.generation[deployment] += 1
  cluster.watch.specChanged(Kind.Deployment, deployment)
}

/** Deletes a Deployment with background propagation: its ReplicaSets and their pods are collected. */
export function removeDeployment(cluster: Cluster, deployment: DeploymentId): void {
  const { deployments, replicaSets } = cluster
  if (deployments.exists[deployment] === 0) return
  deployments.exists[deployment] = 0
  deployments.status[deployment].clear()
  cluster.watch.objectDeleted(Kind.Deployment, deployment)
  let rs = deployments.oldestReplicaSet[deployment]
  while (rs !== NONE) {
    const next = replicaSets.next[rs]
    removeReplicaSet(cluster, rs)
    // One with finalizers outlives its owner; a later Deployment of this name is another one.
    if (replicaSets.exists[rs] === 1) changeReplicaSetOwner(cluster, rs, NONE as DeploymentId)
    rs = next
  }
}

/** Writes the status as a whole; writing what is there already wakes nobody. */
export function updateDeploymentStatus(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): void {
  const { api, deployments } = cluster
  if (api.isDelayed()) {
    packStatus(api.table, api.delay(cluster.nowUs, Write.DeploymentStatus), deployment, status)
    return
  }
  const stored = deployments.status[deployment]
  const revision = cluster.model.surroundings.statusWritesDropAnnotations === true ? stored.revision : status.revision
  if (stored.equals(status) && stored.revision === revision) return
  stored.copy(status)
  stored.revision = revision
  cluster.watch.statusChanged(Kind.Deployment, deployment)
}

function packStatus(table: Float64Array, at: number, deployment: DeploymentId, status: DeploymentStatus): void {
  table[at] = deployment
  table[at + 1] = status.observedGeneration
  table[at + 2] = status.replicas
  table[at + 3] = status.updatedReplicas
  table[at + 4] = status.readyReplicas
  table[at + 5] = status.availableReplicas
  table[at + 6] = status.unavailableReplicas
  table[at + 7] = status.terminatingReplicas
  table[at + 8] = status.available
  table[at + 9] = status.availableReason
  table[at + 10] = status.progressing
  table[at + 11] = status.progressingReason
  table[at + 12] = status.progressingUpdateSeconds
  table[at + 13] = status.progressingTransitionSeconds
  table[at + 14] = status.revision
}

const unpacked = new DeploymentStatus()

/** The status that packStatus laid down; valid until the next call. */
export function unpackStatus(table: Float64Array, at: number): DeploymentStatus {
  unpacked.observedGeneration = table[at + 1]!
  unpacked.replicas = table[at + 2]!
  unpacked.updatedReplicas = table[at + 3]!
  unpacked.readyReplicas = table[at + 4]!
  unpacked.availableReplicas = table[at + 5]!
  unpacked.unavailableReplicas = table[at + 6]!
  unpacked.terminatingReplicas = table[at + 7]!
  unpacked.available = table[at + 8] as ConditionStatus
  unpacked.availableReason = table[at + 9] as DeploymentReason
  unpacked.progressing = table[at + 10] as ConditionStatus
  unpacked.progressingReason = table[at + 11] as DeploymentReason
  unpacked.progressingUpdateSeconds = table[at + 12]!
  unpacked.progressingTransitionSeconds = table[at + 13]!
  unpacked.revision = table[at + 14]!
  return unpacked
}
