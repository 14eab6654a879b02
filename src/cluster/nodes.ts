// The table of nodes, with the sums of what the pods bound to each ask for.

import type { NONE } from '../base/columns.ts'
import { type Column, fillColumn, float64Column, int32Column, uint8Column } from '../base/columns.ts'
import type { Taint } from '../scenario/types.ts'
import type { Model, NodeId } from '../model/types.ts'
import { ConditionStatus } from './codes.ts'

export class Nodes {
  readonly count: number
  /** 1: the Node object exists. */
  readonly exists: Column<NodeId>
  readonly unschedulable: Column<NodeId>
  /** Ready condition as the API shows it. */
  readonly ready: Column<NodeId, ConditionStatus>
  /** 1: the machine is down: no leases, no reports, no new containers. */
  readonly down: Column<NodeId>
  /** Pods bound here that are not Succeeded or Failed; terminating ones count, as for the scheduler. */
  readonly podCount: Column<NodeId>
  readonly cpuMillis: Column<NodeId>
  readonly memoryBytes: Column<NodeId>
  /** Taints in force. Changed seldom, so kept as lists. */
  readonly taints: (readonly Taint[])[]
  private readonly model: Model

  constructor(model: Model) {
    const n = model.nodes.length
    this.count = n
    this.model = model
    this.exists = uint8Column(n)
    this.unschedulable = uint8Column(n)
    this.ready = uint8Column<NodeId, ConditionStatus>(n)
    this.down = uint8Column(n)
    this.podCount = int32Column(n)
    this.cpuMillis = float64Column(n)
    this.memoryBytes = float64Column(n)
    this.taints = Array.from({ length: n }, () => NO_TAINTS)
  }

  reset(): void {
    fillColumn(this.down, 0)
    fillColumn(this.podCount, 0)
    fillColumn(this.cpuMillis, 0)
    fillColumn(this.memoryBytes, 0)
    fillColumn(this.exists, 0)
    for (let node = 0 as NodeId; node < this.count; node++) if (this.model.nodes[node].existsAtStart) this.create(node)
  }

  /** A Node object appears, Ready at once. */
  create(node: NodeId): void {
    const model = this.model.nodes[node]
    this.exists[node] = 1
    this.unschedulable[node] = model.unschedulable ? 1 : 0
    this.ready[node] = ConditionStatus.True
    this.taints[node] = model.taints
  }
}

const NO_TAINTS: readonly Taint[] = []

/** Row of the node of that name, or NONE. Cold: for steps and traces. */
export function findNode(model: Model, name: string): NodeId | typeof NONE {
  return model.nodes.findIndex((node) => node.name === name) as NodeId | typeof NONE
}
