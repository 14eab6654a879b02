// After pkg/scheduler/framework/plugins/{volumebinding,volumerestrictions,volumezone}, Kubernetes v1.36: where a pod's
// claims let it go. A ReadWriteOnce volume that is attached to one node does not keep the pod from another.

import { NONE } from '../../base/columns.ts'
import type { ClaimId } from '../../cluster/claims.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { isTerminal, type PodId } from '../../cluster/pods.ts'
import { findMatchingVolume } from '../../cluster/volumeMatching.ts'
import { matchesNodeAffinity } from '../../model/nodeAffinity.ts'
import { AccessMode } from '../../model/storageTypes.ts'
import type { NodeId } from '../../model/types.ts'
import { Reason } from '../reasons.ts'

/** What the claims of a pod say of a node: Fits, or one of the reasons that concern volumes. */
export type VolumeFilter = (cluster: Cluster, pod: PodId, node: NodeId) => Reason

/** The claims let the pod go to the node: none of them is elsewhere, and unbound ones can be provided there. */
export const volumeFilter: VolumeFilter = (cluster, pod, node) => {
  if (cluster.model.storage === undefined) return Reason.Fits
  const claims = cluster.volumes.claimsOf(pod)
  for (let i = 0; i < claims.length; i++) {
    const reason = claimFilter(cluster, pod, claims[i])
    if (reason !== Reason.Fits) return reason
    if (!canBeUsedOn(cluster, claims[i], node)) return Reason.VolumeBinding
  }
  return Reason.Fits
}

/** Why no node will do for the pod, whatever node it is (PreFilter). */
function claimFilter(cluster: Cluster, pod: PodId, claim: ClaimId): Reason {
  const { claims, model, volumes } = cluster
  if (claim === NONE || claims.exists[claim] === 0 || volumes.deleting[claim] === 1) return Reason.ClaimNotFound
  const waits = model.storage!.classes[volumes.classOf(claim)].waitsForConsumer
  if (volumes.volumeOf[claim] === NONE && !waits) return Reason.ClaimUnbound
  return isTakenByAnother(cluster, pod, claim) ? Reason.VolumeRestrictions : Reason.Fits
}

function canBeUsedOn(cluster: Cluster, claim: ClaimId, node: NodeId): boolean {
  const { model, nodes, volumes } = cluster
  const volume = volumes.volumeOf[claim]
  if (volume !== NONE) return volumes.isUsableOn(volume, node)
  const selected = volumes.selectedNode[claim]
  if (selected !== NONE) return selected === node
  if (findMatchingVolume(cluster, claim, node) !== NONE) return true
  const { allowed, provisions } = model.storage!.classes[volumes.classOf(claim)]
  if (!provisions || volumes.specOf(claim).selector !== undefined) return false
  return matchesNodeAffinity(allowed, model.nodes[node].name, nodes.labels[node])
}

/** Whether a claim for one pod is in the hands of another pod on a node, until that one is finished or gone. */
function isTakenByAnother(cluster: Cluster, pod: PodId, claim: ClaimId): boolean {
  const { pods, volumes } = cluster
  if ((volumes.specOf(claim).accessModes & AccessMode.ReadWriteOncePod) === 0) return false
  for (let other = pods.first; other !== NONE; other = pods.next[other]) {
    const isPlaced = pods.node[other] !== NONE || volumes.assumedOn[other] !== NONE
    if (other === pod || !isPlaced || isTerminal(pods, other)) continue
    if (volumes.claimsOf(other).includes(claim)) return true
  }
  return false
}
