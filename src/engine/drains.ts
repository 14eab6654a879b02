// `kubectl drain`, after k8s.io/kubectl/pkg/drain v0.36: cordon, then evict every pod of the node that no DaemonSet owns.
// What a budget refuses is asked again every 5 s, for ever. Evictions go out as quickly as kubectl's client may send them:
// of 50 pods the first 10 at once and then 5 a second, the last one after (50 - 10) / 5 = 8 s.

import { NONE } from '../base/columns.ts'
import { ClientLimiter } from '../cluster/clientLimiter.ts'
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
  /** Of this kubectl's evictions: calls of one API group share one limiter. */
  readonly limiter: ClientLimiter | undefined
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
    const limit = this.cluster.model.surroundings.clientLimits?.kubectl
    const limiter = limit && new ClientLimiter(limit)
    this.drains.push({ node, round: undefined, next: 0, refused: [], limiter })
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
    const { limiter } = this.drains[index]
    const readyUs = nowUs + waitUs
    agenda.push(limiter === undefined ? readyUs : limiter.reserve(readyUs), Rank.Late, EventKind.DrainRetry, index)
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
