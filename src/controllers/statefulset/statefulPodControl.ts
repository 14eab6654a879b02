// After pkg/controller/statefulset/stateful_pod_control.go, Kubernetes v1.36.3: what is done to one pod and its claims.
// Claims come before the pod that uses them; the claims' owners are put right after it.

import { NONE } from '../../base/columns.ts'
import type { ClaimId } from '../../cluster/claims.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { DeletionReason } from '../../cluster/codes.ts'
import type { PodId } from '../../cluster/pods.ts'
import { createPod, deletePod } from '../../cluster/podWrites.ts'
import { deletePodOfOrdinal, putClaim } from '../../cluster/statefulSetWrites.ts'
import { Kind, type NodeId, type StatefulSetId } from '../../model/types.ts'
import type { Slots } from './slots.ts'

/** Creates what is missing of the claims of a slot, then its pod; false if another pod has the name. */
export function createStatefulPod(cluster: Cluster, set: StatefulSetId, slots: Slots, slot: number): boolean {
  const { api, statefulSets } = cluster
  const ordinal = statefulSets.startOrdinal[set] + slot
  const missing = createMissingClaims(cluster, set, ordinal)
  const revision = slots.revision[slot] as Parameters<typeof createPod>[3]
  const taken = slots.nameTaken[slot] === 1
  if (!taken) createPod(cluster, Kind.StatefulSet, set, revision, ordinal, NONE as NodeId, 0)
  api.awaitAnswer()
  if (!taken) updateClaims(cluster, set, ordinal, NONE, missing)
  return !taken
}

/** Deletes a pod by its name; one that this very sync has created is known by its ordinal only. */
export function deleteStatefulPod(
  cluster: Cluster,
  set: StatefulSetId,
  pod: PodId,
  ordinal: number,
  reason: DeletionReason,
): void {
  if (pod === NONE) deletePodOfOrdinal(cluster, set, ordinal, reason)
  else deletePod(cluster, pod, NONE, reason)
  cluster.api.awaitAnswer()
}

/** Creates the claims of a pending pod that are missing, and puts the owners of all right. */
export function createMissingAndUpdateClaims(cluster: Cluster, set: StatefulSetId, pod: PodId): void {
  const { pods } = cluster
  const ordinal = pods.ordinal[pod]
  updateClaims(cluster, set, ordinal, pods.uid[pod], createMissingClaims(cluster, set, ordinal))
}

/** Puts the owners of a pod's claims right; false if they were already (ClaimsMatchRetentionPolicy). */
export function enforceRetentionPolicy(cluster: Cluster, set: StatefulSetId, pod: PodId): boolean {
  const { pods } = cluster
  return updateClaims(cluster, set, pods.ordinal[pod], pods.uid[pod], 0)
}

/**
 * True if a claim still belongs to an earlier pod of the ordinal, and will go with it: a pod made now would lose its
 * volume (PodClaimIsStale).
 */
export function isClaimStale(cluster: Cluster, set: StatefulSetId, ordinal: number): boolean {
  const { claims, statefulSets } = cluster
  if (statefulSets.deletesClaimsWhenScaled[set] === 0) return false
  for (const template of claims.templatesOf(set)) {
    const claim = claims.claimOf(set, template, ordinal)
    if (claims.exists[claim] === 1 && claims.ownerPod[claim] !== NONE) return true
  }
  return false
}

/** Creates claims that do not exist, without owners; returns them as bits by their place in the spec. */
function createMissingClaims(cluster: Cluster, set: StatefulSetId, ordinal: number): number {
  const { api, claims } = cluster
  const templates = claims.templatesOf(set)
  let missing = 0
  for (let i = 0; i < templates.length; i++) {
    const claim = claims.claimOf(set, templates[i], ordinal)
    if (claims.exists[claim] === 1) continue
    putClaim(cluster, set, claim, NONE, NONE)
    api.awaitAnswer()
    missing |= 1 << i
  }
  return missing
}

/**
 * Writes the owners of the claims that the retention policy wants otherwise; true if there was one. Claims that do not
 * exist are left out, except those that were created just now (`created`, bits by their place in the spec).
 *
 * @param podUid NONE: the pod is not created yet
 */
function updateClaims(cluster: Cluster, set: StatefulSetId, ordinal: number, podUid: number, created: number): boolean {
  const { api, claims, statefulSets } = cluster
  const templates = claims.templatesOf(set)
  let updated = false
  for (let i = 0; i < templates.length; i++) {
    const claim = claims.claimOf(set, templates[i], ordinal)
    const isNew = (created & (1 << i)) !== 0
    if (!isNew && (claims.exists[claim] === 0 || hasStaleOwner(cluster, set, claim, podUid))) continue
    const ownerSet = wantsSetAsOwner(cluster, set, ordinal) ? statefulSets.uid[set] : NONE
    const ownerPod = wantsPodAsOwner(cluster, set, ordinal) ? podUid : NONE
    const asWanted = isNew
      ? ownerSet === NONE && ownerPod === NONE
      : claims.ownerSet[claim] === ownerSet && claims.ownerPod[claim] === ownerPod
    if (asWanted) continue
    putClaim(cluster, set, claim, ownerSet, ownerPod)
    api.awaitAnswer()
    updated = true
  }
  return updated
}

/** An owner of the same name, but of another incarnation: such a claim is not touched. */
function hasStaleOwner(cluster: Cluster, set: StatefulSetId, claim: ClaimId, podUid: number): boolean {
  const { claims, statefulSets } = cluster
  const ownerSet = claims.ownerSet[claim]
  const ownerPod = claims.ownerPod[claim]
  return (ownerSet !== NONE && ownerSet !== statefulSets.uid[set]) || (ownerPod !== NONE && ownerPod !== podUid)
}

/** The claim goes with the set: whenDeleted is Delete, and it does not go with its pod before. */
function wantsSetAsOwner(cluster: Cluster, set: StatefulSetId, ordinal: number): boolean {
  const { statefulSets } = cluster
  return statefulSets.deletesClaimsWhenDeleted[set] === 1 && !wantsPodAsOwner(cluster, set, ordinal)
}

/** The claim goes with its pod: whenScaled is Delete, and the set does not want the ordinal any more. */
function wantsPodAsOwner(cluster: Cluster, set: StatefulSetId, ordinal: number): boolean {
  const { statefulSets } = cluster
  const slot = ordinal - statefulSets.startOrdinal[set]
  return statefulSets.deletesClaimsWhenScaled[set] === 1 && (slot < 0 || slot >= statefulSets.replicas[set])
}
