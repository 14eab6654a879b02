// After pkg/controller/statefulset/stateful_set_control.go (the first half of updateStatefulSet) and
// stateful_set_utils.go, Kubernetes v1.36.3: the pods of a set as one sync sees them. A slot is an ordinal that the set
// wants; a condemned pod is one whose ordinal it does not want.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { PodPhase } from '../../cluster/codes.ts'
import { isAvailable, type PodId } from '../../cluster/pods.ts'
import { Kind, type StatefulSetId, type TemplateId } from '../../model/types.ts'

/** What one sync works on; filled by sortIntoSlots, valid until the next call. */
export class Slots {
  count = 0
  /** By slot: the pod, or NONE if there is none yet. */
  pod = new Int32Array(0)
  /** By slot: revision of the pod, or of the one that would be made. */
  revision = new Int32Array(0)
  /** By slot: 1 if a pod of a former incarnation of the set still has the name. */
  nameTaken = new Uint8Array(0)
  /** In descending order of their ordinals. */
  readonly condemned: PodId[] = []
  /** The lowest slot that is unavailable, else the lowest condemned pod that is. */
  firstUnavailable: PodId = NONE as PodId
  /** Slots that are unavailable: empty ones too. */
  unavailable = 0

  clear(count: number): void {
    if (count > this.pod.length) {
      this.pod = new Int32Array(count)
      this.revision = new Int32Array(count)
      this.nameTaken = new Uint8Array(count)
    }
    this.count = count
    this.pod.fill(NONE, 0, count)
    this.nameTaken.fill(0, 0, count)
    this.condemned.length = 0
    this.firstUnavailable = NONE as PodId
    this.unavailable = 0
  }
}

/** Puts the set's pods into slots and among the condemned, and says which revision an empty slot gets. */
export function sortIntoSlots(
  cluster: Cluster,
  set: StatefulSetId,
  currentRevision: TemplateId,
  updateRevision: TemplateId,
  slots: Slots,
): void {
  const { pods, statefulSets } = cluster
  const start = statefulSets.startOrdinal[set]
  const uid = statefulSets.uid[set]
  slots.clear(statefulSets.replicas[set])
  for (let pod = pods.firstOf[Kind.StatefulSet][set] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod]) {
    const slot = pods.ordinal[pod] - start
    const wanted = slot >= 0 && slot < slots.count
    if (pods.ownerUid[pod] !== uid) {
      if (wanted) slots.nameTaken[slot] = 1
    } else if (wanted) {
      slots.pod[slot] = pod
      slots.revision[slot] = pods.template[pod]
    } else slots.condemned.push(pod)
  }
  if (slots.condemned.length > 1) slots.condemned.sort((a, b) => pods.ordinal[b] - pods.ordinal[a])
  for (let slot = 0; slot < slots.count; slot++)
    if (slots.pod[slot] === NONE)
      slots.revision[slot] = revisionOfNewPod(cluster, set, slot, currentRevision, updateRevision)
  findUnavailable(cluster, set, slots)
}

function findUnavailable(cluster: Cluster, set: StatefulSetId, slots: Slots): void {
  for (let slot = 0; slot < slots.count; slot++) {
    if (!isUnavailable(cluster, set, slots.pod[slot] as PodId)) continue
    if (slots.unavailable++ === 0) slots.firstUnavailable = slots.pod[slot] as PodId
  }
  if (slots.unavailable > 0) return
  for (let i = slots.condemned.length - 1; i >= 0; i--) {
    if (!isUnavailable(cluster, set, slots.condemned[i])) continue
    slots.firstUnavailable = slots.condemned[i]
    return
  }
}

/**
 * Which revision a pod gets that has to be made anew (newVersionedStatefulSetPod). With a `rollingUpdate` block the
 * partition decides; without one the first status.currentReplicas ordinals come back as they were. OnDelete: the new one.
 * Four replicas, partition 0, pod 0 lost while pod 3 is being updated: pod 0 comes back new. Without the block,
 * currentReplicas 2: pod 0 comes back old.
 */
export function revisionOfNewPod(
  cluster: Cluster,
  set: StatefulSetId,
  slot: number,
  currentRevision: TemplateId,
  updateRevision: TemplateId,
): TemplateId {
  const { statefulSets } = cluster
  if (statefulSets.onDelete[set] === 1) return updateRevision
  const partition = statefulSets.partition[set]
  const old = partition === NONE ? statefulSets.status[set].currentReplicas : partition
  return slot < old ? currentRevision : updateRevision
}

/** Not available for minReadySeconds, or terminating, or not there at all. */
export function isUnavailable(cluster: Cluster, set: StatefulSetId, pod: PodId): boolean {
  if (pod === NONE || cluster.pods.deletionMark[pod] === 1) return true
  return !isAvailable(cluster.pods, pod, cluster.statefulSets.minReadySeconds[set], cluster.nowUs)
}

/** Phase Running and condition Ready. */
export function isRunningAndReady(cluster: Cluster, pod: PodId): boolean {
  return cluster.pods.phase[pod] === PodPhase.Running && cluster.pods.ready[pod] === 1
}
