// After pkg/kubelet/volumemanager/volume_manager.go, Kubernetes v1.36.3: what pod workers ask of the volume managers of
// their nodes, whose loops stand in volumeReconciler.ts.

import { NONE } from '../base/columns.ts'
import { AppState } from '../cluster/applications.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { NodeState, Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { StorageDraws } from '../cluster/storageDraws.ts'
import { countStart, noteVolumeWait } from '../cluster/volumeWrites.ts'
import type { VolumeId } from '../cluster/volumes.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import type { NodeId } from '../model/types.ts'
import type { PodVolumes } from './podVolumes.ts'
import { firstLookUs } from './volumeLooks.ts'
import { type MountListener, tickAfter, VolumeReconciler } from './volumeReconciler.ts'

/** What a pod's worker waits for: the event to fire, and since when it looks. */
class Waits {
  readonly word: Int32Array
  readonly sinceUs: Float64Array
  /** From when on the answer is yes; Infinity: not yet. */
  readonly readyUs: Float64Array

  constructor(pods: number) {
    this.word = new Int32Array(pods)
    this.sinceUs = new Float64Array(pods)
    this.readyUs = new Float64Array(pods)
  }

  clear(pod: PodId): void {
    this.word[pod] = NONE
    this.readyUs[pod] = Infinity
  }
}

export class VolumeManager implements PodVolumes, MountListener {
  private readonly cluster: Cluster
  private readonly reconciler: VolumeReconciler
  private readonly retries: RandomStream | undefined
  private readonly mounting: Waits
  private readonly unmounting: Waits
  /** Per pod: volumes that are not mounted yet, and mounts that there are. */
  private readonly openCount: Int32Array
  private readonly mountCount: Int32Array

  constructor(cluster: Cluster, draws: StorageDraws, random: RandomStreams) {
    const { model, pods } = cluster
    this.cluster = cluster
    this.reconciler = new VolumeReconciler(cluster, draws, random, this)
    this.retries = model.storage!.jitter ? random.stream('kubelet/volumeRetry') : undefined
    this.mounting = new Waits(pods.capacity)
    this.unmounting = new Waits(pods.capacity)
    this.openCount = new Int32Array(pods.capacity)
    this.mountCount = new Int32Array(pods.capacity)
  }

  reset(): void {
    this.reconciler.reset()
    this.mountCount.fill(0)
  }

  watcher(): Watcher {
    const { applications, nodes } = this.cluster
    return {
      podAdded: (pod) => {
        this.mounting.clear(pod)
        this.unmounting.clear(pod)
        this.openCount[pod] = this.mountCount[pod] = 0
      },
      podDeleted: (pod) => {
        noteVolumeWait(this.cluster, pod, false)
        // Deleted by force: the kubelet sees that the pod is gone, if it is there to see it.
        if (this.mountCount[pod] > 0 && this.isUp(pod)) this.reconciler.leave(pod)
      },
      applicationChanged: (pod, before) => {
        if (before === AppState.None && applications.state[pod] !== AppState.None) countStart(this.cluster, pod)
      },
      attachmentChanged: (at) => this.reconciler.lookAgain(at),
      nodeChanged: (node) => {
        if (nodes.down[node] === NodeState.Up) this.reconciler.nodeIsUp(node)
      },
    }
  }

  private isUp(pod: PodId): boolean {
    const { nodes, pods } = this.cluster
    return nodes.down[pods.node[pod]] === NodeState.Up
  }

  podOnNode(pod: PodId): void {
    const { nowUs, pods, volumes } = this.cluster
    if (this.mountCount[pod] > 0) return
    this.mounting.clear(pod)
    this.unmounting.clear(pod)
    const claims = volumes.claimsOf(pod)
    for (let i = 0; i < claims.length; i++) {
      const volume = claims[i] === NONE ? (NONE as VolumeId) : volumes.volumeOf[claims[i]]
      if (volume === NONE) continue
      this.reconciler.add(pod, volume, pods.node[pod])
      this.mountCount[pod]++
    }
    this.openCount[pod] = this.mountCount[pod]
    if (claims.length > 0) noteVolumeWait(this.cluster, pod, true)
    else this.mounting.readyUs[pod] = tickAfter(tickAfter(nowUs))
  }

  areMounted(pod: PodId): boolean {
    return this.cluster.nowUs >= this.mounting.readyUs[pod]
  }

  whenMounted(pod: PodId, word: number): void {
    this.await(this.mounting, pod, word)
  }

  containersStopped(pod: PodId): void {
    this.cluster.watch.containersStopped(pod)
    noteVolumeWait(this.cluster, pod, false)
    // A node that is down does nothing about it before it is back (nodeIsUp).
    if (this.mountCount[pod] > 0 && this.isUp(pod)) this.reconciler.leave(pod)
    else this.unmounting.readyUs[pod] = tickAfter(tickAfter(this.cluster.nowUs))
  }

  areUnmounted(pod: PodId): boolean {
    return this.cluster.nowUs >= this.unmounting.readyUs[pod]
  }

  whenUnmounted(pod: PodId, word: number): void {
    this.await(this.unmounting, pod, word)
  }

  private await(waits: Waits, pod: PodId, word: number): void {
    waits.word[pod] = word
    waits.sinceUs[pod] = this.cluster.nowUs
    if (waits.readyUs[pod] < Infinity) this.answer(waits, pod)
  }

  /** The answer is yes from readyUs on: the worker's next look sees it. */
  private answer(waits: Waits, pod: PodId): void {
    const { agenda, pods } = this.cluster
    const word = waits.word[pod]
    if (word === NONE) return
    waits.word[pod] = NONE
    const atUs = firstLookUs(waits.sinceUs[pod], waits.readyUs[pod], this.retries, pods.drawIndex[pod])
    agenda.push(atUs, Rank.World, word, pod)
  }

  machineStopped(node: NodeId): void {
    this.reconciler.machineStopped(node)
  }

  volumeMounted(pod: PodId): void {
    if (--this.openCount[pod] > 0) return
    this.mounting.readyUs[pod] = this.cluster.nowUs
    noteVolumeWait(this.cluster, pod, false)
    this.answer(this.mounting, pod)
  }

  mountGone(pod: PodId): void {
    if (--this.mountCount[pod] > 0) return
    this.unmounting.readyUs[pod] = this.cluster.nowUs
    this.answer(this.unmounting, pod)
  }

  /** Plays a status round of a node. */
  fireRound(node: NodeId): void {
    this.reconciler.fireRound(node)
  }

  /** Plays a step of the reconciler. */
  fire(word: number, detail: number): void {
    this.reconciler.fire(word, detail)
  }
}
