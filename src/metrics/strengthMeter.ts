// What node failures and drains do to a workload: time until its full strength is back, and time spent on leaving nodes.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { NodeState } from '../cluster/codes.ts'
import { isTerminal } from '../cluster/pods.ts'
import { Kind, type NodeId } from '../model/types.ts'
import type { CapacityMeter } from './capacityMeter.ts'

export class StrengthMeter {
  private readonly cluster: Cluster
  private readonly capacity: CapacityMeter
  private failedAtUs = Infinity
  private fullAtUs = Infinity
  private wasCordoned = false
  private drainingUs = 0
  private sinceUs = 0
  /** Pods on cordoned nodes. */
  private leaving = 0

  constructor(cluster: Cluster, capacity: CapacityMeter) {
    this.cluster = cluster
    this.capacity = capacity
  }

  reset(): void {
    this.failedAtUs = this.fullAtUs = Infinity
    this.wasCordoned = false
    this.drainingUs = 0
    this.sinceUs = this.cluster.model.windowStartUs
    this.leaving = 0
  }

  /** Adds what the state since the last call contributes; call before each change. */
  advance(nowUs: number): void {
    if (nowUs <= this.sinceUs) return
    if (this.leaving > 0) this.drainingUs += nowUs - this.sinceUs
    this.sinceUs = nowUs
  }

  /** A node has changed: it may have failed, or been cordoned. */
  nodeChanged(node: NodeId): void {
    const { model, nodes, nowUs } = this.cluster
    if (nowUs < model.windowStartUs) return
    if (nodes.down[node] === NodeState.Down && this.failedAtUs === Infinity) this.failedAtUs = nowUs
    if (nodes.unschedulable[node] === 1) this.wasCordoned = true
  }

  /** Counts the pods anew, after a change. */
  recount(): void {
    const { capacity, cluster } = this
    const recovers = this.failedAtUs < Infinity && this.fullAtUs === Infinity
    this.leaving = 0
    if (!recovers && !this.wasCordoned) return
    const { nodes, pods } = cluster
    let strength = 0
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      const node = pods.node[pod]
      if (node === NONE || isTerminal(pods, pod) || !capacity.owns(pod)) continue
      if (nodes.unschedulable[node] === 1 && pods.ownerKind[pod] !== Kind.DaemonSet) this.leaving++
      if (pods.ready[pod] === 1 && pods.deletionMark[pod] === 0 && nodes.down[node] !== NodeState.Down) strength++
    }
    if (recovers && strength >= capacity.replicasNow) this.fullAtUs = cluster.nowUs
  }

  /** Whether a cordoned node still has a pod of the workload. */
  get isDraining(): boolean {
    return this.leaving > 0
  }

  /**
   * From the first node failure to the first instant at which as many pods as spec.replicas are Ready on nodes that run.
   * Infinity: not until the horizon; NaN: no node failed.
   */
  fullStrengthSeconds(): number {
    return this.failedAtUs === Infinity ? NaN : (this.fullAtUs - this.failedAtUs) / 1e6
  }

  /** Time with pods on cordoned nodes; NaN: no node was cordoned. A DaemonSet's pods stay on them, and do not count. */
  drainingSeconds(): number {
    return this.wasCordoned ? this.drainingUs / 1e6 : NaN
  }
}
