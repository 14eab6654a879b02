// After pkg/controller/daemon/update.go (constructHistory, cleanupHistory), Kubernetes v1.36: the ControllerRevisions
// of a DaemonSet, one for each template that it had.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { Revision } from '../../cluster/daemonSets.ts'
import { removeRevision, writeRevision } from '../../cluster/daemonSetWrites.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { SyncStages } from '../../cluster/syncStages.ts'
import { type DaemonSetId, type DaemonSetSpec, Kind } from '../../model/types.ts'

/** Makes the revision of the current template the newest one; returns the others. */
export function* constructHistory(
  cluster: Cluster,
  ds: DaemonSetId,
  spec: DaemonSetSpec,
): SyncStages<readonly Revision[]> {
  const revisions = cluster.daemonSets.history[ds]
  const current = revisions.find(({ template }) => template === spec.template)
  const old = revisions.filter((revision) => revision !== current)
  const number = Math.max(0, ...old.map((revision) => revision.number)) + 1
  if (current === undefined || current.number < number) {
    writeRevision(cluster, ds, spec.template, number)
    yield
  }
  return old
}

/** Deletes the oldest revisions beyond the limit, except those that still have pods, finished ones included. */
export function* cleanupHistory(
  cluster: Cluster,
  ds: DaemonSetId,
  spec: DaemonSetSpec,
  old: readonly Revision[],
): SyncStages {
  let excess = old.length - spec.revisionHistoryLimit
  if (excess <= 0) return
  const { daemonSets, pods } = cluster
  const live = new Set<number>()
  for (let pod = pods.firstOf[Kind.DaemonSet][ds] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod])
    if (daemonSets.owns(pods, ds, pod)) live.add(pods.template[pod])
  for (const { template } of [...old].sort((a, b) => a.number - b.number)) {
    if (excess <= 0) break
    if (live.has(template)) continue
    removeRevision(cluster, ds, template)
    yield
    excess--
  }
}
