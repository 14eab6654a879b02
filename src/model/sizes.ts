// How large the tables must be. Generous guesses from the specs and steps: a table that is full anyway is an error
// that names it, and the engine then starts over with twice the room.

import { NONE } from '../base/columns.ts'
import { scaledValue } from './fenceposts.ts'
import type { CronJobSpec, JobSpec } from './jobTypes.ts'
import { countOrdinals, ordinalRanges } from './ordinals.ts'
import {
  type Action,
  type Capacity,
  type DaemonSetSpec,
  type DeploymentSpec,
  Kind,
  type NodeModel,
  type ObjectModel,
  type ObjectTables,
  type ReplicaSetSpec,
  type StatefulSetSpec,
} from './types.ts'

/** Runs of one CronJob that there is room for at first. */
const CRON_JOBS_RUNS = 64

/** Generations of pods that may be terminating at once beside the living ones. */
const GENERATIONS_MAX = 8

export function sizeTables(tables: ObjectTables, nodes: readonly NodeModel[], actions: readonly Action[]): Capacity {
  const deployments = tables.objects[Kind.Deployment] as unknown as readonly ObjectModel<DeploymentSpec>[]
  let wanted = 0
  for (const { specs } of deployments) wanted += Math.max(0, ...specs.map(podsOf))
  const daemonSets = tables.objects[Kind.DaemonSet] as unknown as readonly ObjectModel<DaemonSetSpec>[]
  for (const { specs } of daemonSets)
    wanted += nodes.length * (specs.some(({ maxSurge }) => maxSurge.value > 0) ? 2 : 1)
  let roots = tables.objects[Kind.Pod].length
  for (const kind of [Kind.ReplicaSet, Kind.ReplicationController]) {
    for (const { specs } of tables.objects[kind] as unknown as readonly ObjectModel<ReplicaSetSpec>[]) {
      wanted += Math.max(0, ...specs.map(({ replicas }) => replicas))
      roots += specs.length
    }
  }
  wanted += tables.objects[Kind.Pod].length
  const jobs = tables.objects[Kind.Job] as unknown as readonly ObjectModel<JobSpec>[]
  for (const { specs } of jobs) wanted += Math.max(0, ...specs.map(podsOfJob))
  const cronJobs = tables.objects[Kind.CronJob] as unknown as readonly ObjectModel<CronJobSpec>[]
  for (const { specs } of cronJobs) wanted += Math.max(0, ...specs.map(podsOfCronJob))
  const statefulSets = tables.objects[Kind.StatefulSet] as unknown as readonly ObjectModel<StatefulSetSpec>[]
  // Pods of a StatefulSet have names: there is one of each at a time.
  for (const { specs } of statefulSets) wanted += countOrdinals(ordinalRanges(specs))
  const generations = Math.min(GENERATIONS_MAX, 2 + actions.length)
  const pods = wanted * generations + 64
  return {
    pods,
    replicaSets: deployments.length * (2 + actions.length) + roots,
    jobs: jobs.length + cronJobs.length * CRON_JOBS_RUNS,
    events: pods * 8 + nodes.length * 4 + actions.length + 256,
  }
}

/** Finished pods stay beside those that run. */
function podsOfJob({ backoffLimit, completions, parallelism }: JobSpec): number {
  const failed = Math.min(backoffLimit, 6) + 1
  return completions === NONE ? 2 * parallelism + failed : parallelism + completions + failed
}

function podsOfCronJob({ failedJobsHistoryLimit, job, successfulJobsHistoryLimit }: CronJobSpec): number {
  return podsOfJob(job) * (1 + successfulJobsHistoryLimit + failedJobsHistoryLimit)
}

function podsOf(spec: DeploymentSpec): number {
  return spec.replicas + (spec.recreate ? 0 : scaledValue(spec.maxSurge, spec.replicas, true))
}
