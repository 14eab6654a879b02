// After pkg/scheduler/framework/plugins/volumebinding/binder.go (PreBind), Kubernetes v1.36: once a node is chosen, claims
// that waited for it are bound to volumes of the manifests or left to the provisioner, and the pod is bound when all of
// them are. Looked at every second; the first look comes after one.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { EventKind, Rank } from '../../cluster/codes.ts'
import type { PodId } from '../../cluster/pods.ts'
import { findMatchingVolume } from '../../cluster/volumeMatching.ts'
import { assumePod, bindClaim, selectNode, unselectNode } from '../../cluster/volumeWrites.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { NodeId } from '../../model/types.ts'

const LOOK_US = 1_000_000
/** bindTimeout: then the pod is scheduled anew. */
const TIMEOUT_US = 600_000_000

export class VolumeBinder {
  private readonly cluster: Cluster
  /** Per pod: the node it waits to be bound to; NONE: it does not wait. */
  private readonly node: Int32Array
  /** Per pod: since when it waits, and when it is looked at. */
  private readonly sinceUs: Float64Array
  private readonly dueUs: Float64Array

  constructor(cluster: Cluster) {
    const { capacity } = cluster.pods
    this.cluster = cluster
    this.node = new Int32Array(capacity)
    this.sinceUs = new Float64Array(capacity)
    this.dueUs = new Float64Array(capacity)
  }

  reset(): void {
    this.node.fill(NONE)
    this.dueUs.fill(Infinity)
  }

  watcher(): Watcher {
    const { pods, volumes } = this.cluster
    return {
      podAdded: (pod) => {
        assumePod(this.cluster, pod, NONE as NodeId)
        this.forget(pod)
      },
      podDeleted: (pod) => this.forget(pod),
      claimChanged: (claim) => {
        for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
          if (this.isWaiting(pod) && volumes.claimsOf(pod).includes(claim)) this.lookAhead(pod)
      },
    }
  }

  /** Whether a node is chosen for a pod that waits for its volumes. */
  isWaiting(pod: PodId): boolean {
    return this.node[pod] !== NONE
  }

  /** PreBind: true if there is nothing to wait for; otherwise VolumesBound fires for the pod when its claims are bound. */
  preBind(pod: PodId, node: NodeId): boolean {
    const { cluster } = this
    const { agenda, model, nowUs, volumes } = cluster
    if (model.storage === undefined) return true
    assumePod(cluster, pod, node)
    if (volumes.areBound(pod)) return true
    this.node[pod] = node
    this.sinceUs[pod] = nowUs
    this.dueUs[pod] = nowUs + TIMEOUT_US
    agenda.push(this.dueUs[pod], Rank.World, EventKind.VolumesBound, pod)
    for (const claim of volumes.claimsOf(pod)) {
      if (volumes.volumeOf[claim] !== NONE) continue
      const volume = findMatchingVolume(cluster, claim, node)
      if (volume === NONE) selectNode(cluster, claim, node)
      else bindClaim(cluster, claim, volume)
    }
    return false
  }

  /** All claims may be bound: the next look sees it. */
  private lookAhead(pod: PodId): void {
    const { agenda, nowUs, volumes } = this.cluster
    if (!volumes.areBound(pod)) return
    const looks = Math.max(1, Math.ceil((nowUs - this.sinceUs[pod]) / LOOK_US))
    const atUs = this.sinceUs[pod] + looks * LOOK_US
    if (atUs >= this.dueUs[pod]) return
    this.dueUs[pod] = atUs
    agenda.push(atUs, Rank.World, EventKind.VolumesBound, pod)
  }

  /** A look at which the wait ends: the node to bind the pod to; NONE: it is scheduled anew, or is not waiting. */
  take(pod: PodId): NodeId {
    const { nowUs, volumes } = this.cluster
    if (!this.isWaiting(pod) || this.dueUs[pod] !== nowUs) return NONE as NodeId
    const node = this.node[pod] as NodeId
    this.forget(pod)
    if (volumes.areBound(pod)) return node
    assumePod(this.cluster, pod, NONE as NodeId)
    for (const claim of volumes.claimsOf(pod)) if (volumes.volumeOf[claim] === NONE) unselectNode(this.cluster, claim)
    return NONE as NodeId
  }

  private forget(pod: PodId): void {
    this.node[pod] = NONE
    this.dueUs[pod] = Infinity
  }
}
