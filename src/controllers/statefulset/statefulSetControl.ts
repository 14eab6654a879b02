// After pkg/controller/statefulset/stateful_set_control.go, Kubernetes v1.36.3: one step of a set towards its spec.
// First every slot in ascending order gets a healthy pod, then pods beyond the range go in descending order, then pods
// of an old revision are deleted, highest ordinal first. OrderedReady (monotonic) stops at the first thing it has to
// wait for; so a pod that never becomes ready blocks scaling, the rollout, and also its rollback.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { DeletionReason, PodPhase } from '../../cluster/codes.ts'
import { isAvailable, isTerminal, type PodId } from '../../cluster/pods.ts'
import type { StatefulSetStatus } from '../../cluster/statefulSets.ts'
import type { StatefulSetId, TemplateId } from '../../model/types.ts'
import { isRunningAndReady, isUnavailable, type Slots } from './slots.ts'
import {
  createMissingAndUpdateClaims,
  createStatefulPod,
  deleteStatefulPod,
  enforceRetentionPolicy,
  isClaimStale,
} from './statefulPodControl.ts'

/** Most calls that a Parallel set sends side by side (MaxBatchSize). */
const BATCH_MAX = 500

/** How one pod was found: the next may be looked at, the sync has to wait, or a call failed. */
export const Step = { Next: 0, Wait: 1, Failed: 2 } as const
export type Step = (typeof Step)[keyof typeof Step]

type PodStep = (cluster: Cluster, set: StatefulSetId, slots: Slots, i: number) => Step

/**
 * Takes a set one step further (updateStatefulSet); deletions for the rollout lower status.currentReplicas.
 *
 * @returns false if a call failed, and the sync has to be tried again
 */
export function updateStatefulSet(
  cluster: Cluster,
  set: StatefulSetId,
  slots: Slots,
  updateRevision: TemplateId,
  status: StatefulSetStatus,
): boolean {
  const { statefulSets } = cluster
  const monotonic = statefulSets.parallel[set] === 0
  const condemned = slots.condemned.length
  const step =
    runForAll(cluster, set, slots, slots.count, monotonic, processReplica) ||
    runForAll(cluster, set, slots, condemned, monotonic, fixClaims) ||
    runForAll(cluster, set, slots, condemned, monotonic, processCondemned)
  if (step !== Step.Next || statefulSets.onDelete[set] === 1) return step !== Step.Failed
  status.currentReplicas -= cluster.model.featureGates['MaxUnavailableStatefulSet']
    ? replaceUpToMaxUnavailable(cluster, set, slots, updateRevision)
    : replaceOne(cluster, set, slots, updateRevision)
  return true
}

/**
 * Looks at pods one after another until one says wait; or, without that, in batches of 1, 2, 4 … whose calls go out side
 * by side, and then only a failed batch is the last.
 */
export function runForAll(
  cluster: Cluster,
  set: StatefulSetId,
  slots: Slots,
  count: number,
  monotonic: boolean,
  step: PodStep,
): Step {
  if (monotonic) {
    for (let i = 0; i < count; i++) {
      const found = step(cluster, set, slots, i)
      if (found !== Step.Next) return found
    }
    return Step.Next
  }
  const { api } = cluster
  for (let begin = 0, size = 1; begin < count; begin += size, size = Math.min(2 * size, BATCH_MAX)) {
    const end = Math.min(begin + size, count)
    const sentUs = api.offsetUs
    let answeredUs = sentUs
    let failed = false
    for (let n = begin; n < end; n++) {
      // The calls of a batch are goroutines, of which Go starts the last one first, and then the others in order.
      const i = n === begin ? end - 1 : n - 1
      api.offsetUs = sentUs
      if (step(cluster, set, slots, i) === Step.Failed) failed = true
      answeredUs = Math.max(answeredUs, api.offsetUs)
    }
    api.offsetUs = answeredUs
    if (failed) return Step.Failed
  }
  return Step.Next
}

/** Brings one slot a step towards a healthy pod with its claims (processReplica). */
function processReplica(cluster: Cluster, set: StatefulSetId, slots: Slots, slot: number): Step {
  const { api, pods, statefulSets } = cluster
  const pod = slots.pod[slot] as PodId
  const monotonic = statefulSets.parallel[set] === 0
  if (pod === NONE) return processEmptySlot(cluster, set, slots, slot, monotonic)
  const ordinal = pods.ordinal[pod]
  if (isTerminal(pods, pod)) {
    if (pods.deletionMark[pod] === 0) deleteStatefulPod(cluster, set, pod, ordinal, DeletionReason.FailedReplaced)
    return Step.Wait
  }
  if (pods.phase[pod] === PodPhase.Pending) {
    createMissingAndUpdateClaims(cluster, set, pod)
    return monotonic ? Step.Wait : Step.Next
  }
  if (monotonic && (!isRunningAndReady(cluster, pod) || isUnavailable(cluster, set, pod))) return Step.Wait
  if (enforceRetentionPolicy(cluster, set, pod)) {
    // Upstream then writes the pod itself too, though nothing of it has changed.
    api.awaitAnswer()
  }
  return Step.Next
}

function processEmptySlot(cluster: Cluster, set: StatefulSetId, slots: Slots, slot: number, monotonic: boolean): Step {
  if (isClaimStale(cluster, set, cluster.statefulSets.startOrdinal[set] + slot)) return Step.Wait
  if (!createStatefulPod(cluster, set, slots, slot)) return Step.Failed
  return monotonic ? Step.Wait : Step.Next
}

/** The claims of a pod that is to go get the owners that the retention policy wants for it. */
function fixClaims(cluster: Cluster, set: StatefulSetId, slots: Slots, i: number): Step {
  enforceRetentionPolicy(cluster, set, slots.condemned[i])
  return Step.Next
}

/**
 * Deletes a condemned pod (processCondemned). OrderedReady deletes one at a time, and an unhealthy one only if no other
 * pod with a lower ordinal is unhealthy.
 */
function processCondemned(cluster: Cluster, set: StatefulSetId, slots: Slots, i: number): Step {
  const { pods, statefulSets } = cluster
  const pod = slots.condemned[i]
  const monotonic = statefulSets.parallel[set] === 0
  if (pods.deletionMark[pod] === 1) return monotonic ? Step.Wait : Step.Next
  const healthy =
    isRunningAndReady(cluster, pod) && isAvailable(pods, pod, statefulSets.minReadySeconds[set], cluster.nowUs)
  if (monotonic && !healthy && pod !== slots.firstUnavailable) return Step.Wait
  deleteStatefulPod(cluster, set, pod, pods.ordinal[pod], DeletionReason.ScaledDown)
  return Step.Wait
}

/**
 * The rollout without the gate MaxUnavailableStatefulSet: the highest pod of an old revision goes if all above it are
 * updated and available. The partition counts slots. Returns the number of deletions, 0 or 1.
 */
function replaceOne(cluster: Cluster, set: StatefulSetId, slots: Slots, updateRevision: TemplateId): number {
  const { statefulSets } = cluster
  const lowest = Math.max(0, statefulSets.partition[set])
  for (let slot = slots.count - 1; slot >= lowest; slot--) {
    if (isReplaceable(cluster, slots, slot, updateRevision)) {
      replace(cluster, set, slots, slot)
      return 1
    }
    if (isUnavailable(cluster, set, slots.pod[slot] as PodId)) return 0
  }
  return 0
}

/**
 * The rollout with the gate: as many old pods go, highest first, as maxUnavailable leaves; unavailable pods below the
 * partition count too. Ten replicas, 25 %: 2 at a time. Returns the number of deletions.
 */
function replaceUpToMaxUnavailable(
  cluster: Cluster,
  set: StatefulSetId,
  slots: Slots,
  updateRevision: TemplateId,
): number {
  const { statefulSets } = cluster
  const lowest = Math.max(0, statefulSets.partition[set])
  const allowed = statefulSets.maxUnavailable[set] - slots.unavailable
  let deleted = 0
  for (let slot = slots.count - 1; slot >= lowest && deleted < allowed; slot--) {
    if (!isReplaceable(cluster, slots, slot, updateRevision)) continue
    replace(cluster, set, slots, slot)
    deleted++
  }
  return deleted
}

/** Of another revision, and not terminating already. */
function isReplaceable(cluster: Cluster, slots: Slots, slot: number, updateRevision: TemplateId): boolean {
  const pod = slots.pod[slot] as PodId
  return slots.revision[slot] !== updateRevision && (pod === NONE || cluster.pods.deletionMark[pod] === 0)
}

function replace(cluster: Cluster, set: StatefulSetId, slots: Slots, slot: number): void {
  const ordinal = cluster.statefulSets.startOrdinal[set] + slot
  deleteStatefulPod(cluster, set, slots.pod[slot] as PodId, ordinal, DeletionReason.RolloutReplaced)
}
