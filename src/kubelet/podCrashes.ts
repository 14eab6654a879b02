// Containers that end by themselves: each pod's run for an exponential time, from the stream named after its image and
// the number of its crashes, by the pod's own index, so that the same pod lives as long under every strategy.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, NodeState, PodChange, PodPhase, Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import type { Watcher } from '../cluster/watch.ts'
import { exponential } from '../kernel/distributions.ts'
import type { RandomStreams } from '../kernel/random.ts'
import { Kind, type PodCrashModel } from '../model/types.ts'
import type { Kubelet } from './types.ts'

/** Bits of an event's word above its kind, that hold the low bits of the pod's UID. */
const UID_SHIFT = 8
const UID_MASK = 0x7fffff

export class PodCrashes {
  private readonly cluster: Cluster
  private readonly kubelet: Kubelet
  private readonly random: RandomStreams
  private readonly models: readonly PodCrashModel[]
  /** Per pod: lifetimes drawn so far. */
  private readonly drawn: Int32Array

  constructor(cluster: Cluster, kubelet: Kubelet, random: RandomStreams, models: readonly PodCrashModel[]) {
    this.cluster = cluster
    this.kubelet = kubelet
    this.random = random
    this.models = models
    this.drawn = new Int32Array(cluster.pods.capacity)
  }

  watcher(): Watcher {
    if (this.models.length === 0) return {}
    return {
      podAdded: (pod) => {
        this.drawn[pod] = 0
      },
      podUpdated: (pod, change) => {
        if (change === PodChange.Started) this.schedule(pod, this.cluster.nowUs)
      },
    }
  }

  /** A pod's lifetime is over: its containers end, unless nobody would see it; then it gets another lifetime. */
  fire(word: number, pod: PodId): void {
    const { nodes, nowUs, pods } = this.cluster
    const uid = pods.uid[pod]
    if (uid === NONE || (uid & UID_MASK) !== word >>> UID_SHIFT) return
    if (pods.deletionMark[pod] === 1 || pods.phase[pod] !== PodPhase.Running) return
    const isSeen = nodes.down[pods.node[pod]] === NodeState.Up
    this.schedule(pod, isSeen ? this.kubelet.restart(pod) : nowUs)
  }

  /** Draws when the containers that run from `sinceUs` end; before the measured window nothing does. */
  private schedule(pod: PodId, sinceUs: number): void {
    const { agenda, model, pods } = this.cluster
    const image = model.images[model.templates[pods.template[pod]].image].name
    const nth = this.drawn[pod]++
    let lifetimeUs = Infinity
    for (const { stream, kind, row, mtbfUs } of this.models) {
      if (kind !== Kind.None && !this.belongs(pod, kind, row)) continue
      const draws = this.random.stream(`${stream}/${image}/${nth}`)
      lifetimeUs = Math.min(lifetimeUs, Math.round(exponential(draws.at(pods.drawIndex[pod]), mtbfUs)))
    }
    const word = EventKind.PodCrash | ((pods.uid[pod] & UID_MASK) << UID_SHIFT)
    agenda.push(Math.max(sinceUs, model.windowStartUs) + lifetimeUs, Rank.World, word, pod)
  }

  private belongs(pod: PodId, kind: Kind, row: number): boolean {
    const { pods, replicaSets } = this.cluster
    if (kind !== Kind.Deployment) return pods.ownerKind[pod] === kind && pods.owner[pod] === row
    if (pods.ownerKind[pod] !== Kind.ReplicaSet) return false
    return replicaSets.deployment[pods.owner[pod] as ReplicaSetId] === row
  }
}
