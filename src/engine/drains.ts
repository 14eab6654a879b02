// `kubectl drain`, after k8s.io/kubectl/pkg/drain v0.36: cordon, then evict every pod of the node that no DaemonSet owns.
// What a budget refuses is asked again every 5 s, for ever. Left out: kubectl's own rate limits.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import { evictPod } from '../cluster/eviction.ts'
import { setUnschedulable } from '../cluster/nodeWrites.ts'
import { isActive, type PodId } from '../cluster/pods.ts'
import { Kind, type NodeId } from '../model/types.ts'

const RETRY_US = 5_000_000

/** A pod to evict, known by its name: a StatefulSet's pod may be a later one of the same name. */
interface Evictee {
  readonly pod: PodId
  readonly uid: number
  readonly kind: Kind
  readonly owner: number
  readonly ordinal: number
}

interface Drain {
  readonly node: NodeId
  /** Undefined until the pods have been listed. */
  round: Evictee[] | undefined
  next: number
  refused: Evictee[]
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
    const pod = this.find(evictee)
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

  /** The node's living pods in order of creation. */
  private list(node: NodeId): Evictee[] {
    const { pods } = this.cluster
    const list: Evictee[] = []
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.node[pod] !== node || !isActive(pods, pod) || pods.ownerKind[pod] === Kind.DaemonSet) continue
      const { ownerKind, owner, ordinal, uid } = pods
      list.push({ pod, uid: uid[pod], kind: ownerKind[pod], owner: owner[pod], ordinal: ordinal[pod] })
    }
    return list
  }

  /** The pod that has the evictee's name now, or NONE. */
  private find({ pod, uid, kind, owner, ordinal }: Evictee): PodId {
    const { pods } = this.cluster
    if (pods.uid[pod] === uid) return pod
    if (kind !== Kind.StatefulSet) return NONE as PodId
    let other = pods.firstOf[kind][owner] as PodId
    while (other !== NONE && pods.ordinal[other] !== ordinal) other = pods.nextOfOwner[other]
    return other
  }
}
