// Pods that wait for the end of pods they have preempted, and the nodes that were nominated for them, after
// pkg/scheduler/backend/queue/nominator.go, Kubernetes v1.36. The room they wait for is not given to lesser pods.

import { NONE } from '../base/columns.ts'
import type { PodId } from '../cluster/pods.ts'
import type { NodeId } from '../model/types.ts'
import type { Cache } from './cache.ts'

export class Nominations {
  count = 0
  private readonly cache: Cache
  /** By pod: its nominated node, or NONE. */
  private readonly node: Int32Array
  private readonly pods: PodId[] = []

  constructor(cache: Cache, capacity: number) {
    this.cache = cache
    this.node = new Int32Array(capacity).fill(NONE)
  }

  reset(): void {
    this.node.fill(NONE)
    this.pods.length = this.count = 0
  }

  nodeOf(pod: PodId): NodeId {
    return this.node[pod] as NodeId
  }

  nominate(pod: PodId, node: NodeId): void {
    this.clear(pod)
    this.node[pod] = node
    this.pods.push(pod)
    this.count++
  }

  /** The pod is placed, gone, or nothing more is expected of its node. */
  clear(pod: PodId): void {
    if (this.node[pod] === NONE) return
    this.node[pod] = NONE
    this.pods.splice(this.pods.indexOf(pod), 1)
    this.count--
  }

  /** Nominations of lesser pods to a node are taken back when a greater one gets it. */
  clearLesser(node: NodeId, priority: number): void {
    for (const pod of this.pods.slice())
      if (this.node[pod] === node && this.cache.planOf(pod).template.priority < priority) this.clear(pod)
  }

  /**
   * Counts on a node the pods nominated to it that matter at least as much as `pod` (sign 1), or takes them away again.
   *
   * @returns whether there is any
   */
  place(pod: PodId, node: NodeId, sign: 1 | -1): boolean {
    const { cache } = this
    const { priority } = cache.planOf(pod).template
    let any = false
    for (const other of this.pods) {
      if (other === pod || this.node[other] !== node || cache.planOf(other).template.priority < priority) continue
      cache.count(other, node, sign)
      any = true
    }
    return any
  }
}
