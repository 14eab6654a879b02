// `kubectl drain`, after k8s.io/kubectl/pkg/drain v0.36: cordon, then evict every pod of the node that no DaemonSet owns.
// What a budget refuses is asked again every 5 s, for ever. Left out: kubectl's own rate limits.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import { evictPod } from '../cluster/eviction.ts'
import { setUnschedulable } from '../cluster/nodeWrites.ts'
import { findPod, identify, type PodIdentity } from '../cluster/podIdentity.ts'
import { isActive } from '../cluster/pods.ts'
import { Kind, type NodeId } from '../model/types.ts'

const RETRY_US = 5_000_000

interface Drain {
  readonly node: NodeId
  /** Undefined until the pods have been listed. */
  round: PodIdentity[] | undefined
  next: number
  refused: PodIdentity[]
}

export class Drains {
  private readonly cluster: Cluster
  private readonly drains: Drain[] = []

  constructor(cluster: Cluster) {
    this.cluster = cluster
  }

  reset(): void {
    this.drains.length = 0
  }

  /** Cordons the node now; the evictions come when that has settled. */
  start(node: NodeId): void {
    setUnschedulable(this.cluster, node, true)
    this.drains.push({ node, round: undefined, next: 0, refused: [] })
    this.schedule(this.drains.length - 1, 0)
  }

  /** Ends the drains of a node: what has not been evicted stays. */
  giveUp(node: NodeId): void {
    for (const drain of this.drains) {
      if (drain.node !== node) continue
      drain.round = []
      drain.refused = []
    }
  }

  /** One eviction, so that the budget's controller sees each; then the next one, or the next round. */
  fire(index: number): void {
    const drain = this.drains[index]
    drain.round ??= this.list(drain.node)
    const evictee = drain.round[drain.next++]
    if (evictee === undefined) return
    const pod = findPod(this.cluster.pods, evictee)
    if (pod !== NONE && evictPod(this.cluster, pod) === 'tooManyRequests') drain.refused.push(evictee)
    if (drain.next < drain.round.length) return this.schedule(index, 0)
    drain.round = drain.refused
    drain.refused = []
    drain.next = 0
    if (drain.round.length > 0) this.schedule(index, RETRY_US)
  }

  private schedule(index: number, waitUs: number): void {
    const { agenda, nowUs } = this.cluster
    agenda.push(nowUs + waitUs, Rank.Late, EventKind.DrainRetry, index)
  }

  /** The node's living pods, by name, in order of creation. */
  private list(node: NodeId): PodIdentity[] {
    const { pods } = this.cluster
    const list: PodIdentity[] = []
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.node[pod] !== node || !isActive(pods, pod) || pods.ownerKind[pod] === Kind.DaemonSet) continue
      list.push(identify(pods, pod))
    }
    return list
  }
}
