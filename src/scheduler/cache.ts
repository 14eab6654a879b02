// The scheduler's view of the cluster, after pkg/scheduler/backend/cache/cache.go, Kubernetes v1.36: which pod is on which
// node, assumed pods included. A pod that the scheduler has placed counts from that moment on, not only when it is bound.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import type { NodeId } from '../model/types.ts'
import { NodeInfos } from './nodeInfos.ts'
import { NodeTree } from './nodeTree.ts'
import { type PodPlan, PodPlans } from './podPlans.ts'
import { Tallies } from './tallies.ts'

export class Cache {
  readonly infos: NodeInfos
  readonly tree: NodeTree
  readonly plans: PodPlans
  private readonly cluster: Cluster
  private readonly tallies: Tallies
  /** By pod: the node where it counts, or NONE; its class; 1 while it counts as terminating. */
  private readonly placedOn: Int32Array
  private readonly classOf: Int32Array
  private readonly terminating: Uint8Array

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.tallies = new Tallies(cluster.nodes.count)
    this.plans = new PodPlans(cluster, this.tallies)
    const { resources, portCount } = this.plans.templates
    this.infos = new NodeInfos(cluster.model, resources, portCount)
    this.tree = new NodeTree(cluster.nodes.count)
    this.placedOn = new Int32Array(cluster.pods.capacity).fill(NONE)
    this.classOf = new Int32Array(cluster.pods.capacity)
    this.terminating = new Uint8Array(cluster.pods.capacity)
  }

  reset(): void {
    const { nodes } = this.cluster
    this.infos.reset()
    this.tallies.reset()
    this.tree.reset()
    this.placedOn.fill(NONE)
    this.plans.templates.reset()
    for (let node = 0 as NodeId; node < nodes.count; node++)
      if (nodes.exists[node] === 1) this.tree.addNode(node, nodes.labels[node])
  }

  /** The plan of a pod's class. */
  planOf(pod: PodId): PodPlan {
    return this.plans.plans[this.classOf[pod]]
  }

  /** A pod is new: finds its class. */
  admit(pod: PodId): PodPlan {
    const plan = this.plans.planOf(pod)
    this.classOf[pod] = plan.id
    return plan
  }

  /** The node on which a pod counts, or NONE. */
  nodeOf(pod: PodId): NodeId {
    return this.placedOn[pod] as NodeId
  }

  /** A pod counts on a node from now on: it is assumed there, or was bound without the scheduler. */
  addPod(pod: PodId, node: NodeId): void {
    const { pods } = this.cluster
    const isTerminating = pods.deletionMark[pod] === 1
    this.placedOn[pod] = node
    this.terminating[pod] = isTerminating ? 1 : 0
    this.count(pod, node, 1)
  }

  /** It counts no more: it is gone, finished, or could not be bound. */
  removePod(pod: PodId): void {
    const node = this.placedOn[pod] as NodeId
    if (node === NONE) return
    this.count(pod, node, -1)
    this.placedOn[pod] = NONE
  }

  /** Adds or takes away what a pod means on a node; preemption and nominations try with it. */
  count(pod: PodId, node: NodeId, sign: 1 | -1): void {
    const plan = this.planOf(pod)
    this.infos.count(plan.template, node, sign)
    this.tallies.count(plan.id, node, this.terminating[pod] === 1, sign)
  }

  /** Takes in what has changed about a placed pod; true if it counts no more. */
  updatePod(pod: PodId): boolean {
    const { pods } = this.cluster
    const node = this.placedOn[pod] as NodeId
    if (node === NONE) return false
    if (isTerminal(pods, pod)) {
      this.removePod(pod)
      return true
    }
    if (pods.deletionMark[pod] === 1 && this.terminating[pod] === 0) {
      this.terminating[pod] = 1
      this.tallies.markTerminating(this.classOf[pod], node)
    }
    return false
  }

  /** Its labels may be others: a pod was adopted or released. */
  reclassify(pod: PodId): void {
    const node = this.placedOn[pod] as NodeId
    if (node !== NONE) this.count(pod, node, -1)
    this.admit(pod)
    if (node !== NONE) this.count(pod, node, 1)
  }
}
