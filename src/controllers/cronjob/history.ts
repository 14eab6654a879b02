// After pkg/controller/cronjob/cronjob_controllerv2.go (cleanupFinishedJobs and the first part of syncCronJob),
// Kubernetes v1.36: a CronJob's Jobs that have finished.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { JobId } from '../../cluster/jobs.ts'
import { deleteJob } from '../../cluster/jobWrites.ts'
import type { SyncStages } from '../../cluster/syncStages.ts'
import type { CronJobSpec } from '../../model/jobTypes.ts'
import type { CronJobId } from '../../model/types.ts'
import type { WorkingStatus } from './workingStatus.ts'

/** A Job as it was when the sync began. */
export interface OwnJob {
  readonly job: JobId
  readonly outcome: 'Complete' | 'Failed' | undefined
  /** Infinity: not started. */
  readonly startSeconds: number
  readonly scheduledSeconds: number
  /** NONE: not complete. */
  readonly completionSeconds: number
}

/** The CronJob's Jobs in the store, in order of creation. */
export function listJobs({ jobs }: Cluster, cronJob: CronJobId): OwnJob[] {
  const list: OwnJob[] = []
  for (let job = 0 as JobId; job < jobs.count; job++) {
    if (jobs.exists[job] === 0 || jobs.cronJob[job] !== cronJob) continue
    const { completionSeconds, startSeconds } = jobs.status[job]
    list.push({
      job,
      outcome: jobs.outcome(job),
      startSeconds: startSeconds === NONE ? Infinity : startSeconds,
      scheduledSeconds: jobs.scheduledSeconds[job],
      completionSeconds,
    })
  }
  return list
}

/** Deletes the oldest finished Jobs beyond the two limits. */
export function* cleanupFinishedJobs(
  cluster: Cluster,
  spec: CronJobSpec,
  status: WorkingStatus,
  jobs: readonly OwnJob[],
): SyncStages {
  yield* removeOldest(cluster, status, jobs.filter(isOutcome('Complete')), spec.successfulJobsHistoryLimit)
  yield* removeOldest(cluster, status, jobs.filter(isOutcome('Failed')), spec.failedJobsHistoryLimit)
}

function isOutcome(outcome: 'Complete' | 'Failed'): (job: OwnJob) => boolean {
  return (job) => job.outcome === outcome
}

/** Jobs that started in the same second go in the order of their names, which is that of their due times. */
function* removeOldest(cluster: Cluster, status: WorkingStatus, jobs: readonly OwnJob[], limit: number): SyncStages {
  const ordered = [...jobs].sort((a, b) => a.startSeconds - b.startSeconds || a.scheduledSeconds - b.scheduledSeconds)
  for (const { job } of ordered.slice(0, Math.max(0, jobs.length - limit))) {
    if (cluster.jobs.exists[job] === 0) continue
    deleteJob(cluster, job)
    yield
    status.active = status.active.filter((each) => each !== job)
    status.changed = true
  }
}

/** Takes finished and missing Jobs out of the active list, and notes the last success. */
export function noteFinishedJobs(cluster: Cluster, status: WorkingStatus, jobs: readonly OwnJob[]): void {
  for (const { completionSeconds, job, outcome } of jobs) {
    if (outcome === undefined) continue
    if (status.active.includes(job)) {
      status.active = status.active.filter((each) => each !== job)
      status.changed = true
    }
    if (outcome === 'Complete' && completionSeconds > status.lastSuccessfulSeconds) {
      status.lastSuccessfulSeconds = completionSeconds
      status.changed = true
    }
  }
  const known = new Set(jobs.map(({ job }) => job))
  const present = status.active.filter((job) => known.has(job) || cluster.jobs.exists[job] === 1)
  if (present.length === status.active.length) return
  status.active = present
  status.changed = true
}
