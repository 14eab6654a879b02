// After pkg/controller/daemon/daemon_controller.go (manage, podsShouldBeOnNode), Kubernetes v1.36: every node that
// should run a pod gets one, and every other pod goes.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { DeletionReason, PodPhase } from '../../cluster/codes.ts'
import { isAvailable, type PodId } from '../../cluster/pods.ts'
import type { DaemonSetId, DaemonSetSpec, NodeId } from '../../model/types.ts'
import { groupByNode } from './daemonPods.ts'
import { eligibilityOf } from './eligibility.ts'
import { type Changes, noChanges } from './syncNodes.ts'

/** Decides which pods to create and to delete so that each node is in its basic state. */
export function decideBasicState(cluster: Cluster, ds: DaemonSetId, spec: DaemonSetSpec): Changes {
  const { nodes, pods } = cluster
  const changes = noChanges()
  const groups = groupByNode(cluster, ds)
  for (let node = 0 as NodeId; node < nodes.count; node++) {
    if (nodes.exists[node] === 1) decideForNode(cluster, ds, spec, node, groups[node], changes)
    // Pods that wait for a node that is gone are nobody else's; bound ones are left to the pod garbage collector.
    else
      for (const pod of groups[node])
        if (pods.node[pod] === NONE) changes.deletions.push({ pod, reason: DeletionReason.NotEligible })
  }
  return changes
}

function decideForNode(
  cluster: Cluster,
  ds: DaemonSetId,
  spec: DaemonSetSpec,
  node: NodeId,
  group: readonly PodId[],
  changes: Changes,
): void {
  const { pods } = cluster
  const eligibility = eligibilityOf(cluster, spec, node)
  if (eligibility === 'none') {
    for (const pod of group)
      if (pods.deletionMark[pod] === 0) changes.deletions.push({ pod, reason: DeletionReason.NotEligible })
    return
  }
  if (group.length === 0) {
    if (eligibility === 'run') changes.creations.push(node)
    return
  }
  const running = removeFinished(cluster, ds, node, group, changes)
  if (!allowsSurge(spec)) {
    for (const pod of running.slice(1)) changes.deletions.push({ pod, reason: DeletionReason.ScaledDown })
  } else if (running.length > 1) removeExcess(cluster, spec, running, changes)
  else if (running.length === 0 && eligibility === 'run') changes.creations.push(node)
}

/** True if two pods may share a node while it is updated (AllowsSurge). */
export function allowsSurge(spec: DaemonSetSpec): boolean {
  return !spec.onDelete && spec.maxSurge.value > 0
}

/** Finished pods go, failed ones not faster than their back-off allows. Returns the others that are not marked. */
function removeFinished(
  cluster: Cluster,
  ds: DaemonSetId,
  node: NodeId,
  group: readonly PodId[],
  changes: Changes,
): PodId[] {
  const { daemonSets, nowUs, pods } = cluster
  const running: PodId[] = []
  for (const pod of group) {
    if (pods.deletionMark[pod] === 1) continue
    if (pods.phase[pod] === PodPhase.Failed) {
      const key = daemonSets.backoffKey(ds, node)
      const generation = daemonSets.observedGeneration[ds]
      const delayUs = daemonSets.failedPods.currentDelayUs(key, generation, nowUs)
      if (delayUs > 0) {
        cluster.queues[Controller.DaemonSet].addAfter(ds, nowUs, delayUs)
        continue
      }
      daemonSets.failedPods.advance(key, generation, nowUs)
      changes.deletions.push({ pod, reason: DeletionReason.FailedReplaced })
    } else if (pods.phase[pod] === PodPhase.Succeeded) {
      changes.deletions.push({ pod, reason: DeletionReason.FailedReplaced })
    } else running.push(pod)
  }
  return running
}

/**
 * With surge the oldest new and the oldest old pod may stay, until the old one is not ready or the new one is
 * available.
 */
function removeExcess(cluster: Cluster, spec: DaemonSetSpec, running: readonly PodId[], changes: Changes): void {
  const { nowUs, pods } = cluster
  let oldestNew = NONE as PodId
  let oldestOld = NONE as PodId
  for (const pod of running) {
    if (pods.template[pod] === spec.template) {
      if (oldestNew === NONE) oldestNew = pod
      else changes.deletions.push({ pod, reason: DeletionReason.ScaledDown })
    } else if (oldestOld === NONE) oldestOld = pod
    else changes.deletions.push({ pod, reason: DeletionReason.ScaledDown })
  }
  if (oldestNew === NONE || oldestOld === NONE) return
  if (pods.ready[oldestOld] === 0 || isAvailable(pods, oldestNew, spec.minReadySeconds, nowUs))
    changes.deletions.push({ pod: oldestOld, reason: DeletionReason.RolloutReplaced })
}
