// After pkg/controller/job/indexed_job_utils.go, Kubernetes v1.36: which indexes have succeeded and failed, and which
// come next.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { PodPhase } from '../../cluster/codes.ts'
import { clipIntervals, hasIndex, NO_INDEXES, withIndexes } from '../../model/indexIntervals.ts'
import type { JobSpec } from '../../model/jobTypes.ts'
import { finishedSeconds, isFailedPod, isTerminatingPod, type JobPod } from './jobPods.ts'
import { hasValidIndex, isValid, type JobSync } from './jobSync.ts'
import { matchPodFailurePolicy } from './podFailurePolicy.ts'

/** Fills in what the sync knows of indexes. */
export function calculateIndexes(cluster: Cluster, sync: JobSync): void {
  const { pods, spec, status } = sync
  const uncounted = pods.filter((pod) => pod.hasFinalizer && hasValidIndex(spec, pod))
  const succeeded = uncounted.filter((pod) => pod.phase === PodPhase.Succeeded)
  sync.previousSucceededIndexes = clipIntervals(status.completedIndexes, spec.completions)
  sync.succeededIndexes = withIndexes(
    sync.previousSucceededIndexes,
    succeeded.map(({ index }) => index),
  )
  if (spec.backoffLimitPerIndex === NONE) return
  const failed = uncounted.filter((pod) => isIndexFailed(cluster, spec, pod))
  const before = clipIntervals(status.failedIndexes ?? NO_INDEXES, spec.completions)
  sync.failedIndexes = withIndexes(
    before,
    failed.map(({ index }) => index),
  )
  sync.delayed = findDelayedPods(cluster, sync)
}

/** Its pod failed once too often, or a rule says that the index has failed. */
function isIndexFailed(cluster: Cluster, spec: JobSpec, pod: JobPod): boolean {
  if (!isFailedPod(spec, pod)) return false
  const action = matchPodFailurePolicy(cluster, spec, pod)
  if (action === 'FailIndex') return true
  return action !== 'Ignore' && pod.indexFailures >= spec.backoffLimitPerIndex
}

/** The last failed pod of each index that is neither done nor running again (getPodsWithDelayedDeletionPerIndex). */
function findDelayedPods(cluster: Cluster, sync: JobSync): Map<number, JobPod> {
  const { activePods, failedIndexes, pods, spec, succeededIndexes } = sync
  const running = new Set(activePods.map(({ index }) => index))
  const delayed = new Map<number, JobPod>()
  for (const pod of pods) {
    if (!isValid(spec, pod) || !isFailedPod(spec, pod)) continue
    const { index } = pod
    if (hasIndex(succeededIndexes, index) || hasIndex(failedIndexes ?? NO_INDEXES, index) || running.has(index))
      continue
    const before = delayed.get(index)
    if (before === undefined || comesAfter(cluster, pod, before)) delayed.set(index, pod)
  }
  return delayed
}

function comesAfter(cluster: Cluster, pod: JobPod, before: JobPod): boolean {
  const failures = pod.indexFailures + pod.ignoredIndexFailures
  if (failures < before.indexFailures + before.ignoredIndexFailures) return false
  return finishedSeconds(cluster, pod) >= finishedSeconds(cluster, before)
}

/** The lowest indexes that still want a pod, at most `count`. */
export function firstPendingIndexes(sync: JobSync, count: number): number[] {
  const { activePods, failedIndexes, pods, spec, succeededIndexes } = sync
  const taken = new Set(activePods.map(({ index }) => index))
  if (spec.onlyReplaceFailed) for (const pod of pods) if (isTerminatingPod(pod)) taken.add(pod.index)
  const pending: number[] = []
  for (let index = 0; index < spec.completions && pending.length < count; index++) {
    if (taken.has(index) || hasIndex(succeededIndexes, index) || hasIndex(failedIndexes ?? NO_INDEXES, index)) continue
    pending.push(index)
  }
  return pending
}

/** How often an index has failed, as the pod that replaces `before` will know it: counted and ignored failures. */
export function nextFailureCounts(
  cluster: Cluster,
  spec: JobSpec,
  before: JobPod | undefined,
): { readonly counted: number; readonly ignored: number } {
  if (before === undefined) return { counted: 0, ignored: 0 }
  const isIgnored = matchPodFailurePolicy(cluster, spec, before) === 'Ignore'
  return {
    counted: before.indexFailures + (isIgnored ? 0 : 1),
    ignored: before.ignoredIndexFailures + (isIgnored ? 1 : 0),
  }
}
