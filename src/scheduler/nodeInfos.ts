// What the scheduler knows of each node (pkg/scheduler/framework NodeInfo, Kubernetes v1.36): room, and what the pods
// there ask for. Bound and assumed pods count until they are terminal or gone; terminating ones too.

import type { Model, NodeId } from '../model/types.ts'
import type { TemplatePlan } from './templatePlans.ts'

export class NodeInfos {
  /** cpu, memory, ephemeral-storage, then extended resources. */
  readonly resources: readonly string[]
  /** By resource and node. */
  readonly allocatable: readonly Float64Array[]
  readonly requested: readonly Float64Array[]
  readonly scoreCpuMillis: Float64Array
  readonly scoreMemoryBytes: Float64Array
  readonly podCount: Int32Array
  readonly podsMax: Int32Array
  /** By host port of the model and node: pods that have it. */
  readonly portsTaken: readonly Int32Array[]

  constructor(model: Model, resources: readonly string[], portCount: number) {
    const n = model.nodes.length
    this.resources = resources
    this.allocatable = resources.map((name) =>
      Float64Array.from(model.nodes, (node) => {
        if (name === 'cpu') return node.cpuMillis
        return name === 'memory' ? node.memoryBytes : (node.resources?.[name] ?? 0)
      }),
    )
    this.requested = resources.map(() => new Float64Array(n))
    this.scoreCpuMillis = new Float64Array(n)
    this.scoreMemoryBytes = new Float64Array(n)
    this.podCount = new Int32Array(n)
    this.podsMax = Int32Array.from(model.nodes, ({ pods }) => pods)
    this.portsTaken = Array.from({ length: portCount }, () => new Int32Array(n))
  }

  reset(): void {
    for (const amounts of this.requested) amounts.fill(0)
    this.scoreCpuMillis.fill(0)
    this.scoreMemoryBytes.fill(0)
    this.podCount.fill(0)
    for (const counts of this.portsTaken) counts.fill(0)
  }

  /** A pod comes to a node (sign 1) or leaves it (sign -1). */
  count(plan: TemplatePlan, node: NodeId, sign: 1 | -1): void {
    const { requests, scheduling, ports } = plan
    this.podCount[node] += sign
    for (let r = 0; r < requests.length; r++) this.requested[r][node] += sign * requests[r]
    this.scoreCpuMillis[node] += sign * scheduling.scoreCpuMillis
    this.scoreMemoryBytes[node] += sign * scheduling.scoreMemoryBytes
    for (let i = 0; i < ports.length; i++) this.portsTaken[ports[i]][node] += sign
  }
}
