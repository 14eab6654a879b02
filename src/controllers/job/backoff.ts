// After pkg/controller/job/backoff_utils.go, Kubernetes v1.36: how long a Job waits before it replaces failed pods.

import type { Cluster } from '../../cluster/cluster.ts'
import type { JobId } from '../../cluster/jobs.ts'
import { finishedSeconds, type JobPod } from './jobPods.ts'

/** 10, 20, 40 … 600 s (DefaultJobPodFailureBackOff, MaxJobPodFailureBackOff). */
const FIRST_SECONDS = 10
const MAX_SECONDS = 600

/** What a Job remembers of failures. */
export interface BackoffRecord {
  readonly failures: number
  readonly lastFailureSeconds: number
}

/** The record after the pods that were newly found finished: failures that ended after the last success count. */
export function newBackoffRecord(
  cluster: Cluster,
  job: JobId,
  succeeded: readonly JobPod[],
  failed: readonly JobPod[],
): BackoffRecord {
  const { jobs } = cluster
  const known = { failures: jobs.failures[job], lastFailureSeconds: jobs.lastFailureSeconds[job] }
  const ends = failed.map((pod) => finishedSeconds(cluster, pod))
  if (succeeded.length === 0) {
    if (ends.length === 0) return known
    return { failures: known.failures + ends.length, lastFailureSeconds: Math.max(...ends) }
  }
  const lastSuccess = Math.max(...succeeded.map((pod) => finishedSeconds(cluster, pod)))
  const later = ends.filter((end) => end > lastSuccess)
  return { failures: later.length, lastFailureSeconds: later.length === 0 ? 0 : Math.max(...later) }
}

/** Microseconds to wait from now. Two pods that failed at 0.5 s, counted from second 0: until 20 s. */
export function remainingBackoffUs({ failures, lastFailureSeconds }: BackoffRecord, nowUs: number): number {
  if (failures === 0) return 0
  let delaySeconds = FIRST_SECONDS
  for (let i = 1; i < failures && delaySeconds < MAX_SECONDS; i++) delaySeconds *= 2
  const untilSeconds = lastFailureSeconds + Math.min(delaySeconds, MAX_SECONDS)
  return Math.max(0, untilSeconds * 1_000_000 - nowUs)
}

/** The same for one index: its last failed pod knows how many failed before it. */
export function remainingIndexBackoffUs(cluster: Cluster, lastFailed: JobPod | undefined): number {
  if (lastFailed === undefined) return 0
  const failures = lastFailed.indexFailures + lastFailed.ignoredIndexFailures + 1
  return remainingBackoffUs({ failures, lastFailureSeconds: finishedSeconds(cluster, lastFailed) }, cluster.nowUs)
}
