// The only writers of volumes and their bindings, of attachments, and of what applications keep on their disks.

import { NONE } from '../base/columns.ts'
import type { NodeId } from '../model/types.ts'
import type { AttachmentId, AttachState } from './attachments.ts'
import type { ClaimId } from './claims.ts'
import type { Cluster } from './cluster.ts'
import type { PodId } from './pods.ts'
import type { VolumeId } from './volumes.ts'

/** A claim of the manifests is created; one that exists stays as it is. */
export function applyClaimSpec(cluster: Cluster, row: number): void {
  const { claims, volumes } = cluster
  if (volumes.ofObject.length === 0) return
  const claim = volumes.ofObject[row]
  if (claims.exists[claim] === 1) return
  claims.exists[claim] = 1
  claims.ownerSet[claim] = claims.ownerPod[claim] = NONE
  noteClaim(cluster, claim)
}

/** A claim is new, or bound, or gone: for the volume controller and the scheduler. */
export function noteClaim(cluster: Cluster, claim: ClaimId): void {
  if (cluster.model.storage !== undefined) cluster.watch.claimChanged(claim)
}

/** Deletes a claim of the manifests: at once, or when no pod uses it any more (pvc-protection). */
export function removeClaimObject(cluster: Cluster, row: number): void {
  const { claims, volumes } = cluster
  if (volumes.ofObject.length === 0) return
  const claim = volumes.ofObject[row]
  if (claims.exists[claim] === 0) return
  volumes.deleting[claim] = 1
  if (!isUsed(cluster, claim)) dropClaim(cluster, claim)
}

/** The last pod that used a claim may be gone. */
export function finishDeletion(cluster: Cluster, claim: ClaimId): void {
  if (cluster.volumes.deleting[claim] === 1 && !isUsed(cluster, claim)) dropClaim(cluster, claim)
}

function isUsed(cluster: Cluster, claim: ClaimId): boolean {
  const { pods, volumes } = cluster
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) if (volumes.claimsOf(pod).includes(claim)) return true
  return false
}

function dropClaim(cluster: Cluster, claim: ClaimId): void {
  cluster.claims.exists[claim] = 0
  forgetVolume(cluster, claim)
  noteClaim(cluster, claim)
}

/** A claim is gone, and the disk that was made for it with it; another claim of its name starts with an empty one. */
export function forgetVolume(cluster: Cluster, claim: ClaimId): void {
  const { volumes } = cluster
  if (cluster.model.storage === undefined) return
  const volume = volumes.volumeOf[claim]
  volumes.deleting[claim] = 0
  volumes.counter[claim] = 0
  volumes.volumeOf[claim] = NONE as VolumeId
  volumes.selectedNode[claim] = NONE as NodeId
  if (volume === NONE) return
  // A volume of the manifests stays, released, and is bound to nobody again (reclaim policy Retain).
  if (volume < volumes.givenCount) return
  volumes.exists[volume] = 0
  volumes.claimOf[volume] = NONE as ClaimId
  volumes.formatted[volume] = 0
}

/** A volume of the manifests is created. */
export function applyVolumeSpec(cluster: Cluster, row: number): void {
  const { volumes, watch } = cluster
  if (row >= volumes.givenCount || volumes.exists[row as VolumeId] === 1) return
  volumes.exists[row as VolumeId] = 1
  volumes.formatted[row as VolumeId] = 1
  watch.volumeAdded(row as VolumeId)
}

/** Deletes a volume of the manifests, unless a claim is bound to it (pv-protection). */
export function removeVolume(cluster: Cluster, row: number): void {
  const { volumes } = cluster
  if (row < volumes.givenCount && volumes.claimOf[row as VolumeId] === NONE) volumes.exists[row as VolumeId] = 0
}

/** The scheduler has chosen a node for a pod, or gives it up (NONE). */
export function assumePod(cluster: Cluster, pod: PodId, node: NodeId): void {
  cluster.volumes.assumedOn[pod] = node
}

/** The scheduler names the node whose pod a claim waits for. */
export function selectNode(cluster: Cluster, claim: ClaimId, node: NodeId): void {
  cluster.volumes.selectedNode[claim] = node
  noteClaim(cluster, claim)
}

/** The provisioner could not make a disk, or the pod is gone: the next pod may choose another node. */
export function unselectNode(cluster: Cluster, claim: ClaimId): void {
  cluster.volumes.selectedNode[claim] = NONE as NodeId
}

/**
 * A provisioner has made a disk.
 *
 * @param zone NodeModel.zone that it is in; NONE: usable in any
 * @param node the only node that can use it; NONE: not pinned
 */
export function addMadeVolume(cluster: Cluster, claim: ClaimId, zone: number, node: NodeId): void {
  const { volumes } = cluster
  const volume = volumes.madeFor(claim)
  volumes.exists[volume] = 1
  volumes.zone[volume] = zone
  volumes.pinnedTo[volume] = node
  volumes.formatted[volume] = 0
  bindClaim(cluster, claim, volume)
}

/** Binds a claim and a volume to each other. */
export function bindClaim(cluster: Cluster, claim: ClaimId, volume: VolumeId): void {
  const { volumes } = cluster
  volumes.claimOf[volume] = claim
  volumes.volumeOf[claim] = volume
  noteClaim(cluster, claim)
}

/** A pod on the node begins (1) or ceases (-1) to want the volume there. */
export function want(cluster: Cluster, at: AttachmentId, change: 1 | -1): void {
  cluster.attachments.wantedBy[at] += change
}

export function setAttachState(cluster: Cluster, at: AttachmentId, state: AttachState): void {
  cluster.attachments.state[at] = state
}

/** Puts the volume into node.status.volumesAttached, or takes it out. */
export function publish(cluster: Cluster, at: AttachmentId, attached: boolean): void {
  cluster.attachments.published[at] = attached ? 1 : 0
  cluster.watch.attachmentChanged(at)
}

/** A pod is told that its volume is still attached to another node. */
export function noteRefused(cluster: Cluster, at: AttachmentId, refused: boolean): void {
  cluster.attachments.refused[at] = refused ? 1 : 0
}

/** The kubelet puts the volume into node.status.volumesInUse, or takes it out. */
export function reportInUse(cluster: Cluster, at: AttachmentId, inUse: boolean): void {
  cluster.attachments.inUse[at] = inUse ? 1 : 0
  cluster.watch.attachmentChanged(at)
}

/** Whether the kubelet has anything to do with the volume; not an API write. */
export function hold(cluster: Cluster, at: AttachmentId, held: boolean): void {
  cluster.attachments.held[at] = held ? 1 : 0
}

/** A pod begins or ends to wait for its volumes; what it has waited is told to observers. Not an API write. */
export function noteVolumeWait(cluster: Cluster, pod: PodId, waits: boolean): void {
  const { volumes, watch } = cluster
  const sinceUs = volumes.waitsSinceUs[pod]
  if (waits) volumes.waitsSinceUs[pod] = cluster.nowUs
  else if (sinceUs < Infinity) {
    watch.volumeWaitEnded(pod, sinceUs)
    volumes.waitsSinceUs[pod] = Infinity
  }
}

/** The disk has a file system from now on. */
export function noteFormatted(cluster: Cluster, volume: VolumeId): void {
  cluster.volumes.formatted[volume] = 1
}

/** An application has started and counts on, on each of its disks. */
export function countStart(cluster: Cluster, pod: PodId): void {
  const { volumes } = cluster
  for (const claim of volumes.claimsOf(pod)) if (claim !== NONE) volumes.counter[claim] += 1
}
