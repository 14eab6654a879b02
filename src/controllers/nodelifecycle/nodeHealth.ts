// After pkg/controller/nodelifecycle/node_lifecycle_controller.go (nodeHealthData, tryUpdateNodeHealth), Kubernetes
// v1.36: what the controller remembers of each node's signs of life. Upstream looks in every pass; here a pass that
// happens after some that were skipped works out what those would have seen.

import type { Cluster } from '../../cluster/cluster.ts'
import type { NodeId } from '../../model/types.ts'

/** --node-monitor-grace-period: 50 s since v1.32. */
export const GRACE_US = 50_000_000

export class NodeHealth {
  private readonly cluster: Cluster
  private readonly periodUs: number
  /** Time of the pass that noticed the last sign of life: grace counts from here. */
  readonly probeUs: Float64Array
  private readonly noticedRenewalUs: Float64Array
  private readonly noticedCreationUs: Float64Array
  /** The pass that forgot the lease over a Node object created anew; Infinity: it is remembered. */
  private readonly forgottenUs: Float64Array

  constructor(cluster: Cluster, periodUs: number) {
    this.cluster = cluster
    this.periodUs = periodUs
    const n = cluster.nodes.count
    this.probeUs = new Float64Array(n)
    this.noticedRenewalUs = new Float64Array(n)
    this.noticedCreationUs = new Float64Array(n)
    this.forgottenUs = new Float64Array(n)
  }

  /** The first pass has seen the nodes that are there from the start, and their first renewals. */
  reset(firstPassUs: number): void {
    this.probeUs.fill(firstPassUs)
    this.noticedRenewalUs.fill(0)
    this.noticedCreationUs.fill(0)
    this.forgottenUs.fill(Infinity)
  }

  /** What the pass that begins now, and those skipped before it, notice of a node. */
  observe(node: NodeId): void {
    const { nodes, nowUs } = this.cluster
    const renewalUs = nodes.renewedAtUs(node, nowUs)
    const createdUs = nodes.createdAtUs[node]
    if (createdUs > this.noticedCreationUs[node]) {
      const passUs = this.firstPassAfter(createdUs)
      this.noticedCreationUs[node] = createdUs
      this.probeUs[node] = passUs
      // Health is begun anew without its lease, unless that was renewed too: the next pass takes it for a new one.
      const renewedToo = renewalUs > this.noticedRenewalUs[node] && renewalUs <= passUs
      this.forgottenUs[node] = renewalUs >= 0 && !renewedToo ? passUs : Infinity
    }
    if (this.forgottenUs[node] < nowUs) {
      this.probeUs[node] = this.firstPassAfter(this.forgottenUs[node] + 1)
      this.forgottenUs[node] = Infinity
    }
    if (renewalUs > this.noticedRenewalUs[node]) {
      this.noticedRenewalUs[node] = renewalUs
      this.probeUs[node] = Math.max(this.probeUs[node], this.firstPassAfter(renewalUs))
    }
  }

  /** Signs of life of all nodes count from now (the cluster leaves full disruption). */
  restart(nowUs: number): void {
    this.probeUs.fill(nowUs)
  }

  /** True if a node that says Ready has been silent for longer than the grace period. */
  isOverdue(node: NodeId, nowUs: number): boolean {
    return nowUs > this.probeUs[node] + GRACE_US
  }

  /** The first of the passes up to this one that came after `us`; those between were skipped, and took no time. */
  private firstPassAfter(us: number): number {
    const { nowUs } = this.cluster
    return nowUs - Math.floor(Math.max(0, nowUs - us) / this.periodUs) * this.periodUs
  }
}
