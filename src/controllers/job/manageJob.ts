// After pkg/controller/job/job_controller.go (manageJob, deleteJobPods, deleteActivePods), Kubernetes v1.36: creates or
// deletes pods until as many are active as the Job may have.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { DeletionReason } from '../../cluster/codes.ts'
import { releasePod } from '../../cluster/jobWrites.ts'
import { createPod, deletePod } from '../../cluster/podWrites.ts'
import type { SyncStages } from '../../cluster/syncStages.ts'
import { Kind, type NodeId } from '../../model/types.ts'
import { remainingBackoffUs, remainingIndexBackoffUs } from './backoff.ts'
import { firstPendingIndexes, nextFailureCounts } from './indexedJob.ts'
import { isPresent, type JobPod } from './jobPods.ts'
import type { JobSync } from './jobSync.ts'
import { chooseForRemoval } from './ranking.ts'

/** Most pods that one sync creates or deletes (MaxPodCreateDeletePerSync). */
const BURST_PODS = 500

/** Pod events and status writes are taken together for this long (SyncJobBatchPeriod). */
export const BATCH_PERIOD_US = 1_000_000

/** Deletes or creates, never both in one sync; the counts of `sync` follow. */
export function* manageJob(cluster: Cluster, sync: JobSync): SyncStages {
  const { activePods, spec } = sync
  if (spec.suspend) {
    yield* removePods(cluster, sync, chooseForRemoval(cluster, spec, activePods, activePods.length))
    return
  }
  const wanted = wantedActive(sync)
  const surplus = chooseForRemoval(cluster, spec, activePods, Math.max(0, sync.active - wanted)).slice(0, BURST_PODS)
  if (surplus.length > 0) {
    yield* removePods(cluster, sync, surplus)
    return
  }
  const missing = wanted - sync.active - (spec.onlyReplaceFailed ? sync.terminating : 0)
  if (missing > 0) yield* addPods(cluster, sync, Math.min(missing, BURST_PODS))
}

/** How many pods may run: never more than there are completions left. */
function wantedActive({ active, spec, succeeded }: JobSync): number {
  if (spec.completions === NONE) return succeeded > 0 ? active : spec.parallelism
  return Math.max(0, Math.min(spec.parallelism, spec.completions - succeeded))
}

/** Without their finalizer first: so they do not count as failed. */
function* removePods(cluster: Cluster, sync: JobSync, chosen: readonly JobPod[]): SyncStages {
  const { expectations } = cluster.jobs
  expectations.expect(sync.job, 0, chosen.length, cluster.nowUs)
  if (chosen.length === 0) return
  const released = chosen.filter((pod) => pod.hasFinalizer)
  for (const each of released) releasePod(cluster, each.pod)
  if (released.length > 0) yield
  for (const each of chosen) {
    if (isPresent(cluster, each)) deletePod(cluster, each.pod, NONE, DeletionReason.ScaledDown)
    else expectations.observeDeletion(sync.job)
  }
  yield
  noteDeletions(sync, chosen)
}

/** Deletes all active pods of a Job that is over; their finalizers go when they are counted. */
export function* deleteActivePods(cluster: Cluster, sync: JobSync): SyncStages {
  if (sync.activePods.length === 0) return
  for (const each of sync.activePods)
    if (isPresent(cluster, each)) deletePod(cluster, each.pod, NONE, DeletionReason.JobFinished)
  yield
  noteDeletions(sync, sync.activePods)
}

function noteDeletions(sync: JobSync, deleted: readonly JobPod[]): void {
  sync.active -= deleted.length
  sync.terminating += deleted.length
  sync.ready -= deleted.filter((pod) => pod.isReady).length
}

/** Creates pods by slow start, after the back-off. */
function* addPods(cluster: Cluster, sync: JobSync, missing: number): SyncStages {
  const { backoff, job, spec } = sync
  if (spec.backoffLimitPerIndex === NONE && waitFor(cluster, sync, remainingBackoffUs(backoff, cluster.nowUs))) return
  let indexes: readonly number[] = Array.from({ length: missing }, () => NONE)
  if (spec.indexed) indexes = firstPendingIndexes(sync, missing)
  if (spec.backoffLimitPerIndex !== NONE) {
    const waitsUs = indexes.map((index) => remainingIndexBackoffUs(cluster, sync.delayed.get(index)))
    indexes = indexes.filter((_, i) => waitsUs[i] === 0)
    if (indexes.length === 0 && waitFor(cluster, sync, Math.min(...waitsUs))) return
  }
  cluster.jobs.expectations.expect(job, indexes.length, 0, cluster.nowUs)
  sync.active += indexes.length
  for (let from = 0, size = 1; from < indexes.length; from += size, size *= 2) {
    for (const index of lastFirst(indexes.slice(from, from + size))) {
      const { counted, ignored } = nextFailureCounts(cluster, spec, sync.delayed.get(index))
      createPod(cluster, Kind.Job, job, spec.template, index, NONE as NodeId, 1, counted, ignored)
    }
    yield
  }
}

/** Calls that are sent side by side: of Go's new goroutines the last one runs first. */
function lastFirst(batch: readonly number[]): readonly number[] {
  return [...batch.slice(-1), ...batch.slice(0, -1)]
}

/** True if there is a wait; the Job is looked at again after it. */
function waitFor(cluster: Cluster, { job }: JobSync, remainingUs: number): boolean {
  if (remainingUs <= 0 || remainingUs === Infinity) return false
  cluster.queues[Controller.Job].addAfter(job, cluster.nowUs, Math.max(remainingUs, BATCH_PERIOD_US))
  return true
}
