// The scheduler of the recordings: places pending pods, in order, on the node with the fewest pods on which they fit;
// the first by name of several.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { PodId, Pods } from '../cluster/pods.ts'
import { bindPod } from '../cluster/podWrites.ts'
import type { Watcher } from '../cluster/watch.ts'
import { Kind, type NodeId } from '../model/types.ts'
import { admits, fits } from './fit.ts'
import type { VolumeBinder } from './plugins/volumeBinder.ts'
import type { PodScheduler } from './types.ts'

export class ScriptedScheduler implements PodScheduler {
  private readonly cluster: Cluster
  private readonly pending: PodId[] = []
  /** Something changed that may let a pending pod in. */
  private awake = false
  private readonly volumeBinder: VolumeBinder

  constructor(cluster: Cluster, volumeBinder: VolumeBinder) {
    this.cluster = cluster
    this.volumeBinder = volumeBinder
  }

  reset(): void {
    this.awake = false
  }

  /** True if a pass may bind something. */
  wantsPass(): boolean {
    return this.awake && this.cluster.pods.pendingCount > 0
  }

  /** Tries every pending pod once: by creation second, then StatefulSet ordinal, then creation. */
  pass(): void {
    const { cluster, pending } = this
    const { pods } = cluster
    this.awake = false
    pending.length = 0
    let left = pods.pendingCount
    for (let pod = pods.last; pod !== NONE && left > 0; pod = pods.previous[pod]) {
      if (pods.node[pod] !== NONE || pods.deletionMark[pod] === 1 || pods.phase[pod] !== 0) continue
      if (this.volumeBinder.isWaiting(pod)) continue
      pending.push(pod)
      left--
    }
    pending.reverse()
    if (pending.length > 1) pending.sort((a, b) => compareTurns(pods, a, b))
    for (let i = 0; i < pending.length; i++) {
      const node = this.choose(pending[i])
      if (node !== NONE && this.volumeBinder.preBind(pending[i], node)) bindPod(cluster, pending[i], node)
    }
  }

  /** The best node on which the pod fits, or NONE. */
  private choose(pod: PodId): NodeId {
    const { cluster } = this
    const { nodes, pods } = cluster
    const target = pods.targetNode[pod]
    if (target !== NONE) return admits(cluster, pod, target) && fits(cluster, pod, target) ? target : (NONE as NodeId)
    let best = NONE as NodeId
    for (let node = 0 as NodeId; node < nodes.count; node++) {
      if (nodes.exists[node] === 0 || !fits(cluster, pod, node) || !admits(cluster, pod, node)) continue
      if (best === NONE || nodes.podCount[node] < nodes.podCount[best]) best = node
    }
    return best
  }

  /** Handlers: whatever frees room or brings a pod. */
  watcher(): Watcher {
    const wake = (): void => {
      this.awake = true
    }
    return { podAdded: wake, podUpdated: wake, podDeleted: wake, nodeChanged: wake, claimChanged: wake }
  }

  /** The volumes of a pod whose node is chosen are bound, or it has waited for them too long. */
  fire(_kind: number, _word: number, detail: number): void {
    const pod = detail as PodId
    const node = this.volumeBinder.take(pod)
    const { pods } = this.cluster
    if (node !== NONE && pods.node[pod] === NONE && pods.deletionMark[pod] === 0) bindPod(this.cluster, pod, node)
    else this.awake = true
  }
}

function compareTurns(pods: Pods, a: PodId, b: PodId): number {
  const secondA = Math.floor(pods.createdAtUs[a] / 1e6)
  const secondB = Math.floor(pods.createdAtUs[b] / 1e6)
  if (secondA !== secondB) return secondA - secondB
  const ordinalA = pods.ownerKind[a] === Kind.StatefulSet ? pods.ordinal[a] : 0
  const ordinalB = pods.ownerKind[b] === Kind.StatefulSet ? pods.ordinal[b] : 0
  return ordinalA - ordinalB || pods.uid[a] - pods.uid[b]
}
