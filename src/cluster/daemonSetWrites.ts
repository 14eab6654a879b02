// The only writers of DaemonSets and their ControllerRevisions.

import { type DaemonSetId, type DaemonSetSpec, Kind, type TemplateId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { DaemonSetStatus } from './daemonSets.ts'
import { collectPodsOf } from './garbageCollector.ts'
import { isSameSpec } from './sameSpec.ts'
import { Write } from './writes.ts'

/** Creates a DaemonSet or writes its spec; the generation rises if anything differs. */
export function applyDaemonSetSpec(cluster: Cluster, ds: DaemonSetId, spec: DaemonSetSpec): void {
  const { daemonSets, pods } = cluster
  if (daemonSets.exists[ds] === 0) {
    daemonSets.exists[ds] = 1
    daemonSets.generation[ds] = 0
    daemonSets.observedGeneration[ds] = 0
    daemonSets.firstPodUid[ds] = pods.created
  } else if (isSameSpec(daemonSets.spec[ds], spec)) return
  daemonSets.spec[ds] = spec
  daemonSets.generation[ds] += 1
  cluster.watch.specChanged(Kind.DaemonSet, ds)
}

/** Deletes a DaemonSet with background propagation: its revisions and pods are collected. */
export function removeDaemonSet(cluster: Cluster, ds: DaemonSetId): void {
  const { daemonSets } = cluster
  if (daemonSets.exists[ds] === 0) return
  daemonSets.exists[ds] = 0
  daemonSets.status[ds].clear()
  daemonSets.history[ds].length = 0
  cluster.watch.objectDeleted(Kind.DaemonSet, ds)
  collectPodsOf(cluster, Kind.DaemonSet, ds)
}

/** Writes the status; writing what is there already wakes nobody. */
export function updateDaemonSetStatus(
  cluster: Cluster,
  ds: DaemonSetId,
  observedGeneration: number,
  status: DaemonSetStatus,
): void {
  const { api, daemonSets } = cluster
  if (api.isDelayed()) {
    const at = api.delay(cluster.nowUs, Write.DaemonSetStatus)
    const fields = [ds, observedGeneration, status.desired, status.current, status.misscheduled]
    api.table.set([...fields, status.ready, status.updated, status.available, status.unavailable], at)
    return
  }
  if (daemonSets.exists[ds] === 0) return
  if (daemonSets.observedGeneration[ds] === observedGeneration && daemonSets.status[ds].equals(status)) return
  daemonSets.observedGeneration[ds] = observedGeneration
  daemonSets.status[ds].copy(status)
  cluster.watch.statusChanged(Kind.DaemonSet, ds)
}

const unpacked = new DaemonSetStatus()

/** Plays a delayed status write. */
export function applyDaemonSetStatus(cluster: Cluster, slot: number): void {
  const { api } = cluster
  unpacked.desired = api.field(slot, 2)
  unpacked.current = api.field(slot, 3)
  unpacked.misscheduled = api.field(slot, 4)
  unpacked.ready = api.field(slot, 5)
  unpacked.updated = api.field(slot, 6)
  unpacked.available = api.field(slot, 7)
  unpacked.unavailable = api.field(slot, 8)
  updateDaemonSetStatus(cluster, api.field(slot, 0) as DaemonSetId, api.field(slot, 1), unpacked)
}

/**
 * Writes the number of the ControllerRevision that holds `template`, which is created if there is none. A revision
 * that changes wakes its DaemonSet, one that is created does not (addHistory). Only the controller of the same
 * DaemonSet reads revisions, after the answer: so the write may take effect at once.
 */
export function writeRevision(cluster: Cluster, ds: DaemonSetId, template: TemplateId, number: number): void {
  const revisions = cluster.daemonSets.history[ds]
  const known = revisions.find((revision) => revision.template === template)
  if (known === undefined) {
    revisions.push({ template, number })
    return
  }
  known.number = number
  cluster.watch.revisionChanged(Kind.DaemonSet, ds)
}

/** Deletes the ControllerRevision that holds `template`. */
export function removeRevision(cluster: Cluster, ds: DaemonSetId, template: TemplateId): void {
  const revisions = cluster.daemonSets.history[ds]
  const place = revisions.findIndex((revision) => revision.template === template)
  if (place < 0) return
  revisions.splice(place, 1)
  cluster.watch.revisionChanged(Kind.DaemonSet, ds)
}
