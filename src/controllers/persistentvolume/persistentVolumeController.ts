// After pkg/controller/volume/persistentvolume/pv_controller.go and index.go, Kubernetes v1.36: binds claims to volumes,
// and has disks made where none fits. The scheduler does the same for claims that wait for their first consumer, once it
// has chosen a node; what it cannot find a volume for it leaves to the provisioner here (annotation selected-node).

import { NONE } from '../../base/columns.ts'
import type { ClaimId } from '../../cluster/claims.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { EventKind, Rank } from '../../cluster/codes.ts'
import type { StorageDraws } from '../../cluster/storageDraws.ts'
import { findMatchingVolume } from '../../cluster/volumeMatching.ts'
import { addMadeVolume, bindClaim, finishDeletion } from '../../cluster/volumeWrites.ts'
import type { VolumeId } from '../../cluster/volumes.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { NodeId } from '../../model/types.ts'

export class PersistentVolumeController {
  private readonly cluster: Cluster
  private readonly draws: StorageDraws
  /** When each claim's disk is there; Infinity: nothing is being made for it. */
  private readonly madeUs: Float64Array

  constructor(cluster: Cluster, draws: StorageDraws) {
    this.cluster = cluster
    this.draws = draws
    this.madeUs = new Float64Array(cluster.claims.count)
  }

  reset(): void {
    this.madeUs.fill(Infinity)
  }

  watcher(): Watcher {
    const { claims, volumes } = this.cluster
    return {
      podDeleted: (pod) => {
        for (const claim of volumes.claimsOf(pod)) if (claim !== NONE) finishDeletion(this.cluster, claim)
      },
      claimChanged: (claim) => this.syncClaim(claim),
      volumeAdded: () => {
        for (let claim = 0 as ClaimId; claim < claims.count; claim++) this.syncClaim(claim)
      },
    }
  }

  /** syncUnboundClaim: a volume that is named, one that fits, or a new one. */
  private syncClaim(claim: ClaimId): void {
    const { claims, volumes, model } = this.cluster
    if (claims.exists[claim] === 0) {
      this.madeUs[claim] = Infinity
      return
    }
    if (volumes.volumeOf[claim] !== NONE || volumes.deleting[claim] === 1) return
    const spec = volumes.specOf(claim)
    const storageClass = model.storage!.classes[volumes.classOf(claim)]
    const waits = storageClass.waitsForConsumer && spec.volumeName === ''
    if (waits && volumes.selectedNode[claim] === NONE) return
    const volume = waits ? (NONE as VolumeId) : findMatchingVolume(this.cluster, claim, NONE as NodeId)
    if (volume !== NONE) bindClaim(this.cluster, claim, volume)
    else if (storageClass.provisions && spec.selector === undefined && spec.volumeName === '') this.provision(claim)
  }

  /** provisionClaimOperationExternal: the driver makes a disk. */
  private provision(claim: ClaimId): void {
    const { agenda, nowUs, volumes } = this.cluster
    if (this.madeUs[claim] !== Infinity) return
    this.madeUs[claim] = nowUs + this.draws.durationUs('provision', volumes.madeFor(claim))
    agenda.push(this.madeUs[claim], Rank.World, EventKind.VolumeProvisioned, claim)
  }

  /** A disk is there, in the zone of the node that was selected for the claim. */
  fire(claim: ClaimId): void {
    const { claims, model, nowUs, volumes } = this.cluster
    if (this.madeUs[claim] !== nowUs) return
    this.madeUs[claim] = Infinity
    if (claims.exists[claim] === 0 || volumes.volumeOf[claim] !== NONE) return
    const { topology } = model.storage!.classes[volumes.classOf(claim)]
    const selected = volumes.selectedNode[claim]
    const node = selected === NONE ? this.nodeByTurns(claim) : selected
    const zone = topology === 'zone' && node !== NONE ? model.nodes[node].zone : NONE
    addMadeVolume(this.cluster, claim, zone, topology === 'node' ? node : (NONE as NodeId))
  }

  /** A provisioner that is told no node spreads disks over zones by the claim's name (ChooseZoneForVolume): by turns. */
  private nodeByTurns(claim: ClaimId): NodeId {
    const { nodes } = this.cluster
    for (let tries = 0; tries < nodes.count; tries++) {
      const node = ((claim + tries) % nodes.count) as NodeId
      if (nodes.exists[node] === 1) return node
    }
    return NONE as NodeId
  }
}
