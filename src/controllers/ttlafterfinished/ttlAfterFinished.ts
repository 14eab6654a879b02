// After pkg/controller/ttlafterfinished/ttlafterfinished_controller.go, Kubernetes v1.36: deletes finished Jobs when
// their time to live is over.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import type { JobId } from '../../cluster/jobs.ts'
import { deleteJob } from '../../cluster/jobWrites.ts'
import type { Watcher } from '../../cluster/watch.ts'
import { Kind } from '../../model/types.ts'

/** Deletes the Job, or comes back when its time is over. */
export function syncFinishedJob(cluster: Cluster, job: JobId): void {
  const { jobs } = cluster
  if (!needsCleanup(cluster, job)) return
  const outcome = jobs.outcome(job)
  const finishedSeconds = outcome === undefined ? 0 : jobs.status[job].find(outcome)!.transitionSeconds
  const remainingUs = (finishedSeconds + jobs.spec[job].ttlSecondsAfterFinished) * 1_000_000 - cluster.nowUs
  if (remainingUs > 0) {
    cluster.queues[Controller.TtlAfterFinished].addAfter(job, cluster.nowUs, remainingUs)
    return
  }
  deleteJob(cluster, job)
  cluster.api.awaitAnswer()
}

function needsCleanup(cluster: Cluster, job: JobId): boolean {
  const { jobs } = cluster
  if (jobs.exists[job] === 0 || jobs.spec[job].ttlSecondsAfterFinished === NONE) return false
  return jobs.outcome(job) !== undefined
}

/** The informer handlers. */
export function watchForFinishedJobs(cluster: Cluster): Watcher {
  const queue = cluster.queues[Controller.TtlAfterFinished]
  const look = (kind: Kind, row: number): void => {
    if (kind === Kind.Job && needsCleanup(cluster, row as JobId)) queue.add(row)
  }
  return { specChanged: look, statusChanged: look }
}
