// After pkg/controller/daemon/daemon_controller.go (syncNodes), Kubernetes v1.36: sends the creations and deletions
// that a stage of the sync has decided on.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { DeletionReason } from '../../cluster/codes.ts'
import type { PodId } from '../../cluster/pods.ts'
import { createPod, deletePod } from '../../cluster/podWrites.ts'
import type { SyncStages } from '../../cluster/syncStages.ts'
import { type DaemonSetId, type DaemonSetSpec, Kind, type NodeId } from '../../model/types.ts'

/** Most pods that one stage creates or deletes (BurstReplicas). */
export const BURST_REPLICAS = 250

/** Nodes that get a pod, and pods that go. */
export interface Changes {
  readonly creations: NodeId[]
  readonly deletions: { readonly pod: PodId; readonly reason: DeletionReason }[]
}

export function noChanges(): Changes {
  return { creations: [], deletions: [] }
}

/** Creates by slow start (1, 2, 4 … side by side), then deletes all side by side. */
export function* syncNodes(cluster: Cluster, ds: DaemonSetId, spec: DaemonSetSpec, changes: Changes): SyncStages {
  const creations = changes.creations.slice(0, BURST_REPLICAS)
  const deletions = changes.deletions.slice(0, BURST_REPLICAS)
  const { expectations } = cluster.daemonSets
  expectations.expect(ds, creations.length, deletions.length, cluster.nowUs)
  for (let from = 0, size = 1; from < creations.length; from += size, size *= 2) {
    for (const node of creations.slice(from, from + size))
      createPod(cluster, Kind.DaemonSet, ds, spec.template, NONE, node, 0)
    yield
  }
  if (deletions.length === 0) return
  for (const { pod, reason } of deletions) deletePod(cluster, pod, NONE, reason)
  yield
}
