// The only writers of Jobs, and the Job controller's writes to pods.

import { NONE } from '../base/columns.ts'
import type { JobSpec } from '../model/jobTypes.ts'
import { type CronJobId, Kind } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { collectPodsOf } from './garbageCollector.ts'
import type { JobId } from './jobs.ts'
import type { JobStatus } from './jobStatus.ts'
import type { PodId } from './pods.ts'
import { removeFinalizer } from './podWrites.ts'
import { isSameSpec } from './sameSpec.ts'
import { Write } from './writes.ts'

/** Creates a Job or writes its spec; the generation rises if anything differs. */
export function applyJobSpec(cluster: Cluster, job: JobId, spec: JobSpec): void {
  const { jobs } = cluster
  if (jobs.exists[job] === 0) {
    initialize(cluster, job, spec, NONE as CronJobId, 0)
    cluster.watch.specChanged(Kind.Job, job)
    return
  }
  if (isSameSpec(jobs.spec[job], spec)) return
  jobs.spec[job] = spec
  jobs.generation[job] += 1
  cluster.watch.specChanged(Kind.Job, job)
}

/** Creates the Job of a CronJob for one due time; the row is given out at once. */
export function createCronJobsJob(
  cluster: Cluster,
  cronJob: CronJobId,
  spec: JobSpec,
  scheduledSeconds: number,
): JobId {
  const { api, jobs } = cluster
  const job = jobs.allocate()
  initialize(cluster, job, spec, cronJob, scheduledSeconds)
  jobs.exists[job] = 0
  if (api.isDelayed()) api.table[api.delay(cluster.nowUs, Write.CreateJob)] = job
  else publishJob(cluster, job)
  return job
}

/** The store has taken the creation; a Job whose CronJob is gone by then is collected at once. */
export function publishJob(cluster: Cluster, job: JobId): void {
  const { cronJobs, jobs, pods } = cluster
  jobs.exists[job] = 1
  jobs.firstPodUid[job] = pods.created
  cluster.watch.specChanged(Kind.Job, job)
  if (cronJobs.exists[jobs.cronJob[job]] === 0) removeJob(cluster, job)
}

function initialize(cluster: Cluster, job: JobId, spec: JobSpec, cronJob: CronJobId, scheduledSeconds: number): void {
  const { jobs, pods } = cluster
  jobs.exists[job] = 1
  jobs.spec[job] = spec
  jobs.generation[job] = 1
  jobs.status[job].clear()
  jobs.cronJob[job] = cronJob
  jobs.scheduledSeconds[job] = scheduledSeconds
  jobs.firstPodUid[job] = pods.created
  jobs.failures[job] = 0
  jobs.expectations.clear(job)
}

/** A controller deletes a Job. */
export function deleteJob(cluster: Cluster, job: JobId): void {
  const { api } = cluster
  if (api.isDelayed()) api.table[api.delay(cluster.nowUs, Write.DeleteJob)] = job
  else removeJob(cluster, job)
}

/** Deletes a Job with background propagation: its pods are collected. */
export function removeJob(cluster: Cluster, job: JobId): void {
  const { jobs } = cluster
  if (jobs.exists[job] === 0) return
  jobs.exists[job] = 0
  cluster.watch.objectDeleted(Kind.Job, job)
  collectPodsOf(cluster, Kind.Job, job)
}

/** Writes the status as a whole. */
export function updateJobStatus(cluster: Cluster, job: JobId, status: JobStatus): void {
  const { api, jobs } = cluster
  jobs.sentStatus[job].copy(status)
  if (api.isDelayed()) api.table[api.delay(cluster.nowUs, Write.JobStatus)] = job
  else storeSentStatus(cluster, job)
}

/** The store takes the status that was sent last. */
export function storeSentStatus(cluster: Cluster, job: JobId): void {
  const { jobs } = cluster
  if (jobs.exists[job] === 0) return
  jobs.status[job].copy(jobs.sentStatus[job])
  jobs.status[job].floorTimes()
  cluster.watch.statusChanged(Kind.Job, job)
}

/** Takes the job-tracking finalizer off a pod. */
export function releasePod(cluster: Cluster, pod: PodId): void {
  const { api, pods } = cluster
  if (!api.isDelayed()) {
    removeFinalizer(cluster, pod)
    return
  }
  const at = api.delay(cluster.nowUs, Write.ReleasePod)
  api.table[at] = pod
  api.table[at + 1] = pods.uid[pod]
}

/** Notes what the Job controller remembers of failures; not an API write. */
export function rememberFailures(cluster: Cluster, job: JobId, failures: number, lastFailureSeconds: number): void {
  cluster.jobs.failures[job] = failures
  cluster.jobs.lastFailureSeconds[job] = lastFailureSeconds
}
