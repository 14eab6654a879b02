// Writes to Node objects and to the machines behind them.

import type { NodeId, NodeObject } from '../model/types.ts'
import type { Taint } from '../scenario/types.ts'
import type { Cluster } from './cluster.ts'
import { type ConditionStatus, NodeState } from './codes.ts'
import { changeTaints } from './taints.ts'
import { Write } from './writes.ts'

/** A node joins, Ready at once; one that exists already stays as it is. */
export function addNode(cluster: Cluster, node: NodeId, as: NodeObject): void {
  if (cluster.nodes.exists[node] === 1) return
  cluster.nodes.create(node, as, cluster.nowUs)
  cluster.watch.nodeChanged(node)
}

/** Deletes a Node object. Its pods stay, and its machine may go on; pod garbage collection takes the pods later. */
export function removeNode(cluster: Cluster, node: NodeId): void {
  const { nodes } = cluster
  if (nodes.exists[node] === 0) return
  nodes.lastRenewalUs[node] = nodes.renewedAtUs(node, cluster.nowUs)
  nodes.exists[node] = 0
  cluster.watch.nodeChanged(node)
}

/** Replaces the taints of a node. */
export function setTaints(cluster: Cluster, node: NodeId, taints: readonly Taint[]): void {
  if (cluster.nodes.exists[node] === 0) return
  cluster.nodes.taints[node] = taints
  cluster.watch.nodeChanged(node)
}

/** Puts a taint on a node, or takes it off, as kubectl taint does: a taint is told by its key and effect. */
export function changeTaint(cluster: Cluster, node: NodeId, taint: Taint, remove: boolean): void {
  const others = cluster.nodes.taints[node].filter(({ key, effect }) => key !== taint.key || effect !== taint.effect)
  setTaints(cluster, node, remove ? others : [...others, taint])
}

/** Adds and removes own taints (sets of OwnTaint), read and written in one step, as a patch does. */
export function patchTaints(cluster: Cluster, node: NodeId, add: number, remove: number): void {
  const { api, nodes } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.PatchTaints)
    api.table[at] = node
    api.table[at + 1] = add
    api.table[at + 2] = remove
    return
  }
  const taints = changeTaints(nodes.taints[node], add, remove)
  if (nodes.exists[node] === 1 && taints !== nodes.taints[node]) setTaints(cluster, node, taints)
}

/** Replaces the labels of a node. */
export function setLabels(cluster: Cluster, node: NodeId, labels: Readonly<Record<string, string>>): void {
  cluster.nodes.labels[node] = labels
  cluster.watch.nodeChanged(node)
}

/** Cordon and uncordon. */
export function setUnschedulable(cluster: Cluster, node: NodeId, unschedulable: boolean): void {
  const value = unschedulable ? 1 : 0
  if (cluster.nodes.exists[node] === 0 || cluster.nodes.unschedulable[node] === value) return
  cluster.nodes.unschedulable[node] = value
  cluster.watch.nodeChanged(node)
}

/** Writes the Ready condition. */
export function setNodeReady(cluster: Cluster, node: NodeId, status: ConditionStatus): void {
  const { api, nodes } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.NodeReady)
    api.table[at] = node
    api.table[at + 1] = status
    return
  }
  if (nodes.exists[node] === 0 || nodes.ready[node] === status) return
  nodes.ready[node] = status
  cluster.watch.nodeChanged(node)
}

/** The machine begins to shut down, or has started again. Not an API write. */
export function setShuttingDown(cluster: Cluster, node: NodeId, shuttingDown: boolean): void {
  const value = shuttingDown ? 1 : 0
  if (cluster.nodes.shuttingDown[node] === value) return
  cluster.nodes.shuttingDown[node] = value
  cluster.watch.nodeChanged(node)
}

/** The machine goes down or comes back; its Node object shows it only when the node controller notices. */
export function setNodeState(cluster: Cluster, node: NodeId, state: NodeState): void {
  const { nodes } = cluster
  const before = nodes.down[node]
  if (before === state) return
  if (before === NodeState.Up) nodes.lastRenewalUs[node] = nodes.renewedAtUs(node, cluster.nowUs)
  if (state === NodeState.Up) nodes.renewsSinceUs[node] = cluster.nowUs
  nodes.down[node] = state
  cluster.watch.nodeChanged(node)
}
