// After pkg/controller/cronjob/cronjob_controllerv2.go, Kubernetes v1.36: which events want a sync, and the sync.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { updateCronJobStatus } from '../../cluster/cronJobWrites.ts'
import type { JobId } from '../../cluster/jobs.ts'
import { createCronJobsJob, deleteJob } from '../../cluster/jobWrites.ts'
import type { SyncOutcome, SyncStages } from '../../cluster/syncStages.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { CronJobSpec } from '../../model/jobTypes.ts'
import { type CronJobId, Kind } from '../../model/types.ts'
import { cleanupFinishedJobs, listJobs, noteFinishedJobs, type OwnJob } from './history.ts'
import { mostRecentDue, secondsUntilNext } from './schedule.ts'
import type { WorkingStatus } from './workingStatus.ts'

/** What a sync came to: when to look again, NONE for not before the next event, or an error. */
type Requeue = { readonly afterSeconds: number } | 'retry' | undefined

/** Clears away old Jobs, notes which have finished, and starts the Job that is due. */
export function* syncCronJob(cluster: Cluster, cronJob: CronJobId): SyncStages<SyncOutcome> {
  const { cronJobs } = cluster
  if (cronJobs.exists[cronJob] === 0) return 'done'
  const spec = cronJobs.spec[cronJob]
  const status: WorkingStatus = {
    active: cronJobs.active[cronJob],
    lastScheduleSeconds: cronJobs.lastScheduleSeconds[cronJob],
    lastSuccessfulSeconds: cronJobs.lastSuccessfulSeconds[cronJob],
    changed: false,
  }
  const jobs = listJobs(cluster, cronJob)
  yield* cleanupFinishedJobs(cluster, spec, status, jobs)
  const requeue = yield* startDueJob(cluster, cronJob, spec, status, jobs)
  if (status.changed) {
    updateCronJobStatus(cluster, cronJob, status)
    yield
  }
  if (requeue === 'retry') return 'retry'
  if (requeue !== undefined) {
    const afterUs = Math.round(requeue.afterSeconds * 1_000_000)
    cluster.queues[Controller.CronJob].addAfter(cronJob, cluster.nowUs, afterUs)
  }
  return 'done'
}

/** Starts the Job of the most recent due time, if the policy allows it now. */
function* startDueJob(
  cluster: Cluster,
  cronJob: CronJobId,
  spec: CronJobSpec,
  status: WorkingStatus,
  jobs: readonly OwnJob[],
): SyncStages<Requeue> {
  const nowSeconds = cluster.nowUs / 1_000_000
  noteFinishedJobs(cluster, status, jobs)
  if (spec.suspend) return undefined
  const { startingDeadlineSeconds: deadline } = spec
  const created = cluster.cronJobs.createdSeconds[cronJob]
  const sinceOf = (): number => (status.lastScheduleSeconds === NONE ? created : status.lastScheduleSeconds)
  const later = (): Requeue => ({
    afterSeconds: secondsUntilNext(spec.due, mostRecentDue(spec.due, sinceOf(), nowSeconds), nowSeconds),
  })
  const since = deadline === NONE ? sinceOf() : Math.max(sinceOf(), nowSeconds - deadline)
  const recent = mostRecentDue(spec.due, since, nowSeconds)
  if (recent.type === 'invalid') return undefined
  if (recent.type !== 'due') return later()
  const dueSeconds = recent.atSeconds
  if (deadline !== NONE && dueSeconds + deadline < nowSeconds) return later()
  if (status.lastScheduleSeconds === dueSeconds || isActive(cluster, status, dueSeconds)) return later()
  if (spec.concurrencyPolicy === 'Forbid' && status.active.length > 0) return later()
  if (spec.concurrencyPolicy === 'Replace' && !(yield* replaceActive(cluster, status))) return 'retry'
  const isTaken = hasJobNamed(cluster, cronJob, dueSeconds)
  const job = isTaken ? (NONE as JobId) : createCronJobsJob(cluster, cronJob, spec.job, dueSeconds)
  yield
  // AlreadyExists; upstream then looks the Job up without its namespace, and fails.
  if (isTaken) return 'retry'
  status.active = [...status.active, job]
  status.lastScheduleSeconds = dueSeconds
  status.changed = true
  return later()
}

/** A Job of that name is among the active ones. */
function isActive({ jobs }: Cluster, { active }: WorkingStatus, dueSeconds: number): boolean {
  return active.some((job) => nameMinutes(jobs.scheduledSeconds[job]) === nameMinutes(dueSeconds))
}

/** A Job of that name is in the store. */
function hasJobNamed({ jobs }: Cluster, cronJob: CronJobId, dueSeconds: number): boolean {
  for (let job = 0 as JobId; job < jobs.count; job++) {
    if (jobs.exists[job] === 0 || jobs.cronJob[job] !== cronJob) continue
    if (nameMinutes(jobs.scheduledSeconds[job]) === nameMinutes(dueSeconds)) return true
  }
  return false
}

/** Names count whole minutes, so Jobs of one minute have one name. */
function nameMinutes(dueSeconds: number): number {
  return Math.floor(dueSeconds / 60)
}

/** Deletes the Jobs that still run, one after another; false if one of them is gone already. */
function* replaceActive(cluster: Cluster, status: WorkingStatus): SyncStages<boolean> {
  for (const job of status.active) {
    if (cluster.jobs.exists[job] === 0) return false
    deleteJob(cluster, job)
    yield
    status.active = status.active.filter((each) => each !== job)
    status.changed = true
  }
  return true
}

/** The informer handlers of the CronJob controller. */
export function watchForCronJobs(cluster: Cluster): Watcher {
  const { cronJobs, jobs } = cluster
  const queue = cluster.queues[Controller.CronJob]
  const wake = (kind: Kind, row: number): void => {
    if (kind === Kind.CronJob) queue.add(row)
    if (kind !== Kind.Job || jobs.cronJob[row as JobId] === NONE) return
    if (cronJobs.exists[jobs.cronJob[row as JobId]] === 1) queue.add(jobs.cronJob[row as JobId])
  }
  return {
    specChanged: wake,
    statusChanged: wake,
    objectDeleted: wake,
    /** A new schedule waits for its next time. */
    scheduleChanged(cronJob) {
      const { due } = cronJobs.spec[cronJob]
      if (due.type === 'never') return
      const last = cronJobs.lastScheduleSeconds[cronJob]
      const since = last === NONE ? cronJobs.createdSeconds[cronJob] : last
      const nowSeconds = cluster.nowUs / 1_000_000
      const seconds = secondsUntilNext(due, mostRecentDue(due, since, nowSeconds), nowSeconds)
      queue.addAfter(cronJob, cluster.nowUs, Math.round(seconds * 1_000_000))
    },
  }
}
