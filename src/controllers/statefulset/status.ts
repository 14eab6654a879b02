// After pkg/controller/statefulset/stateful_set_control.go (updateStatus, updateStatefulSetStatus) and
// stateful_set_utils.go (inconsistentStatus, completeRollingUpdate), Kubernetes v1.36.3.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { isAvailable, type PodId } from '../../cluster/pods.ts'
import type { StatefulSetStatus } from '../../cluster/statefulSets.ts'
import { updateStatefulSetStatus } from '../../cluster/statefulSetWrites.ts'
import { Kind, type StatefulSetId } from '../../model/types.ts'
import type { Revisions } from './history.ts'
import { isRunningAndReady } from './slots.ts'

/**
 * Counts the pods as they are when the sync begins; what it creates is not counted. Terminating pods count as replicas
 * and, while Ready, as ready; but not as current or updated.
 */
export function computeStatus(
  cluster: Cluster,
  set: StatefulSetId,
  { current, update }: Revisions,
  status: StatefulSetStatus,
): void {
  const { pods, statefulSets } = cluster
  const minReadySeconds = statefulSets.minReadySeconds[set]
  const uid = statefulSets.uid[set]
  status.clear()
  status.observedGeneration = statefulSets.generation[set]
  status.currentRevision = current
  status.updateRevision = update
  for (let pod = pods.firstOf[Kind.StatefulSet][set] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod]) {
    if (pods.ownerUid[pod] !== uid) continue
    status.replicas++
    if (isRunningAndReady(cluster, pod)) {
      status.readyReplicas++
      if (isAvailable(pods, pod, minReadySeconds, cluster.nowUs)) status.availableReplicas++
    }
    if (pods.deletionMark[pod] === 1) continue
    if (pods.template[pod] === current) status.currentReplicas++
    if (pods.template[pod] === update) status.updatedReplicas++
  }
}

/**
 * The update revision becomes the current one when every pod has it and is ready. OnDelete never completes, a partition
 * only when it is 0.
 */
export function completeRollingUpdate(cluster: Cluster, set: StatefulSetId, status: StatefulSetStatus): void {
  const { statefulSets } = cluster
  const replicas = statefulSets.replicas[set]
  if (statefulSets.onDelete[set] === 1) return
  if (status.updatedReplicas !== replicas || status.readyReplicas !== replicas || status.replicas !== replicas) return
  status.currentReplicas = status.updatedReplicas
  status.currentRevision = status.updateRevision
}

/** Writes the status if it says anything new. */
export function writeStatus(cluster: Cluster, set: StatefulSetId, status: StatefulSetStatus): void {
  if (!isInconsistent(cluster.statefulSets.status[set], status)) return
  updateStatefulSetStatus(cluster, set, status)
  cluster.api.awaitAnswer()
}

function isInconsistent(stored: StatefulSetStatus, status: StatefulSetStatus): boolean {
  return (
    status.observedGeneration > stored.observedGeneration ||
    status.replicas !== stored.replicas ||
    status.currentReplicas !== stored.currentReplicas ||
    status.readyReplicas !== stored.readyReplicas ||
    status.updatedReplicas !== stored.updatedReplicas ||
    status.availableReplicas !== stored.availableReplicas ||
    status.currentRevision !== stored.currentRevision ||
    status.updateRevision !== stored.updateRevision
  )
}
