// The only writers of CronJobs.

import { NONE } from '../base/columns.ts'
import type { CronJobSpec } from '../model/jobTypes.ts'
import { type CronJobId, Kind } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import type { JobId } from './jobs.ts'
import { removeJob } from './jobWrites.ts'
import { isSameSpec } from './sameSpec.ts'

/** The part of a CronJob's status that its controller writes. */
export interface CronJobStatus {
  readonly active: readonly JobId[]
  readonly lastScheduleSeconds: number
  readonly lastSuccessfulSeconds: number
}

/** Creates a CronJob or writes its spec; a write that changes nothing wakes nobody. */
export function applyCronJobSpec(cluster: Cluster, cronJob: CronJobId, spec: CronJobSpec): void {
  const { cronJobs } = cluster
  const before = cronJobs.exists[cronJob] === 1 ? cronJobs.spec[cronJob] : undefined
  if (isSameSpec(before, spec)) return
  cronJobs.spec[cronJob] = spec
  if (before === undefined) {
    cronJobs.exists[cronJob] = 1
    cronJobs.createdSeconds[cronJob] = cluster.nowSeconds()
    cronJobs.active[cronJob] = []
    cronJobs.lastScheduleSeconds[cronJob] = NONE
    cronJobs.lastSuccessfulSeconds[cronJob] = NONE
  }
  const isRescheduled = before !== undefined && (before.schedule !== spec.schedule || before.timeZone !== spec.timeZone)
  if (isRescheduled) cluster.watch.scheduleChanged(cronJob)
  else cluster.watch.specChanged(Kind.CronJob, cronJob)
}

/** Deletes a CronJob with background propagation: its Jobs and their pods are collected. */
export function removeCronJob(cluster: Cluster, cronJob: CronJobId): void {
  const { cronJobs, jobs } = cluster
  if (cronJobs.exists[cronJob] === 0) return
  cronJobs.exists[cronJob] = 0
  cluster.watch.objectDeleted(Kind.CronJob, cronJob)
  for (let job = 0 as JobId; job < jobs.count; job++) if (jobs.cronJob[job] === cronJob) removeJob(cluster, job)
}

/** Writes the status. Only the controller of CronJobs reads it, after the answer: so it may take effect at once. */
export function updateCronJobStatus(cluster: Cluster, cronJob: CronJobId, status: CronJobStatus): void {
  const { cronJobs } = cluster
  if (cronJobs.exists[cronJob] === 0) return
  cronJobs.active[cronJob] = status.active
  cronJobs.lastScheduleSeconds[cronJob] = status.lastScheduleSeconds
  cronJobs.lastSuccessfulSeconds[cronJob] = status.lastSuccessfulSeconds
  cluster.watch.statusChanged(Kind.CronJob, cronJob)
}
