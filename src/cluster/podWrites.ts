// The only writers of pods: what the API server does on create, bind, status updates and deletes. Every write changes
// the counters that hang on it and wakes the watchers. createPod and deletePod are the controllers' verbs: they happen
// at once, or one API latency after another.

import { assert } from '../base/assert.ts'
import { NONE } from '../base/columns.ts'
import { type ImageId, Kind, type NodeId, type StatefulSetId, type TemplateId } from '../model/types.ts'
import { AppState } from './applications.ts'
import type { Cluster } from './cluster.ts'
import { DeletionReason, PodChange, PodPhase } from './codes.ts'
import { countPod } from './podCounts.ts'
import { isTerminal, type PodId, type Pods } from './pods.ts'
import type { ReplicaSetId } from './replicaSets.ts'
import { Write } from './writes.ts'

/** Creates a pod of `owner`; see insertPod for the arguments. */
export function createPod(
  cluster: Cluster,
  kind: Kind,
  owner: number,
  template: TemplateId,
  ordinal: number,
  targetNode: NodeId,
  finalizer: number,
  indexFailures = 0,
  ignoredIndexFailures = 0,
): void {
  const { api } = cluster
  if (!api.isDelayed()) {
    insertPod(cluster, kind, owner, template, ordinal, targetNode, finalizer, indexFailures, ignoredIndexFailures)
    return
  }
  const at = api.delay(cluster.nowUs, Write.CreatePod)
  api.table[at] = kind
  api.table[at + 1] = owner
  api.table[at + 2] = template
  api.table[at + 3] = ordinal
  api.table[at + 4] = targetNode
  api.table[at + 5] = finalizer
  api.table[at + 6] = indexFailures
  api.table[at + 7] = ignoredIndexFailures
}

/** Deletes a pod; `graceSeconds` NONE is its own grace period. */
export function deletePod(cluster: Cluster, pod: PodId, graceSeconds: number, reason: DeletionReason): void {
  const { api } = cluster
  if (!api.isDelayed()) {
    removePod(cluster, pod, graceSeconds, reason)
    return
  }
  const at = api.delay(cluster.nowUs, Write.DeletePod)
  api.table[at] = pod
  api.table[at + 1] = cluster.pods.uid[pod]
  api.table[at + 2] = graceSeconds
  api.table[at + 3] = reason
}

/**
 * Creates a pod from a template, pending.
 *
 * @param ordinal StatefulSet ordinal or completion index; NONE otherwise
 * @param targetNode the node that a DaemonSet wants; NONE otherwise
 * @param indexFailures earlier failures of the completion index that count; `ignoredIndexFailures` those that do not
 */
export function insertPod(
  cluster: Cluster,
  kind: Kind,
  owner: number,
  template: TemplateId,
  ordinal: number,
  targetNode: NodeId,
  finalizer: number,
  indexFailures = 0,
  ignoredIndexFailures = 0,
): PodId {
  const { pods } = cluster
  const pod = pods.allocate()
  pods.template[pod] = template
  pods.ownerKind[pod] = kind
  pods.owner[pod] = kind === Kind.None ? 0 : owner
  pods.object[pod] = NONE
  pods.hash[pod] = kind === Kind.ReplicaSet ? cluster.replicaSets.hash[owner as ReplicaSetId] : (NONE as TemplateId)
  pods.ownerUid[pod] = cluster.uidOfOwner(kind, owner)
  pods.ordinal[pod] = ordinal
  pods.targetNode[pod] = targetNode
  pods.drawIndex[pod] = drawIndex(cluster, pod)
  pods.phase[pod] = PodPhase.Pending
  pods.ready[pod] = 0
  pods.readyTransitionSeconds[pod] = 0
  pods.createdAtUs[pod] = cluster.nowUs
  pods.node[pod] = NONE as NodeId
  pods.deletionMark[pod] = 0
  pods.deletionGraceSeconds[pod] = NONE
  pods.deletionReason[pod] = DeletionReason.None
  pods.finalizer[pod] = finalizer
  pods.restarts[pod] = 0
  pods.exitedSeconds[pod] = NONE
  pods.markedSeconds[pod] = NONE
  pods.indexFailures[pod] = indexFailures
  pods.ignoredIndexFailures[pod] = ignoredIndexFailures
  pods.disruptionTarget[pod] = 0
  pods.expectedGone[pod] = 0
  pods.servesFromUs[pod] = pods.servesUntilUs[pod] = Infinity
  cluster.applications.state[pod] = AppState.None
  cluster.applications.sinceUs[pod] = cluster.nowUs
  cluster.applications.errorShare[pod] = 0
  cluster.applications.load[pod] = 0
  cluster.applications.capacity[pod] = Infinity
  cluster.applications.answersLeft[pod] = Infinity
  cluster.applications.held[pod] = 0
  cluster.images.running[pod] = NONE as ImageId
  link(pods, pod)
  pods.pendingCount++
  countPod(cluster, pod, 1)
  cluster.watch.podAdded(pod)
  return pod
}

/** The next index into the draws of a pod's image, or of its identity. */
function drawIndex(cluster: Cluster, pod: PodId): number {
  const { model, pods, statefulSets } = cluster
  const owner = pods.owner[pod]
  if (pods.ownerKind[pod] === Kind.StatefulSet) {
    const ordinal = pods.ordinal[pod]
    return pods.drawIndexOfOrdinal(statefulSets.placeOf(owner as StatefulSetId, ordinal), ordinal)
  }
  if (pods.ownerKind[pod] === Kind.DaemonSet) {
    const node = pods.targetNode[pod]
    return pods.drawIndexOnNode(owner * model.nodes.length + node, model.nodes[node].number)
  }
  return pods.drawIndexOfImage(model.templates[pods.template[pod]].image)
}

/** Its controller expects to see this pod go. */
export function expectGone(cluster: Cluster, pod: PodId): void {
  cluster.pods.expectedGone[pod] = 1
}

/** The kubelet knows when the application will serve. Not an API write. */
export function noteServing(cluster: Cluster, pod: PodId, fromUs: number): void {
  cluster.pods.servesFromUs[pod] = fromUs
}

/** The kubelet has seen the deletion mark and knows when SIGTERM is. Not an API write. */
export function noteEnding(cluster: Cluster, pod: PodId, untilUs: number): void {
  cluster.pods.servesUntilUs[pod] = untilUs
  cluster.watch.podEnding(pod)
}

/** The kubelet starts the containers of a running pod once more. */
export function noteRestart(cluster: Cluster, pod: PodId): void {
  cluster.pods.restarts[pod] += 1
}

/** Binds a pod to a node (the binding subresource). */
export function bindPod(cluster: Cluster, pod: PodId, node: NodeId): void {
  const { pods } = cluster
  assert(pods.node[pod] === NONE, 'a pod is bound once')
  countPod(cluster, pod, -1)
  pods.node[pod] = node
  pods.pendingCount--
  countPod(cluster, pod, 1)
  cluster.watch.podUpdated(pod, PodChange.Bound)
}

/** The containers run: phase Running; Ready is False until markReady. */
export function markStarted(cluster: Cluster, pod: PodId): void {
  countPod(cluster, pod, -1)
  cluster.pods.phase[pod] = PodPhase.Running
  cluster.pods.readyTransitionSeconds[pod] = cluster.nowSeconds()
  countPod(cluster, pod, 1)
  cluster.watch.podUpdated(pod, PodChange.Started)
}

/** Sets the Ready condition; its transition time is stored in whole seconds. */
export function markReady(cluster: Cluster, pod: PodId, ready: boolean): void {
  const { pods } = cluster
  const value = ready ? 1 : 0
  if (pods.ready[pod] === value) return
  countPod(cluster, pod, -1)
  pods.ready[pod] = value
  pods.readyTransitionSeconds[pod] = cluster.nowSeconds()
  countPod(cluster, pod, 1)
  cluster.watch.podUpdated(pod, ready ? PodChange.Ready : PodChange.NotReady)
}

/**
 * The containers have ended for good: Succeeded or Failed; the node's resources are free again.
 *
 * @param exited true if a container ended by itself, so that its status tells when; false for one that was killed
 */
export function markFinished(cluster: Cluster, pod: PodId, phase: PodPhase, exited = false): void {
  const { pods } = cluster
  countPod(cluster, pod, -1)
  if (pods.node[pod] === NONE && pods.deletionMark[pod] === 0) pods.pendingCount--
  const hadReadyCondition = pods.phase[pod] !== PodPhase.Pending
  pods.phase[pod] = phase
  if (exited) pods.exitedSeconds[pod] = cluster.nowSeconds()
  if (pods.ready[pod] === 1 || !hadReadyCondition) {
    pods.ready[pod] = 0
    pods.readyTransitionSeconds[pod] = cluster.nowSeconds()
  }
  countPod(cluster, pod, 1)
  cluster.watch.podUpdated(pod, PodChange.Finished)
}

/**
 * Deletes a pod as the API server does (registry/core/pod/strategy.go): with a grace period it is marked and stays
 * until the kubelet confirms; without a node or finished it goes at once; a finalizer keeps it.
 *
 * @param graceSeconds NONE: the pod's own grace period; 0: forced
 */
export function removePod(cluster: Cluster, pod: PodId, graceSeconds: number, reason: DeletionReason): void {
  const { pods } = cluster
  const template = cluster.model.templates[pods.template[pod]]
  let grace = graceSeconds === NONE ? template.graceSeconds : graceSeconds
  if (pods.node[pod] === NONE || isTerminal(pods, pod)) grace = 0
  const marked = pods.deletionMark[pod] === 1
  if (marked && grace > 0 && grace >= pods.deletionGraceSeconds[pod]) return
  if (!marked) pods.deletionReason[pod] = reason
  if (grace === 0 && pods.finalizer[pod] === 0) return dropPod(cluster, pod)
  countPod(cluster, pod, -1)
  if (!marked && pods.node[pod] === NONE && !isTerminal(pods, pod)) pods.pendingCount--
  pods.deletionMark[pod] = 1
  pods.markedSeconds[pod] = cluster.nowSeconds()
  pods.deletionGraceSeconds[pod] = grace
  countPod(cluster, pod, 1)
  cluster.watch.podUpdated(pod, PodChange.DeletionMark)
}

/** Removes the job-tracking finalizer; a pod that only waited for it goes. */
export function removeFinalizer(cluster: Cluster, pod: PodId): void {
  const { pods } = cluster
  if (pods.finalizer[pod] === 0) return
  pods.finalizer[pod] = 0
  if (pods.deletionMark[pod] === 1 && pods.deletionGraceSeconds[pod] === 0) dropPod(cluster, pod)
  else cluster.watch.podUpdated(pod, PodChange.Metadata)
}

/** Takes the object out of the store and frees its row; watchers still see its last state. */
export function dropPod(cluster: Cluster, pod: PodId): void {
  const { pods } = cluster
  countPod(cluster, pod, -1)
  if (pods.object[pod] !== NONE) pods.ofObject[pods.object[pod]] = NONE
  if (pods.node[pod] === NONE && pods.deletionMark[pod] === 0 && !isTerminal(pods, pod)) pods.pendingCount--
  unlink(pods, pod)
  cluster.watch.podDeleted(pod)
  pods.release(pod)
}

function link(pods: Pods, pod: PodId): void {
  pods.previous[pod] = pods.last
  pods.next[pod] = NONE as PodId
  if (pods.last === NONE) pods.first = pod
  else pods.next[pods.last] = pod
  pods.last = pod
  linkToOwner(pods, pod)
}

/** Puts a pod into its owner's list, which is in creation order. */
export function linkToOwner(pods: Pods, pod: PodId): void {
  const kind = pods.ownerKind[pod]
  if (kind === Kind.None) pods.orphanCount++
  const firstOf = pods.firstOf[kind]
  const lastOf = pods.lastOf[kind]
  const owner = pods.owner[pod]
  let before = lastOf[owner] as PodId
  // Only an adopted pod can be older than others in the list.
  while (before !== NONE && pods.uid[before] > pods.uid[pod]) before = pods.previousOfOwner[before]
  const after = before === NONE ? (firstOf[owner] as PodId) : pods.nextOfOwner[before]
  pods.previousOfOwner[pod] = before
  pods.nextOfOwner[pod] = after
  if (before === NONE) firstOf[owner] = pod
  else pods.nextOfOwner[before] = pod
  if (after === NONE) lastOf[owner] = pod
  else pods.previousOfOwner[after] = pod
}

function unlink(pods: Pods, pod: PodId): void {
  const before = pods.previous[pod]
  const after = pods.next[pod]
  if (before === NONE) pods.first = after
  else pods.next[before] = after
  if (after === NONE) pods.last = before
  else pods.previous[after] = before
  unlinkFromOwner(pods, pod)
}

/** Takes a pod out of its owner's list. */
export function unlinkFromOwner(pods: Pods, pod: PodId): void {
  const kind = pods.ownerKind[pod]
  if (kind === Kind.None) pods.orphanCount--
  const owner = pods.owner[pod]
  const beforeOfOwner = pods.previousOfOwner[pod]
  const afterOfOwner = pods.nextOfOwner[pod]
  if (beforeOfOwner === NONE) pods.firstOf[kind][owner] = afterOfOwner
  else pods.nextOfOwner[beforeOfOwner] = afterOfOwner
  if (afterOfOwner === NONE) pods.lastOf[kind][owner] = beforeOfOwner
  else pods.previousOfOwner[afterOfOwner] = beforeOfOwner
}
