// Writes to pods by controllers other than their owners: conditions and phases of pods whose kubelet does not answer.

import { NONE } from '../base/columns.ts'
import type { Cluster } from './cluster.ts'
import { type DeletionReason, PodChange, PodPhase, Rank } from './codes.ts'
import { countPod } from './podCounts.ts'
import { isTerminal, type PodId } from './pods.ts'
import { markReady, removePod } from './podWrites.ts'
import { Write } from './writes.ts'

/** Sets Ready to False on behalf of a node that does not answer; phase and containers stay. */
export function markPodNotReady(cluster: Cluster, pod: PodId): void {
  if (!sendLater(cluster, pod, Write.PodNotReady)) markReady(cluster, pod, false)
}

/** Sets the condition DisruptionTarget to True. */
export function markDisruptionTarget(cluster: Cluster, pod: PodId): void {
  if (sendLater(cluster, pod, Write.PodDisruptionTarget)) return
  const { pods } = cluster
  if (pods.disruptionTarget[pod] === 1) return
  pods.disruptionTarget[pod] = 1
  cluster.watch.podUpdated(pod, PodChange.Metadata)
}

/** Sets phase Failed, as pod garbage collection does before it deletes; Ready stays what it is. */
export function failPod(cluster: Cluster, pod: PodId, disruptionTarget: boolean): void {
  const { pods } = cluster
  if (sendLater(cluster, pod, Write.PodFailed, disruptionTarget ? 1 : 0)) return
  if (isTerminal(pods, pod)) return
  countPod(cluster, pod, -1)
  if (pods.node[pod] === NONE && pods.deletionMark[pod] === 0) pods.pendingCount--
  pods.phase[pod] = PodPhase.Failed
  if (disruptionTarget) pods.disruptionTarget[pod] = 1
  countPod(cluster, pod, 1)
  cluster.watch.podUpdated(pod, PodChange.Finished)
}

/**
 * Deletes a pod at once, by its name. Who does so has written to the pod before, and the StatefulSet controller, which
 * heard of that, may by then have put a new pod in its place: in a real cluster the two race, and in one case of four
 * the new pod is deleted. Here it is if it has another template, which agrees with all recordings.
 */
export function forceDeleteByName(cluster: Cluster, pod: PodId, reason: DeletionReason): void {
  const { api, pods } = cluster
  if (!api.isDelayed()) return removePod(cluster, pod, 0, reason)
  const at = api.delay(cluster.nowUs, Write.DeletePodByName, Rank.Late)
  api.table[at] = pod
  api.table[at + 1] = pods.uid[pod]
  api.table[at + 2] = pods.ownerKind[pod]
  api.table[at + 3] = pods.owner[pod]
  api.table[at + 4] = pods.ordinal[pod]
  api.table[at + 5] = reason
  api.table[at + 6] = pods.template[pod]
}

/** During a sync: sends the write and returns true. */
function sendLater(cluster: Cluster, pod: PodId, write: Write, detail = 0): boolean {
  const { api } = cluster
  if (!api.isDelayed()) return false
  const at = api.delay(cluster.nowUs, write)
  api.table[at] = pod
  api.table[at + 1] = cluster.pods.uid[pod]
  api.table[at + 2] = detail
  return true
}
