// After pkg/controller/nodelifecycle/node_lifecycle_controller.go (handleDisruption, addPodEvictorForNewZone),
// Kubernetes v1.36: how fast the nodes of each zone are tainted, and that none is while no node of the cluster is Ready.

import type { Cluster } from '../../cluster/cluster.ts'
import { ConditionStatus } from '../../cluster/codes.ts'
import type { NodeId } from '../../model/types.ts'
import { TaintQueue } from './taintQueue.ts'
import { EVICTION_RATE, evictionRate, ZoneState, zoneStateOf } from './zoneState.ts'

/** What the end of a pass has changed: nothing, the rate of some zone, or all evictions stopped, or resumed. */
export type DisruptionChange = 'same' | 'rates' | 'stopped' | 'resumed'

export class DisruptionMode {
  private readonly cluster: Cluster
  /** By zone. */
  readonly queues: readonly TaintQueue[]
  private readonly states: ZoneState[]
  private readonly ready: Int32Array
  private readonly notReady: Int32Array

  constructor(cluster: Cluster) {
    this.cluster = cluster
    const zones = cluster.model.nodes.reduce((count, { zone }) => Math.max(count, zone + 1), 0)
    this.queues = Array.from({ length: zones }, () => new TaintQueue())
    this.states = this.queues.map(() => ZoneState.Absent)
    this.ready = new Int32Array(zones)
    this.notReady = new Int32Array(zones)
  }

  /** As the first pass leaves it: every zone that has a node is Normal. */
  reset(): void {
    const { nodes } = this.cluster
    for (const queue of this.queues) queue.reset()
    this.states.fill(ZoneState.Absent)
    this.beginCount()
    for (let node = 0 as NodeId; node < nodes.count; node++)
      if (nodes.exists[node] === 1) this.count(node, ConditionStatus.True)
    this.settle()
  }

  queueOf(node: NodeId): TaintQueue {
    return this.queues[this.cluster.model.nodes[node].zone]
  }

  /** True while every zone is Normal and no node is silent or waits: then nodes may come without a pass. */
  isCalm(): boolean {
    const { nodes } = this.cluster
    for (let node = 0 as NodeId; node < nodes.count; node++)
      if (nodes.exists[node] === 1 && nodes.ready[node] !== ConditionStatus.True) return false
    return this.states.every((state) => state === ZoneState.Normal || state === ZoneState.Absent)
  }

  /** A pass begins; zones with nodes that are seen for the first time get a full bucket. */
  beginCount(): void {
    const { model, nodes } = this.cluster
    this.ready.fill(0)
    this.notReady.fill(0)
    for (let node = 0 as NodeId; node < nodes.count; node++) {
      const { zone } = model.nodes[node]
      if (nodes.exists[node] === 0 || this.states[zone] !== ZoneState.Absent) continue
      this.states[zone] = ZoneState.Initial
      this.queues[zone].reset()
      this.queues[zone].bucket.start(EVICTION_RATE)
    }
  }

  /** Counts a node's Ready condition for its zone. */
  count(node: NodeId, ready: ConditionStatus): void {
    const { zone, excludedFromDisruption } = this.cluster.model.nodes[node]
    if (excludedFromDisruption) return
    if (ready === ConditionStatus.True) this.ready[zone]++
    else this.notReady[zone]++
  }

  /** The pass has counted all nodes: new states, new rates. */
  settle(): DisruptionChange {
    const { nowUs } = this.cluster
    let allAreFull = true
    let allWereFull = true
    for (let zone = 0; zone < this.queues.length; zone++) {
      if (this.isEmpty(zone)) {
        this.states[zone] = ZoneState.Absent
        continue
      }
      if (this.nextState(zone) !== ZoneState.FullDisruption) allAreFull = false
      if (this.states[zone] !== ZoneState.FullDisruption) allWereFull = false
    }
    if (allAreFull && allWereFull) return 'same'
    let changed = false
    for (let zone = 0; zone < this.queues.length; zone++) {
      if (this.isEmpty(zone)) continue
      const state = this.nextState(zone)
      if (allAreFull) this.queues[zone].bucket.swap(0, nowUs)
      else if (allWereFull || state !== this.states[zone])
        this.queues[zone].bucket.swap(evictionRate(state, this.ready[zone] + this.notReady[zone]), nowUs)
      if (state !== this.states[zone]) changed = true
      this.states[zone] = state
    }
    if (allAreFull) return 'stopped'
    if (allWereFull) return 'resumed'
    return changed ? 'rates' : 'same'
  }

  /** When the first waiting node of any zone may be tainted; Infinity: none waits. */
  nextTaintUs(): number {
    let firstUs = Infinity
    for (const queue of this.queues) firstUs = Math.min(firstUs, queue.nextUs(this.cluster.nowUs))
    return firstUs
  }

  private isEmpty(zone: number): boolean {
    return this.ready[zone] + this.notReady[zone] === 0
  }

  private nextState(zone: number): ZoneState {
    return zoneStateOf(this.ready[zone], this.notReady[zone])
  }
}
