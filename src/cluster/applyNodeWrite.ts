// Plays the delayed writes of the controllers that look after nodes.

import { NONE } from '../base/columns.ts'
import type { Kind, NodeId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import type { ConditionStatus, DeletionReason } from './codes.ts'
import { patchTaints, setNodeReady } from './nodeWrites.ts'
import { findPod } from './podIdentity.ts'
import type { PodId } from './pods.ts'
import { removePod } from './podWrites.ts'
import { failPod, markDisruptionTarget, markPodNotReady } from './podStatusWrites.ts'
import { Write } from './writes.ts'

/** Applies the write whose fields stand in `slot`; a pod that is gone by then answers NotFound. */
export function applyNodeWrite(cluster: Cluster, write: Write, slot: number): void {
  const { api, pods } = cluster
  if (write === Write.PatchTaints)
    return patchTaints(cluster, api.field(slot, 0) as NodeId, api.field(slot, 1), api.field(slot, 2))
  if (write === Write.NodeReady)
    return setNodeReady(cluster, api.field(slot, 0) as NodeId, api.field(slot, 1) as ConditionStatus)
  if (write === Write.DeletePodByName) return applyDeletion(cluster, slot)
  const pod = api.field(slot, 0) as PodId
  if (pods.uid[pod] !== api.field(slot, 1)) return
  if (write === Write.PodNotReady) markPodNotReady(cluster, pod)
  else if (write === Write.PodDisruptionTarget) markDisruptionTarget(cluster, pod)
  else failPod(cluster, pod, api.field(slot, 2) === 1)
}

function applyDeletion(cluster: Cluster, slot: number): void {
  const { api, pods } = cluster
  const [pod, uid, kind, owner, ordinal, reason] = [0, 1, 2, 3, 4, 5].map((field) => api.field(slot, field))
  const found = findPod(pods, { pod: pod as PodId, uid, kind: kind as Kind, owner, ordinal })
  if (found === NONE) return
  if (pods.uid[found] === uid || pods.template[found] !== api.field(slot, 6))
    removePod(cluster, found, 0, reason as DeletionReason)
}
