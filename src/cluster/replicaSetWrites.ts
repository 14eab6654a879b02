// The only writers of ReplicaSets.

import { NONE } from '../base/columns.ts'
import { type DeploymentId, Kind, type ReplicaSetSpec, type TemplateId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { collectPodsOf } from './garbageCollector.ts'
import { Hold } from './holds.ts'
import type { ReplicaSetId } from './replicaSets.ts'
import { Write } from './writes.ts'

/** The object of the manifests that a ReplicaSet is: its kind, its row in the model, and its spec. */
export interface ReplicaSetRoot {
  readonly kind: Kind
  readonly object: number
  readonly spec: ReplicaSetSpec
}

/**
 * Creates a ReplicaSet, with the change-cause of its Deployment; `deployment` is NONE for one of the manifests, a `root`. The row is given out at once, and is in the store (`exists`,
 * the Deployment's list, the watchers) when the API has taken the write.
 */
export function insertReplicaSet(
  cluster: Cluster,
  deployment: DeploymentId,
  template: TemplateId,
  replicas: number,
  minReadySeconds: number,
  desiredReplicas: number,
  maxReplicas: number,
  revision: number,
  root?: ReplicaSetRoot,
): ReplicaSetId {
  const { api, deployments, replicaSets, pods } = cluster
  const rs = replicaSets.allocate()
  replicaSets.deployment[rs] = deployment
  replicaSets.template[rs] = template
  replicaSets.creator[rs] = deployment
  replicaSets.hash[rs] = root === undefined ? template : (NONE as TemplateId)
  replicaSets.objectKind[rs] = root?.kind ?? Kind.None
  replicaSets.object[rs] = root?.object ?? NONE
  replicaSets.objectSpec[rs] = root?.spec
  replicaSets.mustRelease[rs] = 0
  replicaSets.generation[rs] = replicaSets.knownGeneration[rs] = 1
  replicaSets.replicas[rs] = replicaSets.knownReplicas[rs] = replicas
  replicaSets.minReadySeconds[rs] = minReadySeconds
  replicaSets.desiredReplicas[rs] = desiredReplicas
  replicaSets.maxReplicas[rs] = maxReplicas
  replicaSets.revision[rs] = revision
  replicaSets.changeCause[rs] = deployment === NONE ? NONE : deployments.changeCause[deployment]
  replicaSets.observedGeneration[rs] = 0
  replicaSets.statusReplicas[rs] = 0
  replicaSets.readyReplicas[rs] = 0
  replicaSets.availableReplicas[rs] = 0
  replicaSets.terminatingReplicas[rs] = NONE
  replicaSets.deletionMark[rs] = 0
  replicaSets.activePods[rs] = replicaSets.readyPods[rs] = replicaSets.terminatingPods[rs] = 0
  replicaSets.expectedCreations[rs] = replicaSets.expectedDeletions[rs] = 0
  replicaSets.next[rs] = NONE as ReplicaSetId
  pods.firstOf[Kind.ReplicaSet][rs] = NONE
  pods.lastOf[Kind.ReplicaSet][rs] = NONE
  if (api.isDelayed()) api.table[api.delay(cluster.nowUs, Write.InsertReplicaSet)] = rs
  else publishReplicaSet(cluster, rs)
  return rs
}

/** The store has taken the creation. */
export function publishReplicaSet(cluster: Cluster, rs: ReplicaSetId): void {
  const { replicaSets, deployments } = cluster
  const deployment = replicaSets.deployment[rs]
  replicaSets.exists[rs] = 1
  replicaSets.createdAtUs[rs] = cluster.nowUs
  if (deployment !== NONE) {
    deployments.insertReplicaSet(replicaSets, deployment, rs)
    cluster.watch.replicaSetChanged(rs)
    return
  }
  replicaSets.orphanCount++
  replicaSets.ofObject[replicaSets.objectKind[rs]][replicaSets.object[rs]] = rs
  cluster.watch.specChanged(replicaSets.objectKind[rs], replicaSets.object[rs])
  cluster.watch.replicaSetChanged(rs)
  cluster.watch.replicaSetOrphaned(rs)
}

/** Notes what the Deployment controller reads of a ReplicaSet when a sync begins; not an API write. */
export function noteKnown(cluster: Cluster, rs: ReplicaSetId): void {
  const { replicaSets } = cluster
  replicaSets.knownReplicas[rs] = replicaSets.replicas[rs]
  replicaSets.knownGeneration[rs] = replicaSets.generation[rs]
}

/** Notes the size that the Deployment controller's current sync works with; not an API write. */
export function noteKnownReplicas(cluster: Cluster, rs: ReplicaSetId, replicas: number): void {
  cluster.replicaSets.knownReplicas[rs] = replicas
}

/** Sets spec.replicas together with the two annotations that proportional scaling reads later. */
export function scaleReplicaSet(
  cluster: Cluster,
  rs: ReplicaSetId,
  replicas: number,
  desiredReplicas: number,
  maxReplicas: number,
): void {
  const { api, replicaSets } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.ScaleReplicaSet)
    api.table[at] = rs
    api.table[at + 1] = replicas
    api.table[at + 2] = desiredReplicas
    api.table[at + 3] = maxReplicas
    return
  }
  const changed = replicaSets.replicas[rs] !== replicas
  if (changed) replicaSets.generation[rs] += 1
  if (!changed && replicaSets.desiredReplicas[rs] === desiredReplicas && replicaSets.maxReplicas[rs] === maxReplicas)
    return
  replicaSets.replicas[rs] = replicas
  replicaSets.desiredReplicas[rs] = desiredReplicas
  replicaSets.maxReplicas[rs] = maxReplicas
  if (replicaSets.object[rs] !== NONE) cluster.watch.specChanged(replicaSets.objectKind[rs], replicaSets.object[rs])
  cluster.watch.replicaSetChanged(rs)
}

/** Edits the pod template: pods that run stay as they are, new ones have the new one. */
export function replaceTemplate(cluster: Cluster, rs: ReplicaSetId, template: TemplateId): void {
  const { replicaSets } = cluster
  if (replicaSets.template[rs] === template) return
  replicaSets.template[rs] = template
  replicaSets.generation[rs] += 1
  cluster.watch.replicaSetChanged(rs)
}

/**
 * Sets the annotations of the revision and the change-cause, and minReadySeconds, as the Deployment controller does for a
 * re-used ReplicaSet. A Deployment without a change-cause leaves the ReplicaSet's: annotations are copied, never removed.
 */
export function renewReplicaSet(
  cluster: Cluster,
  rs: ReplicaSetId,
  revision: number,
  minReadySeconds: number,
  changeCause: number,
): void {
  const { api, replicaSets } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.RenewReplicaSet)
    api.table[at] = rs
    api.table[at + 1] = revision
    api.table[at + 2] = minReadySeconds
    api.table[at + 3] = changeCause
    return
  }
  const cause = changeCause === NONE ? replicaSets.changeCause[rs] : changeCause
  const isSame = replicaSets.revision[rs] === revision && replicaSets.minReadySeconds[rs] === minReadySeconds
  if (isSame && replicaSets.changeCause[rs] === cause) return
  if (replicaSets.minReadySeconds[rs] !== minReadySeconds) replicaSets.generation[rs] += 1
  replicaSets.revision[rs] = revision
  replicaSets.changeCause[rs] = cause
  replicaSets.minReadySeconds[rs] = minReadySeconds
  cluster.watch.replicaSetChanged(rs)
}

/** Writes the status; the caller has seen that something differs. */
export function updateReplicaSetStatus(
  cluster: Cluster,
  rs: ReplicaSetId,
  observedGeneration: number,
  replicas: number,
  ready: number,
  available: number,
  terminating: number,
): void {
  const { api, replicaSets } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.ReplicaSetStatus)
    api.table[at] = rs
    api.table[at + 1] = observedGeneration
    api.table[at + 2] = replicas
    api.table[at + 3] = ready
    api.table[at + 4] = available
    api.table[at + 5] = terminating
    return
  }
  replicaSets.observedGeneration[rs] = observedGeneration
  replicaSets.statusReplicas[rs] = replicas
  replicaSets.readyReplicas[rs] = ready
  replicaSets.availableReplicas[rs] = available
  replicaSets.terminatingReplicas[rs] = terminating
  if (replicaSets.object[rs] !== NONE) cluster.watch.statusChanged(replicaSets.objectKind[rs], replicaSets.object[rs])
  cluster.watch.replicaSetChanged(rs)
}

/**
 * Deletes a ReplicaSet with background propagation: its pods are collected by the garbage collector. One with
 * finalizers stays, marked.
 */
export function removeReplicaSet(cluster: Cluster, rs: ReplicaSetId): void {
  const { api, holds } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.RemoveReplicaSet)
    api.table[at] = rs
    return
  }
  const manifest = holds.bits[Kind.ReplicaSet][rs] & Hold.Manifest
  if (manifest === 0) dropReplicaSet(cluster, rs)
  else {
    holds.set(Kind.ReplicaSet, rs, manifest | Hold.Mark)
    markReplicaSet(cluster, rs)
  }
}

/** Sets the deletion timestamp; its controller makes and deletes no pods any more. */
export function markReplicaSet(cluster: Cluster, rs: ReplicaSetId): void {
  const { replicaSets } = cluster
  if (replicaSets.deletionMark[rs] === 1) return
  replicaSets.deletionMark[rs] = 1
  replicaSets.generation[rs] += 1
  cluster.watch.replicaSetChanged(rs)
}

/** Takes a ReplicaSet out of the store; pods that it still owns are collected. */
export function dropReplicaSet(cluster: Cluster, rs: ReplicaSetId): void {
  const { replicaSets, deployments } = cluster
  const deployment = replicaSets.deployment[rs]
  if (deployment !== NONE) deployments.removeReplicaSet(replicaSets, deployment, rs)
  else replicaSets.orphanCount--
  replicaSets.exists[rs] = 0
  const object = replicaSets.object[rs]
  if (object !== NONE) replicaSets.ofObject[replicaSets.objectKind[rs]][object] = NONE
  cluster.watch.replicaSetDeleted(rs)
  if (object !== NONE) cluster.watch.objectDeleted(replicaSets.objectKind[rs], object)
  collectPodsOf(cluster, Kind.ReplicaSet, rs)
}

/** Records what a sync has ordered; an older record is replaced (SetExpectations). */
export function raiseExpectation(cluster: Cluster, rs: ReplicaSetId, creations: number, deletions: number): void {
  const { replicaSets } = cluster
  replicaSets.expectedCreations[rs] = creations
  replicaSets.expectedDeletions[rs] = deletions
  replicaSets.expectedSinceUs[rs] = cluster.nowUs
}

/** Takes off what was seen (LowerExpectations). */
export function lowerExpectation(cluster: Cluster, rs: ReplicaSetId, creations: number, deletions: number): void {
  cluster.replicaSets.expectedCreations[rs] -= creations
  cluster.replicaSets.expectedDeletions[rs] -= deletions
}

/** The pods that had to be released are; not an API write. */
export function releasesDone(cluster: Cluster, rs: ReplicaSetId): void {
  cluster.replicaSets.mustRelease[rs] = 0
}
