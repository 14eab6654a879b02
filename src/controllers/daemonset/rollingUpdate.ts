// After pkg/controller/daemon/update.go (rollingUpdate, findUpdatedPodsOnNode, updatedDesiredNodeCounts), Kubernetes
// v1.36: which old pods to delete, or where to add new ones beside them. Upstream visits the nodes in random order;
// here from the last name but one to the first, and then the last.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { DeletionReason } from '../../cluster/codes.ts'
import { isAvailable, type PodId } from '../../cluster/pods.ts'
import type { DaemonSetId, DaemonSetSpec, NodeId } from '../../model/types.ts'
import { scaledValue } from '../../model/fenceposts.ts'
import { groupByNode } from './daemonPods.ts'
import { eligibilityOf } from './eligibility.ts'
import { type Changes, noChanges } from './syncNodes.ts'

/** The pods without a deletion mark on one node: at most one of the current template and one older. */
interface NodePods {
  readonly newPod: PodId
  readonly oldPod: PodId
}

/** Decides the next step of the rollout; undefined if it needs a node that is gone: upstream fails then and retries. */
export function decideRollingUpdate(cluster: Cluster, ds: DaemonSetId, spec: DaemonSetSpec): Changes | undefined {
  const { nodes } = cluster
  const groups = groupByNode(cluster, ds)
  const visited: NodeId[] = []
  let desired = 0
  for (let step = 0; step < nodes.count; step++) {
    const node = ((2 * nodes.count - 2 - step) % nodes.count) as NodeId
    const wanted = nodes.exists[node] === 1 && eligibilityOf(cluster, spec, node) === 'run'
    if (wanted) desired++
    if (wanted || groups[node].length > 0) visited.push(node)
  }
  const maxSurge = scaledValue(spec.maxSurge, desired, true)
  let maxUnavailable = scaledValue(spec.maxUnavailable, desired, true)
  if (desired > 0 && maxUnavailable === 0 && maxSurge === 0) maxUnavailable = 1
  if (maxSurge === 0) return decideReplacements(cluster, spec, groups, visited, maxUnavailable)
  return decideSurge(cluster, spec, groups, visited, desired, maxSurge)
}

/**
 * Without surge: unavailable old pods go at once, available ones while fewer than maxUnavailable nodes are without an
 * available pod. Three nodes, maxUnavailable 1, two old pods not ready: both of them go, the third stays.
 */
function decideReplacements(
  cluster: Cluster,
  spec: DaemonSetSpec,
  groups: readonly (readonly PodId[])[],
  visited: readonly NodeId[],
  maxUnavailable: number,
): Changes {
  const { nowUs, pods } = cluster
  const changes = noChanges()
  const candidates: PodId[] = []
  let unavailable = 0
  for (const node of visited) {
    const found = findUpdatedPods(cluster, spec, groups[node])
    const one = found !== undefined && (found.newPod === NONE) !== (found.oldPod === NONE)
    if (!one) {
      unavailable++
      continue
    }
    const isNew = found.newPod !== NONE
    const pod = isNew ? found.newPod : found.oldPod
    const available = isAvailable(pods, pod, spec.minReadySeconds, nowUs)
    if (!available) unavailable++
    if (isNew) continue
    if (available) candidates.push(pod)
    else changes.deletions.push({ pod, reason: DeletionReason.RolloutReplaced })
  }
  for (const pod of candidates.slice(0, Math.max(0, maxUnavailable - unavailable)))
    changes.deletions.push({ pod, reason: DeletionReason.RolloutReplaced })
  return changes
}

/** With surge: a new pod beside an unavailable old one at once, beside available ones at most maxSurge at a time. */
function decideSurge(
  cluster: Cluster,
  spec: DaemonSetSpec,
  groups: readonly (readonly PodId[])[],
  visited: readonly NodeId[],
  desired: number,
  maxSurge: number,
): Changes | undefined {
  const { nodes, nowUs, pods } = cluster
  const changes = noChanges()
  const candidates: NodeId[] = []
  const sunset: PodId[] = []
  let surging = 0
  let available = 0
  for (const node of visited) {
    const found = findUpdatedPods(cluster, spec, groups[node])
    if (found === undefined) {
      surging++
      continue
    }
    const { newPod, oldPod } = found
    const counted = oldPod === NONE ? newPod : oldPod
    const isCountedAvailable = counted !== NONE && isAvailable(pods, counted, spec.minReadySeconds, nowUs)
    if (isCountedAvailable) available++
    if (oldPod === NONE) continue
    if (newPod !== NONE) {
      if (isAvailable(pods, newPod, spec.minReadySeconds, nowUs))
        changes.deletions.push({ pod: oldPod, reason: DeletionReason.RolloutReplaced })
      else surging++
      continue
    }
    if (nodes.exists[node] === 0) return undefined
    const wanted = eligibilityOf(cluster, spec, node) === 'run'
    if (wanted) (isCountedAvailable ? candidates : changes.creations).push(node)
    else if (isCountedAvailable) sunset.push(oldPod)
    else changes.deletions.push({ pod: oldPod, reason: DeletionReason.NotEligible })
  }
  // Pods on nodes that should not run any are kept until enough others are available.
  for (const pod of sunset.slice(0, Math.max(0, available - desired)))
    changes.deletions.push({ pod, reason: DeletionReason.NotEligible })
  changes.creations.push(...candidates.slice(0, Math.max(0, maxSurge - surging)))
  return changes
}

/** Undefined if there is more than one of a sort: the basic state comes first. */
function findUpdatedPods(cluster: Cluster, spec: DaemonSetSpec, group: readonly PodId[]): NodePods | undefined {
  const { pods } = cluster
  let newPod = NONE as PodId
  let oldPod = NONE as PodId
  for (const pod of group) {
    if (pods.deletionMark[pod] === 1) continue
    if (pods.template[pod] === spec.template) {
      if (newPod !== NONE) return undefined
      newPod = pod
    } else {
      if (oldPod !== NONE) return undefined
      oldPod = pod
    }
  }
  return { newPod, oldPod }
}
