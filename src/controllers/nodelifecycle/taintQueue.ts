// After pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go (RateLimitedTimedQueue), Kubernetes v1.36: the
// nodes of one zone that wait for their NoExecute taint, at most so many a second.

import type { NodeId } from '../../model/types.ts'
import { TokenBucket } from './tokenBucket.ts'

export class TaintQueue {
  readonly bucket = new TokenBucket()
  /** Waiting nodes, oldest first. */
  private readonly waiting: { readonly node: NodeId; readonly fromUs: number }[] = []
  /** Nodes that wait or were served and not removed since: they are not added again. */
  private readonly known = new Set<NodeId>()

  reset(): void {
    this.waiting.length = 0
    this.known.clear()
  }

  add(node: NodeId, fromUs: number): void {
    if (this.known.has(node)) return
    this.known.add(node)
    this.waiting.push({ node, fromUs })
  }

  /** Forgets a node: it does not wait any more, and may be added again. */
  remove(node: NodeId): void {
    if (this.known.delete(node)) this.serve(node)
  }

  /** A node that waits has been served; it stays known. */
  serve(node: NodeId): void {
    const index = this.waiting.findIndex((entry) => entry.node === node)
    if (index >= 0) this.waiting.splice(index, 1)
  }

  waits(node: NodeId): boolean {
    return this.waiting.some((entry) => entry.node === node)
  }

  /** The node that waits longest and was added before now; undefined if there is none. */
  head(nowUs: number): NodeId | undefined {
    const first = this.waiting[0]
    return first === undefined || first.fromUs > nowUs ? undefined : first.node
  }

  /** When the first waiting node may be served; Infinity if none waits or none ever will. */
  nextUs(nowUs: number): number {
    const first = this.waiting[0]
    return first === undefined ? Infinity : Math.max(first.fromUs, this.bucket.nextTokenUs(nowUs))
  }
}
