// 100,000 random states of Jobs and pods: the Job controller's decisions are those of its plain-object twin.

import { expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import { Agenda } from '../../src/cluster/agenda.ts'
import { Cluster } from '../../src/cluster/cluster.ts'
import { DeletionReason, PodPhase } from '../../src/cluster/codes.ts'
import type { JobId } from '../../src/cluster/jobs.ts'
import { JobStatus } from '../../src/cluster/jobStatus.ts'
import { applyJobSpec, updateJobStatus } from '../../src/cluster/jobWrites.ts'
import {
  bindPod,
  insertPod,
  markFinished,
  markStarted,
  removeFinalizer,
  removePod,
} from '../../src/cluster/podWrites.ts'
import { translate } from '../../src/conform/translate.ts'
import { decideFinish } from '../../src/controllers/job/finish.ts'
import { firstPendingIndexes } from '../../src/controllers/job/indexedJob.ts'
import { openSync } from '../../src/controllers/job/jobSync.ts'
import { EventQueue } from '../../src/kernel/eventQueue.ts'
import { compileModel } from '../../src/model/compile.ts'
import { withIndexes } from '../../src/model/indexIntervals.ts'
import type { JobSpec } from '../../src/model/jobTypes.ts'
import { Kind, type NodeId, type TemplateId } from '../../src/model/types.ts'
import { twinJob, type TwinJob, type TwinJobPod } from './jobTwin.ts'
import { Choices } from './random.ts'

const STATES = 100_000
const JOB = 0 as JobId

function emptyCluster(): Cluster {
  const allocatable = { cpu: '64', memory: '64Gi', pods: '110' }
  const template = { spec: { containers: [{ name: 'app', image: 'load:v1' }], restartPolicy: 'Never' } }
  const objects = [
    { kind: 'Node', metadata: { name: 'node-01' }, status: { allocatable } },
    { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'load' }, spec: { template } },
  ]
  const { arm, scenario } = translate({ id: 'twin', objects, timings: {}, steps: [], untilSeconds: 1_000 } as never)
  // Nobody watches, and nothing comes of what is scheduled.
  const cluster = new Cluster(compileModel(scenario, arm), new Agenda(new EventQueue(1, 1), -1), { wake() {} })
  cluster.reset()
  return cluster
}

function drawJob(choices: Choices): TwinJob {
  const indexed = choices.chance(0.6)
  const perIndex = indexed && choices.chance(0.5) ? choices.integer(0, 2) : NONE
  const completions = indexed || choices.chance(0.7) ? choices.integer(1, 5) : NONE
  const actions = ['FailJob', 'Ignore', 'Count', ...(perIndex === NONE ? [] : (['FailIndex'] as const))] as const
  const onExit = choices.chance(0.4) ? choices.pick(actions) : undefined
  return {
    indexed,
    completions,
    backoffLimit: choices.integer(0, 6),
    perIndex,
    maxFailedIndexes: perIndex !== NONE && choices.chance(0.5) ? choices.integer(0, 2) : NONE,
    onlyReplaceFailed: onExit !== undefined || choices.chance(0.3),
    onExit,
    successCount: indexed && choices.chance(0.3) ? choices.integer(1, 4) : NONE,
    succeededBefore: indexed ? 0 : choices.integer(0, 2),
    failedBefore: choices.integer(0, 2),
    doneIndexes: indexed ? [0, 1, 2, 3, 4].filter(() => choices.chance(0.2)) : [],
  }
}

function specOf(plain: JobSpec, job: TwinJob): JobSpec {
  const { onExit } = job
  return {
    ...plain,
    indexed: job.indexed,
    completions: job.completions,
    backoffLimit: job.backoffLimit,
    backoffLimitPerIndex: job.perIndex,
    maxFailedIndexes: job.maxFailedIndexes,
    onlyReplaceFailed: job.onlyReplaceFailed,
    failureRules: onExit && [{ action: onExit, matchesExit: true, conditions: [] }],
    successRules: job.successCount === NONE ? undefined : [{ indexes: undefined, count: job.successCount }],
  }
}

/** A pod brought to a random state by the writes that bring pods there. */
function drawPod(cluster: Cluster, choices: Choices, indexed: boolean): TwinJobPod {
  const index = indexed ? choices.integer(0, 5) : NONE
  const indexFailures = choices.integer(0, 2)
  const pod = insertPod(cluster, Kind.Job, JOB, 0 as TemplateId, index, NONE as NodeId, 1, indexFailures, 0)
  bindPod(cluster, pod, 0 as NodeId)
  const phase = choices.pick(['Pending', 'Running', 'Succeeded', 'Failed'] as const)
  if (phase !== 'Pending') markStarted(cluster, pod)
  const marked = choices.chance(0.25)
  if (marked) removePod(cluster, pod, NONE, DeletionReason.Step)
  if (phase === 'Succeeded' || phase === 'Failed') markFinished(cluster, pod, PodPhase[phase], true)
  const finalizer = choices.chance(0.8)
  if (!finalizer) removeFinalizer(cluster, pod)
  return { phase, marked, finalizer, index, indexFailures }
}

test(`agrees with its plain-object twin on ${STATES} random states`, { timeout: 60_000 }, () => {
  const cluster = emptyCluster()
  const choices = new Choices(2)
  const status = new JobStatus()
  cluster.nowUs = 60_000_000
  for (let state = 0; state < STATES; state++) {
    const job = drawJob(choices)
    applyJobSpec(cluster, JOB, specOf(cluster.model.jobs[0].specs[0], job))
    status.clear()
    status.succeeded = job.succeededBefore
    status.failed = job.failedBefore
    status.completedIndexes = withIndexes([], job.doneIndexes)
    updateJobStatus(cluster, JOB, status)
    const pods = Array.from({ length: choices.integer(0, 7) }, () => drawPod(cluster, choices, job.indexed))
    const count = choices.integer(1, 5)
    const sync = openSync(cluster, JOB)
    decideFinish(cluster, sync)
    const { active, failed, finished, succeeded, terminating } = sync
    const pending = job.indexed ? firstPendingIndexes(sync, count) : []
    const ours = { active, terminating, succeeded, failed, reason: finished?.reason ?? '', pending }
    const twin = twinJob(job, pods, count)
    if (JSON.stringify(ours) !== JSON.stringify(twin)) expect({ job, pods, ...ours }).toEqual({ job, pods, ...twin })
    for (let pod = cluster.pods.first; pod !== NONE; pod = cluster.pods.first) {
      removeFinalizer(cluster, pod)
      if (cluster.pods.first === pod) removePod(cluster, pod, 0, DeletionReason.Step)
    }
  }
})
