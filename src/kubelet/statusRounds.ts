// After syncNodeStatus of pkg/kubelet/kubelet_node_status.go, Kubernetes v1.36: each kubelet looks at its node's status
// every 10 s, and 4 % of that at most later (nodeStatusUpdateFrequency with JitterUntil). Of all that such a round may
// write, volumesInUse is what others wait for; a round with nothing to say is no event.

import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, NodeState, Rank } from '../cluster/codes.ts'
import type { RandomStreams } from '../kernel/random.ts'
import type { NodeId } from '../model/types.ts'

const ROUND_US = 10_000_000
const ROUND_JITTER = 0.04

export class StatusRounds {
  private readonly cluster: Cluster
  private readonly random: RandomStreams
  private readonly jitter: boolean
  /** Per node: its last round that was looked for, and the number of that round. */
  private readonly lastUs: Float64Array
  private readonly lastNumber: Int32Array
  /** Per node: when the round is that is on the event queue; Infinity: none is. */
  private readonly dueUs: Float64Array

  constructor(cluster: Cluster, random: RandomStreams, jitter: boolean) {
    this.cluster = cluster
    this.random = random
    this.jitter = jitter
    this.lastUs = new Float64Array(cluster.nodes.count)
    this.lastNumber = new Int32Array(cluster.nodes.count)
    this.dueUs = new Float64Array(cluster.nodes.count)
  }

  reset(): void {
    this.lastNumber.fill(-1)
    this.dueUs.fill(Infinity)
  }

  /** There is something for the node's next round to say. */
  wake(node: NodeId): void {
    const { agenda, nowUs } = this.cluster
    if (this.dueUs[node] < Infinity) return
    this.dueUs[node] = this.nextUs(node, nowUs)
    agenda.push(this.dueUs[node], Rank.World, EventKind.NodeStatusRound, node)
  }

  /** Whether a node's round takes place now: one that is down, or has no object, says nothing. */
  begins(node: NodeId): boolean {
    const { nodes } = this.cluster
    this.dueUs[node] = Infinity
    return nodes.exists[node] === 1 && nodes.down[node] === NodeState.Up
  }

  /** The first round after `us`: at 0, 10, 20 s without jitter, else from a random first one on. */
  private nextUs(node: NodeId, us: number): number {
    if (!this.jitter) return (Math.floor(us / ROUND_US) + 1) * ROUND_US
    const stream = this.random.stream(`kubelet/status/${this.cluster.model.nodes[node].name}`)
    if (this.lastNumber[node] < 0) {
      this.lastNumber[node] = 0
      this.lastUs[node] = Math.round(ROUND_US * (1 + ROUND_JITTER) * stream.at(0))
    }
    while (this.lastUs[node] <= us) {
      this.lastNumber[node] += 1
      this.lastUs[node] += Math.round(ROUND_US * (1 + ROUND_JITTER * stream.at(this.lastNumber[node])))
    }
    return this.lastUs[node]
  }
}
