// After pkg/controller/job/job_controller.go (syncJobCtx, getNewFinishedPods), Kubernetes v1.36: what one sync of a Job
// works with.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { ConditionStatus, PodPhase } from '../../cluster/codes.ts'
import type { JobId } from '../../cluster/jobs.ts'
import { type JobCondition, type JobConditionType, JobStatus } from '../../cluster/jobStatus.ts'
import { type Intervals, NO_INDEXES } from '../../model/indexIntervals.ts'
import type { JobSpec } from '../../model/jobTypes.ts'
import { type BackoffRecord, newBackoffRecord } from './backoff.ts'
import { isActivePod, isFailedPod, isTerminatingPod, type JobPod, listJobPods } from './jobPods.ts'
import { matchPodFailurePolicy } from './podFailurePolicy.ts'

/** A sync's view of its Job, and what it has found out and done so far. */
export interface JobSync {
  readonly job: JobId
  readonly spec: JobSpec
  /** The working copy of the status. */
  readonly status: JobStatus
  readonly pods: readonly JobPod[]
  readonly activePods: readonly JobPod[]
  readonly uncountedSucceeded: ReadonlySet<number>
  readonly uncountedFailed: ReadonlySet<number>
  readonly backoff: BackoffRecord
  /** Pods counted as succeeded and failed, those newly found included. */
  succeeded: number
  readonly failed: number
  /** Counts after what this sync has done. */
  active: number
  ready: number
  terminating: number
  /** The decision that the Job is over, or that it is about to be. */
  finished: JobCondition | undefined
  /** Of Indexed Jobs: from the status, and with the pods newly found. */
  previousSucceededIndexes: Intervals
  succeededIndexes: Intervals
  /** Undefined without backoffLimitPerIndex. */
  failedIndexes: Intervals | undefined
  /** By index: the failed pod that stays until its replacement knows how often the index has failed. */
  delayed: ReadonlyMap<number, JobPod>
}

/** Reads a Job and its pods. */
export function openSync(cluster: Cluster, job: JobId): JobSync {
  const spec = cluster.jobs.spec[job]
  const status = new JobStatus()
  status.copy(cluster.jobs.status[job])
  const pods = listJobPods(cluster, job)
  const activePods = pods.filter(isActivePod)
  const uncountedSucceeded = new Set(status.uncountedSucceeded)
  const uncountedFailed = new Set(status.uncountedFailed)
  const newSucceeded = pods.filter((pod) => isValid(spec, pod, uncountedSucceeded) && pod.phase === PodPhase.Succeeded)
  const newFailed = pods.filter((pod) => isValid(spec, pod, uncountedFailed) && isFailedPod(spec, pod))
  const notIgnored = newFailed.filter((pod) => matchPodFailurePolicy(cluster, spec, pod) !== 'Ignore')
  return {
    job,
    spec,
    status,
    pods,
    activePods,
    uncountedSucceeded,
    uncountedFailed,
    backoff: newBackoffRecord(cluster, job, newSucceeded, newFailed),
    succeeded: status.succeeded + newSucceeded.length + uncountedSucceeded.size,
    failed: status.failed + notIgnored.length + uncountedFailed.size,
    active: activePods.length,
    ready: activePods.filter((pod) => pod.isReady).length,
    terminating: pods.filter(isTerminatingPod).length,
    finished: undefined,
    previousSucceededIndexes: NO_INDEXES,
    succeededIndexes: NO_INDEXES,
    failedIndexes: undefined,
    delayed: new Map(),
  }
}

/** Not counted yet: the pod has the finalizer, and an index that is asked for where the Job has indexes. */
export function isValid(spec: JobSpec, pod: JobPod, uncounted?: ReadonlySet<number>): boolean {
  if (!pod.hasFinalizer || uncounted?.has(pod.uid) === true) return false
  return hasValidIndex(spec, pod)
}

export function hasValidIndex(spec: JobSpec, { index }: JobPod): boolean {
  return !spec.indexed || (index !== NONE && index < spec.completions)
}

/** A condition of now that is True. */
export function conditionNow(cluster: Cluster, type: JobConditionType, reason: string): JobCondition {
  return { type, status: ConditionStatus.True, reason, transitionSeconds: cluster.nowUs / 1_000_000 }
}

/**
 * The list with a condition set. A condition that is not there is not added to say False (ensureJobConditionStatus).
 * Returns the list itself if nothing changes.
 */
export function ensureCondition(conditions: readonly JobCondition[], wanted: JobCondition): readonly JobCondition[] {
  const known = conditions.find(({ type }) => type === wanted.type)
  if (known === undefined) return wanted.status === ConditionStatus.False ? conditions : [...conditions, wanted]
  if (known.status === wanted.status && known.reason === wanted.reason) return conditions
  return conditions.map((condition) => (condition === known ? wanted : condition))
}
