// Jobs in the words of the recordings.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { ConditionStatus, nameOf } from '../cluster/codes.ts'
import type { JobId } from '../cluster/jobs.ts'
import { EPOCH_SECONDS } from '../scenario/cronTimes.ts'
import type { State } from './trace.ts'

/** Adds `Job/NAME` for each one in the store. */
export function addJobs(cluster: Cluster, workloads: State): void {
  const { jobs } = cluster
  for (let job = 0 as JobId; job < jobs.count; job++) {
    if (jobs.exists[job] === 0) continue
    const { active, conditions, failed, succeeded } = jobs.status[job]
    const entry: State = { active, succeeded, failed }
    for (const { reason, status, type } of conditions) entry[type] = `${nameOf(ConditionStatus, status)} ${reason}`
    workloads[`Job/${nameOfJob(cluster, job)}`] = entry
  }
}

/** A CronJob's Jobs are named for the minute that they were due in, counted from 1970. */
function nameOfJob({ jobs, model }: Cluster, job: JobId): string {
  const cronJob = jobs.cronJob[job]
  if (cronJob === NONE) return model.jobs[job]?.name ?? ''
  return `${model.cronJobs[cronJob]?.name ?? ''}-${Math.floor((EPOCH_SECONDS + jobs.scheduledSeconds[job]) / 60)}`
}
