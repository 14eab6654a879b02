// After pkg/controller/daemon/daemon_controller.go (getNodesToDaemonPods, podByCreationTimestampAndPhase), Kubernetes
// v1.36: a DaemonSet's pods by the node that they are on, or are made for.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { isTerminal, type PodId, type Pods } from '../../cluster/pods.ts'
import { type DaemonSetId, Kind, type NodeId } from '../../model/types.ts'

/** By node; reused by the next grouping. */
const podsOnNode: PodId[][] = []

/** Pods by node, the one that counts first. Finished pods that are marked for deletion are left out. */
export function groupByNode(cluster: Cluster, ds: DaemonSetId): readonly (readonly PodId[])[] {
  const { daemonSets, nodes, pods } = cluster
  while (podsOnNode.length < nodes.count) podsOnNode.push([])
  for (const group of podsOnNode) group.length = 0
  for (let pod = pods.firstOf[Kind.DaemonSet][ds] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod]) {
    if (!daemonSets.owns(pods, ds, pod)) continue
    if (pods.deletionMark[pod] === 1 && isTerminal(pods, pod)) continue
    podsOnNode[nodeOf(pods, pod)].push(pod)
  }
  for (const group of podsOnNode) if (group.length > 1) group.sort((a, b) => compareByAge(pods, a, b))
  return podsOnNode
}

/** The node a pod is bound to, or was made for. */
export function nodeOf(pods: Pods, pod: PodId): NodeId {
  return pods.node[pod] === NONE ? pods.targetNode[pod] : pods.node[pod]
}

/** Bound pods first, then the oldest by the second of creation, then by name, which here ascends with the UID. */
export function compareByAge(pods: Pods, a: PodId, b: PodId): number {
  if ((pods.node[a] === NONE) !== (pods.node[b] === NONE)) return pods.node[a] === NONE ? 1 : -1
  const byAge = Math.floor(pods.createdAtUs[a] / 1e6) - Math.floor(pods.createdAtUs[b] / 1e6)
  return byAge || pods.uid[a] - pods.uid[b]
}
