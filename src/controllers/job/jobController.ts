// After pkg/controller/job/job_controller.go, Kubernetes v1.36: which events want a sync, and the sync. Watches are
// immediate here, so a finalizer that was taken off, or a final condition, is seen before the next sync.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { ConditionStatus } from '../../cluster/codes.ts'
import type { JobId } from '../../cluster/jobs.ts'
import { rememberFailures } from '../../cluster/jobWrites.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { SyncOutcome, SyncStages } from '../../cluster/syncStages.ts'
import type { Watcher } from '../../cluster/watch.ts'
import { Kind } from '../../model/types.ts'
import { decideFinish } from './finish.ts'
import { conditionNow, ensureCondition, type JobSync, openSync } from './jobSync.ts'
import { BATCH_PERIOD_US, deleteActivePods, manageJob } from './manageJob.ts'
import { orphanKeyOfJob } from './orphanPods.ts'
import { trackJobStatus } from './tracking.ts'

/** Decides whether the Job is over; ends its pods or brings them to the wanted number; counts those that finished. */
export function* syncJob(cluster: Cluster, job: JobId): SyncStages<SyncOutcome> {
  const { jobs } = cluster
  if (jobs.exists[job] === 0) {
    jobs.expectations.clear(job)
    rememberFailures(cluster, job, 0, 0)
    return 'done'
  }
  if (jobs.spec[job].managedElsewhere) return 'done'
  if (jobs.outcome(job) !== undefined) {
    rememberFailures(cluster, job, 0, 0)
    return 'done'
  }
  const satisfied = jobs.expectations.areSatisfied(job, cluster.nowUs)
  const sync = openSync(cluster, job)
  const { spec, status } = sync
  if (status.startSeconds === NONE && !spec.suspend) status.startSeconds = cluster.nowUs / 1_000_000
  decideFinish(cluster, sync)
  let suspensionChanged = false
  if (sync.finished !== undefined) {
    yield* deleteActivePods(cluster, sync)
    // Pods that are not seen yet may still come: the decision is found again when they are.
    if (!satisfied) sync.finished = undefined
  } else {
    // One that is being deleted makes no pods any more.
    if (satisfied && !cluster.holds.isMarked(Kind.Job, sync.job)) yield* manageJob(cluster, sync)
    if (isComplete(sync)) sync.finished = conditionNow(cluster, 'SuccessCriteriaMet', 'CompletionsReached')
    else if (satisfied) suspensionChanged = noteSuspension(cluster, sync)
  }
  const changed =
    status.active !== sync.active || status.ready !== sync.ready || status.terminating !== sync.terminating
  status.active = sync.active
  status.ready = sync.ready
  status.terminating = sync.terminating
  yield* trackJobStatus(cluster, sync, suspensionChanged || changed)
  return 'done'
}

/** As many pods have succeeded as were asked for (any one, if no number was), and none is active. */
function isComplete({ active, spec, succeeded }: JobSync): boolean {
  if (active > 0) return false
  return spec.completions === NONE ? succeeded > 0 : succeeded >= spec.completions
}

/** Keeps the condition Suspended; the time that a Job is active is counted anew from each resumption. */
function noteSuspension(cluster: Cluster, { spec, status }: JobSync): boolean {
  const wanted = spec.suspend
    ? conditionNow(cluster, 'Suspended', 'JobSuspended')
    : { ...conditionNow(cluster, 'Suspended', 'JobResumed'), status: ConditionStatus.False }
  const conditions = ensureCondition(status.conditions, wanted)
  if (conditions === status.conditions) return false
  status.conditions = conditions
  status.startSeconds = spec.suspend ? NONE : cluster.nowUs / 1_000_000
  return true
}

/** The informer handlers of the Job controller. */
export function watchForJobs(cluster: Cluster): Watcher {
  const { jobs, pods } = cluster
  const queue = cluster.queues[Controller.Job]
  const orphans = cluster.queues[Controller.JobOrphan]
  const wakeSoon = (job: JobId): void => queue.addAfter(job, cluster.nowUs, BATCH_PERIOD_US)
  const podGoes = (pod: PodId): void => {
    const job = pods.owner[pod] as JobId
    if (!jobs.owns(pods, job, pod) || jobs.outcome(job) !== undefined) {
      if (pods.finalizer[pod] === 1) orphans.add(pod)
      return
    }
    jobs.expectations.observeDeletion(job)
    wakeSoon(job)
  }
  return {
    specChanged(kind, row) {
      if (kind !== Kind.Job) return
      const job = row as JobId
      if (jobs.outcome(job) !== undefined) return orphans.add(orphanKeyOfJob(cluster, job))
      queue.add(job)
      const deadlineSeconds = jobs.spec[job].activeDeadlineSeconds
      const { startSeconds } = jobs.status[job]
      if (startSeconds === NONE || deadlineSeconds === NONE) return
      queue.addAfter(job, cluster.nowUs, (startSeconds + deadlineSeconds) * 1_000_000 - cluster.nowUs)
    },
    statusChanged(kind, row) {
      if (kind !== Kind.Job) return
      const job = row as JobId
      if (jobs.outcome(job) !== undefined) orphans.add(orphanKeyOfJob(cluster, job))
      else wakeSoon(job)
    },
    objectDeleted(kind, row) {
      if (kind !== Kind.Job) return
      queue.add(row)
      orphans.add(orphanKeyOfJob(cluster, row as JobId))
      rememberFailures(cluster, row as JobId, 0, 0)
    },
    podAdded(pod) {
      const job = pods.owner[pod] as JobId
      if (pods.ownerKind[pod] !== Kind.Job || !jobs.owns(pods, job, pod)) return
      jobs.expectations.observeCreation(job)
      wakeSoon(job)
    },
    podUpdated(pod) {
      if (pods.ownerKind[pod] !== Kind.Job) return
      if (pods.deletionMark[pod] === 1) return podGoes(pod)
      const job = pods.owner[pod] as JobId
      if (jobs.owns(pods, job, pod)) wakeSoon(job)
    },
    podDeleted(pod) {
      if (pods.ownerKind[pod] === Kind.Job) podGoes(pod)
    },
  }
}
