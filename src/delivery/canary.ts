// After rollout/canary.go, Argo Rollouts v1.8: a sync of a Rollout with the basic canary strategy, whose weights are
// numbers of pods.

import { NONE } from '../base/columns.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import type { CanaryStep } from '../scenario/strategyTypes.ts'
import type { StepAnalysis } from './analysis.ts'
import { basicCanaryCounts, type CanaryCounts, type CanaryInput } from './canaryReplicas.ts'
import {
  countOtherReplicas,
  createReplicaSet,
  reconcileRevisionHistoryLimit,
  scaleTo,
  syncRevision,
} from './replicaSets.ts'
import { NEVER, type Rollout } from './rollout.ts'
import { persistStatus, promoteStable, resetRolloutStatus } from './status.ts'

const counts: CanaryCounts = { newReplicas: 0, stableReplicas: 0 }

/** One sync. */
export function rolloutCanary(rollout: Rollout, steps: readonly CanaryStep[], analysis: StepAnalysis): void {
  syncRevision(rollout)
  if (rollout.templateChanged) {
    resetRolloutStatus(rollout)
    analysis.stop()
    // Back to the version that is stable: there is nothing to try out.
    if (rollout.newReplicaSet !== NONE && rollout.newReplicaSet === rollout.stableReplicaSet)
      rollout.stepIndex = steps.length
    return persistStatus(rollout)
  }
  const step = rollout.stepIndex < steps.length ? steps[rollout.stepIndex] : undefined
  if (rollout.newReplicaSet === NONE && !rollout.pausedByUser)
    createReplicaSet(rollout, canaryCounts(rollout, steps, true).newReplicas)
  reconcileRevisionHistoryLimit(rollout)
  if (step?.type === 'analysis' && !rollout.aborted && !analysis.proceed(rollout, step)) rollout.aborted = true
  const isScaled = reconcileReplicaSets(rollout, steps)
  if (!isScaled && step?.type === 'pause' && !rollout.pausedByUser && rollout.pausedAtSeconds === NEVER) {
    rollout.pausedAtSeconds = rollout.cluster.nowSeconds()
    rollout.changed = true
  }
  syncStatus(rollout, steps, step, analysis)
}

/** Stable first, then new, then the rest; true if one was scaled, which ends the step (reconcileCanaryReplicaSets). */
function reconcileReplicaSets(rollout: Rollout, steps: readonly CanaryStep[]): boolean {
  const { newReplicaSet, stableReplicaSet } = rollout
  const { newReplicas, stableReplicas } = canaryCounts(rollout, steps, false)
  if (rollout.hasStable && scaleTo(rollout, stableReplicaSet, stableReplicas)) return true
  if (newReplicaSet !== NONE && scaleTo(rollout, newReplicaSet, newReplicas)) return true
  return scaleDownOthers(rollout)
}

function syncStatus(
  rollout: Rollout,
  steps: readonly CanaryStep[],
  step: CanaryStep | undefined,
  analysis: StepAnalysis,
): void {
  const { cluster, newReplicaSet, replicas } = rollout
  const { availableReplicas } = cluster.replicaSets
  const isFull = newReplicaSet !== NONE && availableReplicas[newReplicaSet] === replicas
  const isThrough = rollout.stepIndex === steps.length || rollout.stableHash === NONE
  if (rollout.aborted) {
    const index = rollout.stableHash === rollout.currentHash ? steps.length : 0
    if (rollout.stepIndex !== index) rollout.changed = true
    rollout.stepIndex = index
    rollout.pausedAtSeconds = NEVER
  } else if (isFull && isThrough) promoteStable(rollout, steps.length, 0)
  else if (step !== undefined && !rollout.pausedByUser && isStepComplete(rollout, steps, step, analysis)) {
    rollout.stepIndex++
    rollout.pausedAtSeconds = NEVER
    rollout.changed = true
  }
  persistStatus(rollout)
}

/** Whether the step under way is done (completedCurrentCanaryStep). */
function isStepComplete(
  rollout: Rollout,
  steps: readonly CanaryStep[],
  step: CanaryStep,
  analysis: StepAnalysis,
): boolean {
  if (step.type === 'pause') return rollout.hasPaused(step.us)
  if (step.type === 'analysis') return analysis.isSuccessful(step)
  const { cluster, newReplicaSet, others, stableReplicaSet } = rollout
  const { availableReplicas, replicas, statusReplicas } = cluster.replicaSets
  if (newReplicaSet === NONE || stableReplicaSet === NONE) return false
  const { newReplicas, stableReplicas } = canaryCounts(rollout, steps, false)
  if (replicas[newReplicaSet] !== newReplicas || availableReplicas[newReplicaSet] !== newReplicas) return false
  if (replicas[stableReplicaSet] !== stableReplicas || statusReplicas[stableReplicaSet] !== stableReplicas) return false
  return others.every((rs) => availableReplicas[rs] === 0)
}

/** The sizes that the current weight asks for now; `missing`: of a new ReplicaSet that has yet to be created. */
function canaryCounts(rollout: Rollout, steps: readonly CanaryStep[], missing: boolean): CanaryCounts {
  const { cluster, deployment, newReplicaSet, stableReplicaSet } = rollout
  const { deployments, replicaSets } = cluster
  const sizeOf = (rs: ReplicaSetId): number => (rs === NONE ? 0 : replicaSets.replicas[rs])
  const availableOf = (rs: ReplicaSetId): number => (rs === NONE ? 0 : replicaSets.availableReplicas[rs])
  const input: CanaryInput = {
    replicas: rollout.replicas,
    maxSurge: deployments.maxSurge[deployment],
    maxUnavailable: deployments.maxUnavailable[deployment],
    weight: currentWeight(rollout, steps),
    hasNew: missing || newReplicaSet !== NONE,
    hasStable: rollout.hasStable,
    newReplicas: sizeOf(newReplicaSet),
    newAvailable: availableOf(newReplicaSet),
    stableReplicas: sizeOf(stableReplicaSet),
    stableAvailable: availableOf(stableReplicaSet),
    otherReplicas: countOtherReplicas(rollout),
  }
  return basicCanaryCounts(input, counts)
}

/** Percent of the last setWeight at or before the current step (GetCurrentSetWeight). */
function currentWeight(rollout: Rollout, steps: readonly CanaryStep[]): number {
  const { aborted, currentHash, stableHash, stepIndex } = rollout
  if (stableHash === NONE || currentHash === stableHash) return 100
  if (aborted) return 0
  if (stepIndex >= steps.length) return 100
  for (let i = stepIndex; i >= 0; i--) {
    const step = steps[i]
    if (step.type === 'setWeight') return step.weight
  }
  return 0
}

/** Versions that are neither new nor stable go as far as availability allows (scaleDownOldReplicaSetsForCanary). */
function scaleDownOthers(rollout: Rollout): boolean {
  const { cluster, deployment, others } = rollout
  const { deployments, replicaSets } = cluster
  if (countOtherReplicas(rollout) === 0) return false
  let scaled = false
  // Pods that serve nobody go first: they would block the rollout.
  for (const rs of others) {
    const available = replicaSets.availableReplicas[rs]
    if (available > replicaSets.replicas[rs]) return scaled
    if (available < replicaSets.replicas[rs]) scaled = scaleTo(rollout, rs, available) || scaled
  }
  let available = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    available += replicaSets.availableReplicas[rs]
  let left = available - (rollout.replicas - deployments.maxUnavailable[deployment])
  others.sort((a, b) => replicaSets.revision[b] - replicaSets.revision[a])
  for (const rs of others) {
    if (left <= 0) break
    const size = Math.min(replicaSets.replicas[rs], replicaSets.availableReplicas[rs])
    if (size === 0) continue
    const taken = Math.min(size, left)
    scaled = scaleTo(rollout, rs, size - taken) || scaled
    left -= taken
  }
  return scaled
}
