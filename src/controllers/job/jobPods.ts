// After pkg/controller/job/job_controller.go (getPodsForJob), Kubernetes v1.36: the pods as a sync reads them when it
// begins. What it writes later does not show in them: upstream holds the informer's objects, which do not change.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { PodPhase } from '../../cluster/codes.ts'
import type { JobId } from '../../cluster/jobs.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { JobSpec } from '../../model/jobTypes.ts'
import { Kind } from '../../model/types.ts'

/** One pod at the start of a sync. */
export interface JobPod {
  readonly pod: PodId
  readonly uid: number
  readonly phase: PodPhase
  /** It has a deletion mark. */
  readonly isMarked: boolean
  readonly isReady: boolean
  readonly hasFinalizer: boolean
  /** Completion index; NONE outside of Indexed Jobs. */
  readonly index: number
  /** Failures of its index before it, counted and ignored ones (annotations). */
  readonly indexFailures: number
  readonly ignoredIndexFailures: number
}

/** All pods of the Job, oldest first. */
export function listJobPods(cluster: Cluster, job: JobId): JobPod[] {
  const { jobs, pods } = cluster
  const list: JobPod[] = []
  for (let pod = pods.firstOf[Kind.Job][job] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod]) {
    if (!jobs.owns(pods, job, pod)) continue
    list.push({
      pod,
      uid: pods.uid[pod],
      phase: pods.phase[pod],
      isMarked: pods.deletionMark[pod] === 1,
      isReady: pods.ready[pod] === 1,
      hasFinalizer: pods.finalizer[pod] === 1,
      index: pods.ordinal[pod],
      indexFailures: pods.indexFailures[pod],
      ignoredIndexFailures: pods.ignoredIndexFailures[pod],
    })
  }
  return list
}

/** The pod is still the same one; otherwise a write to it answers NotFound. */
export function isPresent(cluster: Cluster, { pod, uid }: JobPod): boolean {
  return cluster.pods.uid[pod] === uid
}

export function isFinishedPod({ phase }: JobPod): boolean {
  return phase === PodPhase.Succeeded || phase === PodPhase.Failed
}

export function isActivePod(pod: JobPod): boolean {
  return !pod.isMarked && !isFinishedPod(pod)
}

export function isTerminatingPod(pod: JobPod): boolean {
  return pod.isMarked && !isFinishedPod(pod)
}

/** Failed, or on its way out where such pods are replaced without waiting (isPodFailed). */
export function isFailedPod(spec: JobSpec, pod: JobPod): boolean {
  if (pod.phase === PodPhase.Failed) return true
  return !spec.onlyReplaceFailed && pod.isMarked && pod.phase !== PodPhase.Succeeded
}

/**
 * When a pod ended, in whole seconds: by its container's exit, else by its Ready condition, else by its deletion, else
 * by its creation (backoff_utils.go getFinishedTime).
 */
export function finishedSeconds(cluster: Cluster, { pod }: JobPod): number {
  const { pods } = cluster
  if (pods.exitedSeconds[pod] !== NONE) return pods.exitedSeconds[pod]
  // A pod that never ran has no Ready condition.
  if (pods.readyTransitionSeconds[pod] > 0 && pods.ready[pod] === 0) return pods.readyTransitionSeconds[pod]
  if (pods.deletionMark[pod] === 1) return pods.markedSeconds[pod]
  return Math.floor(pods.createdAtUs[pod] / 1e6)
}
