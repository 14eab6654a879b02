// After pkg/controller/job/job_controller.go (syncOrphanPod), Kubernetes v1.36: pods whose Job is gone or finished lose
// the tracking finalizer, so that they can go too. Keys are rows of pods, and behind them rows of Jobs.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { JobId } from '../../cluster/jobs.ts'
import { releasePod } from '../../cluster/jobWrites.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { SyncOutcome, SyncStages } from '../../cluster/syncStages.ts'
import { Kind } from '../../model/types.ts'

/** The key of all pods of a Job. */
export function orphanKeyOfJob(cluster: Cluster, job: JobId): number {
  return cluster.pods.capacity + job
}

/** Releases one pod, or all pods of a Job one after another. */
export function* syncOrphanPods(cluster: Cluster, key: number): SyncStages<SyncOutcome> {
  const { pods } = cluster
  const job = (key - pods.capacity) as JobId
  const found: { readonly pod: PodId; readonly uid: number }[] = []
  if (job < 0) found.push({ pod: key as PodId, uid: pods.uid[key as PodId] })
  else
    for (let pod = pods.firstOf[Kind.Job][job] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod])
      if (pods.finalizer[pod] === 1) found.push({ pod, uid: pods.uid[pod] })
  for (const { pod, uid } of found) {
    if (uid === NONE || pods.uid[pod] !== uid || !isOrphan(cluster, pod)) continue
    releasePod(cluster, pod)
    yield
  }
  return 'done'
}

/** It has the finalizer, and its Job is gone or finished. */
function isOrphan(cluster: Cluster, pod: PodId): boolean {
  const { jobs, pods } = cluster
  if (pods.ownerKind[pod] !== Kind.Job || pods.finalizer[pod] === 0) return false
  const job = pods.owner[pod] as JobId
  if (!jobs.owns(pods, job, pod)) return true
  return jobs.outcome(job) !== undefined && !jobs.spec[job].managedElsewhere
}
