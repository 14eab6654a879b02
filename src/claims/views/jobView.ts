// Jobs and CronJobs, as assertions see them.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { ConditionStatus } from '../../cluster/codes.ts'
import type { JobId } from '../../cluster/jobs.ts'
import type { CronJobId } from '../../model/types.ts'
import { EPOCH_SECONDS } from '../../scenario/cronTimes.ts'
import { jobCompletions, jobStatus } from './kubectl.ts'
import { existingRows, NOTHING, type View } from './view.ts'

export const jobView: View = {
  name: 'job',
  rows: ({ cluster: { jobs } }) => existingRows(jobs.exists, jobs.count),
  fields: {
    name: ({ cluster }, row) => jobName(cluster, row as JobId),
    /** The CronJob that made it. */
    owner: ({ cluster: { jobs, model } }, row) =>
      jobs.cronJob[row as JobId] === NONE ? NOTHING : `CronJob/${model.cronJobs[jobs.cronJob[row as JobId]].name}`,
    active: ({ cluster }, row) => cluster.jobs.status[row].active,
    succeeded: ({ cluster }, row) => cluster.jobs.status[row].succeeded,
    failed: ({ cluster }, row) => cluster.jobs.status[row].failed,
    /** Complete, Failed, or nothing while it runs. */
    outcome: ({ cluster }, row) => cluster.jobs.outcome(row as JobId),
    STATUS: ({ cluster }, row) => jobStatus(cluster, row as JobId),
    COMPLETIONS: ({ cluster }, row) => jobCompletions(cluster, row as JobId),
    reason: ({ cluster }, row) =>
      cluster.jobs.status[row].conditions.findLast(({ status }) => status === ConditionStatus.True)?.reason,
  },
}

export const cronJobView: View = {
  name: 'cronJob',
  rows: ({ cluster: { cronJobs } }) => existingRows(cronJobs.exists, cronJobs.count),
  fields: {
    name: ({ cluster: { model } }, row) => model.cronJobs[row].name,
    active: ({ cluster }, row) => cluster.cronJobs.active[row as CronJobId].length,
  },
}

/** A CronJob's Jobs are named for the minute that they were due in, counted from 1970. */
export function jobName({ jobs, model }: Cluster, job: JobId): string {
  const cronJob = jobs.cronJob[job]
  if (cronJob === NONE) return model.jobs[job].name
  return `${model.cronJobs[cronJob].name}-${Math.floor((EPOCH_SECONDS + jobs.scheduledSeconds[job]) / 60)}`
}
