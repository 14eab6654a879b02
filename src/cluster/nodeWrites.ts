// Writes to Node objects and to the machines behind them.

import type { NodeId } from '../model/types.ts'
import type { Taint } from '../scenario/types.ts'
import type { Cluster } from './cluster.ts'

/** A node joins, Ready at once; one that exists already stays as it is. */
export function addNode(cluster: Cluster, node: NodeId): void {
  if (cluster.nodes.exists[node] === 1) return
  cluster.nodes.create(node)
  cluster.watch.nodeChanged(node)
}

/** Replaces the taints of a node. */
export function setTaints(cluster: Cluster, node: NodeId, taints: readonly Taint[]): void {
  cluster.nodes.taints[node] = taints
  cluster.watch.nodeChanged(node)
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

/** The machine goes down or comes back; its Node object shows it only when the node controller notices. */
export function setNodeDown(cluster: Cluster, node: NodeId, down: boolean): void {
  cluster.nodes.down[node] = down ? 1 : 0
  cluster.watch.nodeChanged(node)
}
