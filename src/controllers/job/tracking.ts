// After pkg/controller/job/job_controller.go (trackJobStatusAndRemoveFinalizers), Kubernetes v1.36: finished pods are
// first noted in the status, then lose their finalizer, then are counted; so that none is counted twice or never.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { PodPhase } from '../../cluster/codes.ts'
import { releasePod, rememberFailures, updateJobStatus } from '../../cluster/jobWrites.ts'
import type { JobStatus } from '../../cluster/jobStatus.ts'
import type { SyncStages } from '../../cluster/syncStages.ts'
import { countIndexes, equalIntervals, hasIndex, withIndexes } from '../../model/indexIntervals.ts'
import { isFailedPod, isPresent, type JobPod } from './jobPods.ts'
import { conditionNow, ensureCondition, hasValidIndex, type JobSync } from './jobSync.ts'
import { matchPodFailurePolicy } from './podFailurePolicy.ts'

/** Most pods that wait to be counted at one time (MaxUncountedPods). */
const UNCOUNTED_MAX = 500

/** Counts finished pods and writes the status; a Job that is over gets its final condition when nothing is left of it. */
export function* trackJobStatus(cluster: Cluster, sync: JobSync, mustFlush: boolean): SyncStages {
  const { job, pods, spec, status } = sync
  const withFinalizer = new Set(pods.filter((pod) => pod.hasFinalizer).map(({ uid }) => uid))
  let flush = mustFlush
  if (countReleased(status, withFinalizer)) flush = true
  const counting = noteFinishedPods(cluster, sync)
  if (counting.changed) flush = true
  if (spec.indexed && noteIndexes(sync, counting.newIndexes)) flush = true
  if (notePendingEnd(cluster, sync)) flush = true
  if (flush) {
    updateJobStatus(cluster, job, status)
    yield
    if (cluster.jobs.exists[job] === 0) return
    status.floorTimes()
    rememberFailures(cluster, job, sync.backoff.failures, sync.backoff.lastFailureSeconds)
  }
  yield* releasePods(cluster, counting.released, withFinalizer)
  flush = countReleased(status, withFinalizer)
  if (!counting.isFull && enactFinish(cluster, sync)) flush = true
  if (!flush) return
  updateJobStatus(cluster, job, status)
  yield
}

interface Counting {
  /** Pods whose finalizer may go. */
  readonly released: JobPod[]
  readonly newIndexes: number[]
  changed: boolean
  /** There are more pods than one sync may count. */
  isFull: boolean
}

/** Notes each finished pod in the lists of uncounted ones, or its index. */
function noteFinishedPods(cluster: Cluster, sync: JobSync): Counting {
  const { pods, spec, status } = sync
  const counting: Counting = { released: [], newIndexes: [], changed: false, isFull: false }
  const succeeded = [...status.uncountedSucceeded]
  const failed = [...status.uncountedFailed]
  const ordered = spec.indexed ? [...pods].sort((a, b) => a.index - b.index) : pods
  for (const pod of ordered) {
    if (!pod.hasFinalizer || !mayBeReleased(sync, pod)) continue
    counting.released.push(pod)
    if (pod.phase === PodPhase.Succeeded && !sync.uncountedFailed.has(pod.uid)) {
      if (!spec.indexed) {
        if (!sync.uncountedSucceeded.has(pod.uid)) succeeded.push(pod.uid)
      } else if (hasValidIndex(spec, pod) && !hasIndex(sync.previousSucceededIndexes, pod.index)) {
        counting.newIndexes.push(pod.index)
        counting.changed = true
      }
    } else if (countsAsFailed(cluster, sync, pod)) failed.push(pod.uid)
    if (counting.newIndexes.length + succeeded.length + failed.length < UNCOUNTED_MAX) continue
    counting.isFull = true
    break
  }
  if (succeeded.length > status.uncountedSucceeded.length || failed.length > status.uncountedFailed.length)
    counting.changed = true
  status.uncountedSucceeded = succeeded
  status.uncountedFailed = failed
  return counting
}

/** Whether a pod's finalizer may go: it has ended, and no replacement has yet to learn from it (canRemoveFinalizer). */
function mayBeReleased({ delayed, finished, spec }: JobSync, pod: JobPod): boolean {
  if (finished !== undefined || pod.phase === PodPhase.Succeeded) return true
  if (!isFailedPod(spec, pod)) return false
  return pod.index === NONE || delayed.get(pod.index)?.uid !== pod.uid
}

/** When a Job has failed, every pod that is still there has failed too. */
function countsAsFailed(cluster: Cluster, sync: JobSync, pod: JobPod): boolean {
  const { finished, spec } = sync
  const jobFailed = finished !== undefined && finished.type !== 'SuccessCriteriaMet'
  if (!isFailedPod(spec, pod) && !jobFailed) return false
  if (sync.uncountedFailed.has(pod.uid) || !hasValidIndex(spec, pod)) return false
  return matchPodFailurePolicy(cluster, spec, pod) !== 'Ignore'
}

/** Takes the indexes into the status; true if they differ. */
function noteIndexes(sync: JobSync, newIndexes: readonly number[]): boolean {
  const { failedIndexes, status } = sync
  sync.succeededIndexes = withIndexes(sync.succeededIndexes, newIndexes)
  let changed = !equalIntervals(sync.succeededIndexes, status.completedIndexes)
  status.completedIndexes = sync.succeededIndexes
  status.succeeded = countIndexes(sync.succeededIndexes)
  const isNew = (status.failedIndexes === undefined) !== (failedIndexes === undefined)
  if (isNew || !equalIntervals(status.failedIndexes ?? [], failedIndexes ?? [])) changed = true
  status.failedIndexes = failedIndexes
  return changed
}

/**
 * Notes in the conditions that the Job will be over, and turns the decision into the final condition. True if the
 * conditions changed.
 */
function notePendingEnd(cluster: Cluster, sync: JobSync): boolean {
  const { finished, status } = sync
  if (finished?.type === 'FailureTarget') {
    status.conditions = [...status.conditions, finished]
    sync.finished = conditionNow(cluster, 'Failed', finished.reason)
    return true
  }
  if (finished?.type !== 'SuccessCriteriaMet') return false
  const isNew = status.find('SuccessCriteriaMet') === undefined
  if (isNew) status.conditions = [...status.conditions, finished]
  sync.finished = conditionNow(cluster, 'Complete', finished.reason)
  return isNew
}

/** Takes the finalizers off, side by side. */
function* releasePods(cluster: Cluster, released: readonly JobPod[], withFinalizer: Set<number>): SyncStages {
  if (released.length === 0) return
  for (const pod of released) {
    if (isPresent(cluster, pod)) releasePod(cluster, pod.pod)
    withFinalizer.delete(pod.uid)
  }
  yield
}

/** Moves pods without finalizer from the uncounted lists to the counters; true if there were any. */
function countReleased(status: JobStatus, withFinalizer: ReadonlySet<number>): boolean {
  const succeeded = status.uncountedSucceeded.filter((uid) => withFinalizer.has(uid))
  const failed = status.uncountedFailed.filter((uid) => withFinalizer.has(uid))
  const moved = status.uncountedSucceeded.length - succeeded.length + status.uncountedFailed.length - failed.length
  status.succeeded += status.uncountedSucceeded.length - succeeded.length
  status.failed += status.uncountedFailed.length - failed.length
  status.uncountedSucceeded = succeeded
  status.uncountedFailed = failed
  return moved > 0
}

/** Adds the final condition once all pods are counted and none is terminating (enactJobFinished). */
function enactFinish(cluster: Cluster, { finished, status, terminating }: JobSync): boolean {
  if (finished === undefined || terminating > 0) return false
  if (status.uncountedSucceeded.length + status.uncountedFailed.length > 0) return false
  const now = cluster.nowUs / 1_000_000
  status.conditions = ensureCondition(status.conditions, { ...finished, transitionSeconds: now })
  if (finished.type === 'Complete') status.completionSeconds = finished.transitionSeconds
  return true
}
