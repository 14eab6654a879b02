// After pkg/controller/job/job_controller.go (syncJob: the evaluation of the end state), Kubernetes v1.36.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { ConditionStatus, PodPhase } from '../../cluster/codes.ts'
import type { JobCondition } from '../../cluster/jobStatus.ts'
import { countIndexes } from '../../model/indexIntervals.ts'
import { calculateIndexes } from './indexedJob.ts'
import { isFailedPod } from './jobPods.ts'
import { conditionNow, type JobSync } from './jobSync.ts'
import { matchPodFailurePolicy } from './podFailurePolicy.ts'
import { matchSuccessPolicy } from './successPolicy.ts'

/** Decides whether the Job is over: what was decided before stands; then failures, then early success. */
export function decideFinish(cluster: Cluster, sync: JobSync): void {
  const { spec } = sync
  sync.finished = earlierDecision(cluster, sync)
  if (sync.finished === undefined && hasFatalPod(cluster, sync))
    sync.finished = conditionNow(cluster, 'FailureTarget', 'PodFailurePolicy')
  sync.finished ??= limitReached(cluster, sync)
  if (!spec.indexed) return
  calculateIndexes(cluster, sync)
  sync.succeeded = countIndexes(sync.succeededIndexes)
  sync.finished ??= tooManyFailedIndexes(cluster, sync)
  if (sync.finished === undefined && matchSuccessPolicy(spec.successRules, sync.succeededIndexes))
    sync.finished = conditionNow(cluster, 'SuccessCriteriaMet', 'SuccessPolicy')
}

function earlierDecision(cluster: Cluster, { status }: JobSync): JobCondition | undefined {
  const success = status.find('SuccessCriteriaMet')
  if (success?.status === ConditionStatus.True) return success
  const failure = status.find('FailureTarget')
  return failure?.status === ConditionStatus.True ? conditionNow(cluster, 'Failed', failure.reason) : undefined
}

function hasFatalPod(cluster: Cluster, { pods, spec }: JobSync): boolean {
  if (spec.failureRules === undefined) return false
  return pods.some((pod) => isFailedPod(spec, pod) && matchPodFailurePolicy(cluster, spec, pod) === 'FailJob')
}

/** Too many failures, or too long; otherwise the deadline's timer is set. */
function limitReached(cluster: Cluster, sync: JobSync): JobCondition | undefined {
  const { job, spec, status } = sync
  if (sync.failed > spec.backoffLimit || restartsExceedLimit(cluster, sync))
    return conditionNow(cluster, 'FailureTarget', 'BackoffLimitExceeded')
  if (spec.activeDeadlineSeconds === NONE || spec.suspend || status.startSeconds === NONE) return undefined
  const remainingUs = (status.startSeconds + spec.activeDeadlineSeconds) * 1_000_000 - cluster.nowUs
  if (remainingUs <= 0) return conditionNow(cluster, 'FailureTarget', 'DeadlineExceeded')
  cluster.queues[Controller.Job].addAfter(job, cluster.nowUs, Math.round(remainingUs))
  return undefined
}

/** With restartPolicy OnFailure containers are restarted in place; their restarts count instead (pastBackoffLimitOnFailure). */
function restartsExceedLimit(cluster: Cluster, { pods, spec }: JobSync): boolean {
  if (!spec.restartsOnFailure) return false
  let restarts = 0
  for (const { phase, pod } of pods)
    if (phase === PodPhase.Running || phase === PodPhase.Pending) restarts += cluster.pods.restarts[pod]
  return spec.backoffLimit === 0 ? restarts > 0 : restarts >= spec.backoffLimit
}

function tooManyFailedIndexes(
  cluster: Cluster,
  { failedIndexes, spec, succeededIndexes }: JobSync,
): JobCondition | undefined {
  if (failedIndexes === undefined) return undefined
  const failed = countIndexes(failedIndexes)
  if (spec.maxFailedIndexes !== NONE && failed > spec.maxFailedIndexes)
    return conditionNow(cluster, 'FailureTarget', 'MaxFailedIndexesExceeded')
  if (failed > 0 && failed + countIndexes(succeededIndexes) >= spec.completions)
    return conditionNow(cluster, 'FailureTarget', 'FailedIndexes')
  return undefined
}
