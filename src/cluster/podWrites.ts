// The verbs by which controllers create and delete pods: at once, or one API latency after another.

import type { Kind, NodeId, TemplateId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import type { DeletionReason } from './codes.ts'
import { insertPod, type PodId, removePod } from './pods.ts'
import { Write } from './writes.ts'

/** Creates a pod of `owner`; see insertPod for the arguments. */
export function createPod(
  cluster: Cluster,
  kind: Kind,
  owner: number,
  template: TemplateId,
  ordinal: number,
  targetNode: NodeId,
  finalizer: number,
): void {
  const { api } = cluster
  if (!api.isDelayed()) {
    insertPod(cluster, kind, owner, template, ordinal, targetNode, finalizer)
    return
  }
  const at = api.delay(cluster.nowUs, Write.CreatePod)
  api.table[at] = kind
  api.table[at + 1] = owner
  api.table[at + 2] = template
  api.table[at + 3] = ordinal
  api.table[at + 4] = targetNode
  api.table[at + 5] = finalizer
}

/** Deletes a pod; `graceSeconds` NONE is its own grace period. */
export function deletePod(cluster: Cluster, pod: PodId, graceSeconds: number, reason: DeletionReason): void {
  const { api } = cluster
  if (!api.isDelayed()) {
    removePod(cluster, pod, graceSeconds, reason)
    return
  }
  const at = api.delay(cluster.nowUs, Write.DeletePod)
  api.table[at] = pod
  api.table[at + 1] = cluster.pods.uid[pod]
  api.table[at + 2] = graceSeconds
  api.table[at + 3] = reason
}
