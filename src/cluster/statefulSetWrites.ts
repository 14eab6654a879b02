// The only writers of StatefulSets, their ControllerRevisions and their claims.

import { assert } from '../base/assert.ts'
import { NONE } from '../base/columns.ts'
import { scaledValue } from '../model/fenceposts.ts'
import { Kind, type StatefulSetId, type StatefulSetSpec, type TemplateId } from '../model/types.ts'
import type { ClaimId } from './claims.ts'
import type { Cluster } from './cluster.ts'
import type { DeletionReason } from './codes.ts'
import { collectPodsOf } from './garbageCollector.ts'
import type { PodId } from './pods.ts'
import { removePod } from './podWrites.ts'
import { isSameSpec } from './sameSpec.ts'
import { StatefulSetStatus } from './statefulSets.ts'
import { forgetVolume, noteClaim } from './volumeWrites.ts'
import { Write } from './writes.ts'

/**
 * Writes a spec of the row (create, apply, patch, scale …); the generation rises if anything differs.
 *
 * @param index its number in the model
 * @param spec that spec, perhaps with the template that is in force
 */
export function applyStatefulSetSpec(cluster: Cluster, set: StatefulSetId, index: number, spec: StatefulSetSpec): void {
  const { claims, statefulSets } = cluster
  if (statefulSets.exists[set] === 0) {
    statefulSets.exists[set] = 1
    statefulSets.uid[set] += 1
    statefulSets.generation[set] = 0
  } else if (isSameSpec(statefulSets.spec[set], spec)) return
  statefulSets.spec[set] = spec
  statefulSets.replicas[set] = spec.replicas
  statefulSets.startOrdinal[set] = spec.startOrdinal
  statefulSets.template[set] = spec.template
  statefulSets.parallel[set] = spec.parallel ? 1 : 0
  statefulSets.onDelete[set] = spec.onDelete ? 1 : 0
  statefulSets.partition[set] = spec.partition
  statefulSets.maxUnavailable[set] = Math.max(1, scaledValue(spec.maxUnavailable, spec.replicas, false))
  statefulSets.minReadySeconds[set] = spec.minReadySeconds
  statefulSets.revisionHistoryLimit[set] = spec.revisionHistoryLimit
  statefulSets.deletesClaimsWhenScaled[set] = spec.deletesClaimsWhenScaled ? 1 : 0
  statefulSets.deletesClaimsWhenDeleted[set] = spec.deletesClaimsWhenDeleted ? 1 : 0
  claims.useSpec(set, index)
  statefulSets.generation[set] += 1
  cluster.watch.specChanged(Kind.StatefulSet, set)
}

/** Deletes a StatefulSet with background propagation: revisions, pods (all at once) and claims that it owns go. */
export function removeStatefulSet(cluster: Cluster, set: StatefulSetId): void {
  const { claims, statefulSets } = cluster
  if (statefulSets.exists[set] === 0) return
  statefulSets.exists[set] = 0
  statefulSets.status[set].clear()
  statefulSets.revisionCount[set] = 0
  cluster.watch.objectDeleted(Kind.StatefulSet, set)
  claims.suspect(set)
  collectPodsOf(cluster, Kind.StatefulSet, set)
}

/** Writes the status; the caller has seen that something differs. */
export function updateStatefulSetStatus(cluster: Cluster, set: StatefulSetId, status: StatefulSetStatus): void {
  const { api, statefulSets } = cluster
  if (api.isDelayed()) {
    packStatus(api.table, api.delay(cluster.nowUs, Write.StatefulSetStatus), set, status)
    return
  }
  statefulSets.status[set].copy(status)
  cluster.watch.statusChanged(Kind.StatefulSet, set)
}

function packStatus(table: Float64Array, at: number, set: StatefulSetId, status: StatefulSetStatus): void {
  table[at] = set
  table[at + 1] = status.observedGeneration
  table[at + 2] = status.replicas
  table[at + 3] = status.readyReplicas
  table[at + 4] = status.availableReplicas
  table[at + 5] = status.currentReplicas
  table[at + 6] = status.updatedReplicas
  table[at + 7] = status.currentRevision
  table[at + 8] = status.updateRevision
}

const unpacked = new StatefulSetStatus()

/** The status that packStatus laid down; valid until the next call. */
export function unpackStatefulSetStatus(table: Float64Array, at: number): StatefulSetStatus {
  unpacked.observedGeneration = table[at + 1]
  unpacked.replicas = table[at + 2]
  unpacked.readyReplicas = table[at + 3]
  unpacked.availableReplicas = table[at + 4]
  unpacked.currentReplicas = table[at + 5]
  unpacked.updatedReplicas = table[at + 6]
  unpacked.currentRevision = table[at + 7] as TemplateId
  unpacked.updateRevision = table[at + 8] as TemplateId
  return unpacked
}

/** Creates the ControllerRevision of a template, or gives the one that there is this number: it becomes the newest. */
export function putRevision(cluster: Cluster, set: StatefulSetId, template: TemplateId, revision: number): void {
  const { api, statefulSets } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.PutRevision)
    api.table[at] = set
    api.table[at + 1] = template
    api.table[at + 2] = revision
    return
  }
  const known = statefulSets.findRevision(set, template)
  if (known !== NONE) dropRevision(cluster, set, known)
  const last = statefulSets.firstRevision[set] + statefulSets.revisionCount[set]++
  assert(last < statefulSets.revisionTemplate.length, 'a StatefulSet has at most a revision for each spec')
  statefulSets.revisionTemplate[last] = template
  statefulSets.revisionNumber[last] = revision
}

/** Deletes the ControllerRevision of a template. */
export function removeRevision(cluster: Cluster, set: StatefulSetId, template: TemplateId): void {
  const { api, statefulSets } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.RemoveRevision)
    api.table[at] = set
    api.table[at + 1] = template
    return
  }
  const known = statefulSets.findRevision(set, template)
  if (known !== NONE) dropRevision(cluster, set, known)
}

function dropRevision(cluster: Cluster, set: StatefulSetId, gone: number): void {
  const { statefulSets } = cluster
  const end = statefulSets.firstRevision[set] + statefulSets.revisionCount[set]
  statefulSets.revisionTemplate.copyWithin(gone, gone + 1, end)
  statefulSets.revisionNumber.copyWithin(gone, gone + 1, end)
  statefulSets.revisionCount[set] -= 1
}

/** Creates a claim, or writes the owner references of the one that there is: UIDs, or NONE. */
export function putClaim(
  cluster: Cluster,
  set: StatefulSetId,
  claim: ClaimId,
  ownerSet: number,
  ownerPod: number,
): void {
  const { api, claims } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.PutClaim)
    api.table[at] = set
    api.table[at + 1] = claim
    api.table[at + 2] = ownerSet
    api.table[at + 3] = ownerPod
    return
  }
  const isNew = claims.exists[claim] === 0
  if (!isNew && claims.isOwned(claim)) claims.ownedOf[set] -= 1
  claims.exists[claim] = 1
  claims.ownerSet[claim] = ownerSet
  claims.ownerPod[claim] = ownerPod
  if (claims.isOwned(claim)) {
    claims.ownedOf[set] += 1
    claims.suspect(set)
  }
  cluster.watch.changed = true
  if (isNew) noteClaim(cluster, claim)
}

/** Deletes a claim. */
export function removeClaim(cluster: Cluster, set: StatefulSetId, claim: ClaimId): void {
  const { claims } = cluster
  if (claims.isOwned(claim)) claims.ownedOf[set] -= 1
  claims.exists[claim] = 0
  cluster.watch.changed = true
  forgetVolume(cluster, claim)
  noteClaim(cluster, claim)
}

/** Deletes the pod that has the name of this ordinal by then, as a client does that knows no UID. */
export function deletePodOfOrdinal(
  cluster: Cluster,
  set: StatefulSetId,
  ordinal: number,
  reason: DeletionReason,
): void {
  const { api } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.DeletePodOfOrdinal)
    api.table[at] = set
    api.table[at + 1] = ordinal
    api.table[at + 2] = reason
    return
  }
  const pod = findPodOfOrdinal(cluster, set, ordinal)
  if (pod !== NONE) removePod(cluster, pod, NONE, reason)
}

/** The pod of that name, of whatever incarnation of the set; NONE if there is none. */
export function findPodOfOrdinal(cluster: Cluster, set: StatefulSetId, ordinal: number): PodId {
  const { pods } = cluster
  let pod = pods.firstOf[Kind.StatefulSet][set] as PodId
  while (pod !== NONE && pods.ordinal[pod] !== ordinal) pod = pods.nextOfOwner[pod]
  return pod
}
