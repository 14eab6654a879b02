// The table of nodes, with the sums of what the pods bound to each ask for.

import { type Column, fillColumn, float64Column, int32Column, uint8Column } from '../base/columns.ts'
import type { Taint } from '../scenario/types.ts'
import type { Model, NodeId, NodeObject } from '../model/types.ts'
import { ConditionStatus, NodeState } from './codes.ts'

export class Nodes {
  readonly count: number
  /** 1: the Node object exists. */
  readonly exists: Column<NodeId>
  readonly unschedulable: Column<NodeId>
  /** Ready condition as the API shows it. */
  readonly ready: Column<NodeId, ConditionStatus>
  /** Unless Up: no leases, no reports, no new containers; Down: and nobody reaches its pods. */
  readonly down: Column<NodeId, NodeState>
  /** 1: the machine is being shut down, its kubelet ends its pods and says that it is not ready. */
  readonly shuttingDown: Column<NodeId>
  /** When this Node object was created; 0 for those that are there from the start. */
  readonly createdAtUs: Column<NodeId>
  /** Since when its kubelet renews the lease: the node exists and is up. */
  readonly renewsSinceUs: Column<NodeId>
  /** The last renewal before it stopped; -Infinity: never renewed. Running nodes: see renewedAtUs. */
  readonly lastRenewalUs: Column<NodeId>
  /** Pods bound here that are not Succeeded or Failed; terminating ones count, as for the scheduler. */
  readonly podCount: Column<NodeId>
  readonly cpuMillis: Column<NodeId>
  readonly memoryBytes: Column<NodeId>
  /** Taints and labels in force. Changed seldom, so kept as lists. */
  readonly taints: (readonly Taint[])[]
  readonly labels: Readonly<Record<string, string>>[]
  private readonly model: Model

  constructor(model: Model) {
    const n = model.nodes.length
    this.count = n
    this.model = model
    this.exists = uint8Column(n)
    this.unschedulable = uint8Column(n)
    this.ready = uint8Column<NodeId, ConditionStatus>(n)
    this.down = uint8Column<NodeId, NodeState>(n)
    this.shuttingDown = uint8Column(n)
    this.createdAtUs = float64Column(n)
    this.renewsSinceUs = float64Column(n)
    this.lastRenewalUs = float64Column(n)
    this.podCount = int32Column(n)
    this.cpuMillis = float64Column(n)
    this.memoryBytes = float64Column(n)
    this.taints = Array.from({ length: n }, () => NO_TAINTS)
    this.labels = model.nodes.map((node) => node.labels)
  }

  reset(): void {
    fillColumn(this.down, 0)
    fillColumn(this.shuttingDown, 0)
    fillColumn(this.podCount, 0)
    fillColumn(this.cpuMillis, 0)
    fillColumn(this.memoryBytes, 0)
    fillColumn(this.exists, 0)
    fillColumn(this.lastRenewalUs, -Infinity)
    for (let node = 0 as NodeId; node < this.count; node++) {
      if (this.model.nodes[node].existsAtStart) this.create(node, this.model.nodes[node], 0)
      // The first renewal is at 0 itself.
      this.renewsSinceUs[node] = -1
    }
  }

  /** A Node object appears, Ready at once. */
  create(node: NodeId, as: NodeObject, nowUs: number): void {
    this.exists[node] = 1
    this.unschedulable[node] = as.unschedulable ? 1 : 0
    this.ready[node] = ConditionStatus.True
    this.taints[node] = as.taints
    this.labels[node] = as.labels
    this.createdAtUs[node] = nowUs
    this.renewsSinceUs[node] = nowUs
  }

  /**
   * When the node's lease was renewed last. Kubelets renew at 0, 10, 20 … s, so that no event is needed while a node
   * runs; a node that comes back at such an instant has missed it.
   */
  renewedAtUs(node: NodeId, nowUs: number): number {
    if (this.exists[node] === 0 || this.down[node] !== NodeState.Up) return this.lastRenewalUs[node]
    const renewalUs = Math.floor(nowUs / RENEW_INTERVAL_US) * RENEW_INTERVAL_US
    return renewalUs > this.renewsSinceUs[node] ? renewalUs : this.lastRenewalUs[node]
  }
}

/** A kubelet renews its lease after a quarter of the lease's duration of 40 s (nodeLeaseRenewIntervalFraction). */
export const RENEW_INTERVAL_US = 10_000_000

const NO_TAINTS: readonly Taint[] = []
