// Members of a StatefulSet that have no data yet copy them from a peer before they listen. A peer's bandwidth is shared
// evenly by those who copy from it: two clones of 6 GiB at 100 MiB/s from one peer take 122.88 s each, not 61.44 s.
//
// The peer is the one that the usual set-up takes (the Kubernetes documentation's replicated MySQL): the nearest lower
// ordinal that serves, else the nearest higher one. The first ordinal begins with nothing where nobody serves; others wait.
// A peer that ceases to serve ends the copy, which begins anew. Data outlive their pod in a claim that does.

import { NONE } from '../base/columns.ts'
import { AppState } from '../cluster/applications.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'
import { Kind, type StatefulSetId } from '../model/types.ts'
import type { ApplicationSpec } from '../scenario/types.ts'
import { Timer, type Timers } from './timers.ts'

export class Clones {
  private readonly cluster: Cluster
  private readonly timers: Timers
  /** By place of an ordinal (StatefulSets.placeOf): 1 if it has data. */
  private readonly hasData: Uint8Array
  /** Pods that copy or wait for a peer, in the order in which they came. */
  private readonly active: Int32Array
  private activeCount = 0
  /** By pod: whom it copies from, or NONE; what is left of it, and since when that is so. */
  private readonly peerOf: Int32Array
  private readonly bytesLeft: Float64Array
  private readonly sinceUs: Float64Array
  /** By pod: how many copy from it. */
  private readonly copiers: Int32Array

  /** Told of a pod that somebody begins or ceases to copy from. */
  private readonly peerChanged: (peer: PodId) => void

  constructor(cluster: Cluster, timers: Timers, peerChanged: (peer: PodId) => void) {
    this.cluster = cluster
    this.timers = timers
    this.peerChanged = peerChanged
    const pods = cluster.pods.capacity
    this.hasData = new Uint8Array(cluster.statefulSets.places)
    this.active = new Int32Array(pods)
    this.peerOf = new Int32Array(pods)
    this.bytesLeft = new Float64Array(pods)
    this.sinceUs = new Float64Array(pods)
    this.copiers = new Int32Array(pods)
  }

  reset(): void {
    this.hasData.fill(0)
    this.activeCount = 0
    this.peerOf.fill(NONE)
    this.copiers.fill(0)
  }

  /** Whether somebody copies from a pod. */
  isCopied(pod: PodId): boolean {
    return this.copiers[pod] > 0
  }

  /** A pod has started up. Returns whether it must copy data first. */
  enter(pod: PodId): boolean {
    const { pods } = this.cluster
    if (pods.ownerKind[pod] !== Kind.StatefulSet) return false
    const place = this.placeOf(pod)
    if (this.hasData[place] === 1) return false
    const peer = this.choosePeer(pod)
    if (peer === NONE && this.isFirst(pod)) {
      this.hasData[place] = 1
      return false
    }
    this.active[this.activeCount++] = pod
    if (peer !== NONE) this.begin(pod, peer)
    return true
  }

  /** A pod has all data. */
  finish(pod: PodId): void {
    this.hasData[this.placeOf(pod)] = 1
    this.leave(pod)
  }

  /** A pod no longer copies: it has all data, or its process ends. */
  leave(pod: PodId): void {
    for (let i = 0; i < this.activeCount; i++) {
      if (this.active[i] !== pod) continue
      this.active.copyWithin(i, i + 1, this.activeCount--)
      break
    }
    const peer = this.peerOf[pod] as PodId
    if (peer === NONE) return
    this.share(peer, -1)
    this.peerOf[pod] = NONE
    this.reschedule(peer)
  }

  /** A pod begins to serve: those who wait for a peer may copy from it. */
  peerServes(peer: PodId): void {
    for (let i = 0; i < this.activeCount; i++) {
      const pod = this.active[i] as PodId
      if (this.peerOf[pod] !== NONE || !this.isSibling(pod, peer)) continue
      const chosen = this.choosePeer(pod)
      if (chosen !== NONE) this.begin(pod, chosen)
    }
  }

  /** A pod ceases to serve: those who copy from it begin anew with another peer, or wait for one. */
  peerLost(peer: PodId): void {
    if (this.copiers[peer] === 0) return
    this.share(peer, -this.copiers[peer])
    for (let i = 0; i < this.activeCount; i++) {
      const pod = this.active[i] as PodId
      if (this.peerOf[pod] !== peer) continue
      this.peerOf[pod] = NONE
      this.timers.set(Timer.Clone, pod, Infinity)
      const other = this.choosePeer(pod)
      if (other !== NONE) this.begin(pod, other)
    }
  }

  /** A pod's object is gone: its data too, unless a claim keeps them. */
  podDeleted(pod: PodId): void {
    const { claims, pods } = this.cluster
    if (pods.ownerKind[pod] !== Kind.StatefulSet) return
    const set = pods.owner[pod] as StatefulSetId
    const isKept = claims.templatesOf(set).some((template) => {
      const claim = claims.claimOf(set, template, pods.ordinal[pod])
      return claims.exists[claim] === 1 && claims.ownerPod[claim] === NONE
    })
    if (!isKept) this.hasData[this.placeOf(pod)] = 0
  }

  private begin(pod: PodId, peer: PodId): void {
    this.share(peer, 1)
    this.peerOf[pod] = peer
    this.bytesLeft[pod] = this.specOf(pod).bytes
    this.sinceUs[pod] = this.cluster.nowUs
    this.reschedule(peer)
  }

  /** Changes how many copy from a peer, after taking in what they have copied so far. */
  private share(peer: PodId, more: number): void {
    const { nowUs } = this.cluster
    const before = this.copiers[peer]
    for (let i = 0; i < this.activeCount; i++) {
      const pod = this.active[i] as PodId
      if (this.peerOf[pod] !== peer) continue
      this.bytesLeft[pod] -= ((this.specOf(pod).bytesPerSecond / before) * (nowUs - this.sinceUs[pod])) / 1e6
      this.sinceUs[pod] = nowUs
    }
    this.copiers[peer] = before + more
    if ((before === 0) !== (this.copiers[peer] === 0)) this.peerChanged(peer)
  }

  private reschedule(peer: PodId): void {
    const { nowUs } = this.cluster
    for (let i = 0; i < this.activeCount; i++) {
      const pod = this.active[i] as PodId
      if (this.peerOf[pod] !== peer) continue
      const us = (Math.max(0, this.bytesLeft[pod]) * 1e6 * this.copiers[peer]) / this.specOf(pod).bytesPerSecond
      this.timers.set(Timer.Clone, pod, nowUs + Math.round(us))
    }
  }

  /** The serving sibling with the nearest lower ordinal, else that with the nearest higher one; NONE: nobody serves. */
  private choosePeer(pod: PodId): PodId {
    const { applications, pods } = this.cluster
    const ordinal = pods.ordinal[pod]
    let lower = NONE as PodId
    let higher = NONE as PodId
    const set = pods.owner[pod]
    for (let each = pods.firstOf[Kind.StatefulSet][set] as PodId; each !== NONE; each = pods.nextOfOwner[each]) {
      if (each === pod || applications.state[each] !== AppState.Serving) continue
      const other = pods.ordinal[each]
      if (other < ordinal && (lower === NONE || other > pods.ordinal[lower])) lower = each
      if (other > ordinal && (higher === NONE || other < pods.ordinal[higher])) higher = each
    }
    return lower === NONE ? higher : lower
  }

  private isFirst(pod: PodId): boolean {
    const { pods, statefulSets } = this.cluster
    return pods.ordinal[pod] === statefulSets.startOrdinal[pods.owner[pod] as StatefulSetId]
  }

  private isSibling(pod: PodId, other: PodId): boolean {
    const { pods } = this.cluster
    return pods.ownerKind[other] === Kind.StatefulSet && pods.owner[other] === pods.owner[pod]
  }

  private placeOf(pod: PodId): number {
    const { pods, statefulSets } = this.cluster
    return statefulSets.placeOf(pods.owner[pod] as StatefulSetId, pods.ordinal[pod])
  }

  private specOf(pod: PodId): CloneSpec {
    const { model, pods } = this.cluster
    return model.templates[pods.template[pod]].application!.clone!
  }
}

type CloneSpec = NonNullable<ApplicationSpec['clone']>
