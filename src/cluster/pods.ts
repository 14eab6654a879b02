// The table of pods and its only writers: what the API server does on create, bind, status updates and deletes.
// Every write changes the counters that hang on it and wakes the watchers.

import { assert } from '../base/assert.ts'
import { type Column, fillColumn, float64Column, int32Column, NONE, type Row, uint8Column } from '../base/columns.ts'
import { Kind, type Model, type NodeId, type TemplateId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { DeletionReason, PodChange, PodPhase } from './codes.ts'
import { countPod } from './podCounts.ts'

export type PodId = Row<'Pod'>

export class Pods {
  readonly capacity: number
  /** Ascends in creation order; never used twice in a run. */
  readonly uid: Column<PodId>
  readonly template: Column<PodId, TemplateId>
  /** Kind of the controller owner; Kind.None for bare pods. */
  readonly ownerKind: Column<PodId, Kind>
  readonly owner: Column<PodId>
  /** StatefulSet ordinal, completion index of an Indexed Job; NONE otherwise. */
  readonly ordinal: Column<PodId>
  /** The node a DaemonSet made this pod for; NONE otherwise. */
  readonly targetNode: Column<PodId, NodeId>
  /** Index into streams of draws and lists of timings (kubelet/timings.ts). */
  readonly drawIndex: Column<PodId>
  readonly phase: Column<PodId, PodPhase>
  /** 1: condition Ready is True. */
  readonly ready: Column<PodId>
  /** lastTransitionTime of Ready, in whole seconds as the API stores it. */
  readonly readyTransitionSeconds: Column<PodId>
  readonly createdAtUs: Column<PodId>
  /** NONE: not bound. */
  readonly node: Column<PodId, NodeId>
  /** 1: metadata.deletionTimestamp is set. */
  readonly deletionMark: Column<PodId>
  readonly deletionGraceSeconds: Column<PodId>
  readonly deletionReason: Column<PodId, DeletionReason>
  /** 1: carries the job-tracking finalizer. */
  readonly finalizer: Column<PodId>
  readonly restarts: Column<PodId>
  /** 1: its ReplicaSet has ordered the deletion (UID-tracking expectations). */
  readonly expectedGone: Column<PodId>
  /** When the pod's application begins to serve, and when it stops; Infinity: not known, or never. */
  readonly servesFromUs: Column<PodId>
  readonly servesUntilUs: Column<PodId>
  /** All pods in creation order. */
  first: PodId = NONE as PodId
  last: PodId = NONE as PodId
  readonly next: Column<PodId, PodId>
  readonly previous: Column<PodId, PodId>
  /** Pods of one owner in creation order: firstOf[kind][row]. */
  readonly firstOf: readonly Int32Array[]
  readonly lastOf: readonly Int32Array[]
  readonly nextOfOwner: Column<PodId, PodId>
  readonly previousOfOwner: Column<PodId, PodId>
  /** Pods in the store now, and pods ever created in this run. */
  count = 0
  created = 0
  deleted = 0
  /** Pods without a node and without a deletion mark: what the scheduler looks at. */
  pendingCount = 0
  private readonly createdOfImage: Int32Array
  private readonly incarnations = new Map<number, number>()
  private readonly free: Int32Array
  private freeCount = 0

  constructor(model: Model, ownerRows: readonly number[]) {
    const n = model.capacity.pods
    this.capacity = n
    this.uid = int32Column(n)
    this.template = int32Column<PodId, TemplateId>(n)
    this.ownerKind = uint8Column<PodId, Kind>(n)
    this.owner = int32Column(n)
    this.ordinal = int32Column(n)
    this.targetNode = int32Column<PodId, NodeId>(n)
    this.drawIndex = int32Column(n)
    this.phase = uint8Column<PodId, PodPhase>(n)
    this.ready = uint8Column(n)
    this.readyTransitionSeconds = float64Column(n)
    this.createdAtUs = float64Column(n)
    this.node = int32Column<PodId, NodeId>(n)
    this.deletionMark = uint8Column(n)
    this.deletionGraceSeconds = int32Column(n)
    this.deletionReason = uint8Column<PodId, DeletionReason>(n)
    this.finalizer = uint8Column(n)
    this.restarts = int32Column(n)
    this.expectedGone = uint8Column(n)
    this.servesFromUs = float64Column(n)
    this.servesUntilUs = float64Column(n)
    this.next = int32Column<PodId, PodId>(n)
    this.previous = int32Column<PodId, PodId>(n)
    this.firstOf = ownerRows.map((rows) => new Int32Array(rows))
    this.lastOf = ownerRows.map((rows) => new Int32Array(rows))
    this.nextOfOwner = int32Column<PodId, PodId>(n)
    this.previousOfOwner = int32Column<PodId, PodId>(n)
    this.createdOfImage = new Int32Array(model.images.length)
    this.free = new Int32Array(n)
  }

  reset(): void {
    this.first = this.last = NONE as PodId
    for (const heads of this.firstOf) heads.fill(NONE)
    for (const tails of this.lastOf) tails.fill(NONE)
    this.count = this.created = this.deleted = this.pendingCount = 0
    this.createdOfImage.fill(0)
    this.incarnations.clear()
    fillColumn(this.uid, NONE)
    this.freeCount = this.capacity
    for (let i = 0; i < this.capacity; i++) this.free[i] = this.capacity - 1 - i
  }

  /** Takes a free row and numbers it. */
  allocate(): PodId {
    assert(this.freeCount > 0, `at most ${this.capacity} pods at once (Capacity.pods)`)
    this.count++
    const pod = this.free[--this.freeCount] as PodId
    this.uid[pod] = this.created++
    return pod
  }

  release(pod: PodId): void {
    this.uid[pod] = NONE
    this.free[this.freeCount++] = pod
    this.count--
    this.deleted++
  }

  /**
   * The index that decides a pod's draws: the k-th pod of its image, or for pods with an identity the ordinal (node
   * number) plus five per earlier incarnation, so that the same pod meets the same timings under every strategy.
   */
  nextDrawIndex(kind: Kind, owner: number, place: number, image: number): number {
    if (kind !== Kind.StatefulSet && kind !== Kind.DaemonSet) return this.createdOfImage[image]!++
    const key = (owner * 16 + kind) * 65_536 + place
    const incarnation = this.incarnations.get(key) ?? 0
    this.incarnations.set(key, incarnation + 1)
    return place + 5 * incarnation
  }
}

/** True for pods that a controller counts: neither finished nor marked for deletion (controller_utils.go IsPodActive). */
export function isActive(pods: Pods, pod: PodId): boolean {
  return pods.phase[pod] !== PodPhase.Succeeded && pods.phase[pod] !== PodPhase.Failed && pods.deletionMark[pod] === 0
}

/** True for phases that pods do not leave. */
export function isTerminal(pods: Pods, pod: PodId): boolean {
  return pods.phase[pod] === PodPhase.Succeeded || pods.phase[pod] === PodPhase.Failed
}

/** Ready for minReadySeconds (pod util IsPodAvailable); times are stored in whole seconds, so this may be early. */
export function isAvailable(pods: Pods, pod: PodId, minReadySeconds: number, nowUs: number): boolean {
  if (pods.ready[pod] === 0) return false
  return minReadySeconds === 0 || (pods.readyTransitionSeconds[pod] + minReadySeconds) * 1e6 <= nowUs
}

/** Microseconds until a ready pod becomes available; Infinity if no wait would do (findMinNextPodAvailabilityCheck). */
export function nextAvailabilityUs(pods: Pods, pod: PodId, minReadySeconds: number, nowUs: number): number {
  if (pods.ready[pod] === 0 || minReadySeconds <= 0) return Infinity
  const atUs = (pods.readyTransitionSeconds[pod] + minReadySeconds) * 1e6
  return atUs <= nowUs ? Infinity : atUs - nowUs
}

/**
 * Creates a pod from a template, pending.
 *
 * @param ordinal StatefulSet ordinal or completion index; NONE otherwise
 * @param targetNode the node that a DaemonSet wants; NONE otherwise
 */
export function insertPod(
  cluster: Cluster,
  kind: Kind,
  owner: number,
  template: TemplateId,
  ordinal: number,
  targetNode: NodeId,
  finalizer: number,
): PodId {
  const { pods, model } = cluster
  const pod = pods.allocate()
  const place = kind === Kind.DaemonSet ? model.nodes[targetNode]!.number : ordinal
  pods.template[pod] = template
  pods.ownerKind[pod] = kind
  pods.owner[pod] = owner
  pods.ordinal[pod] = ordinal
  pods.targetNode[pod] = targetNode
  pods.drawIndex[pod] = pods.nextDrawIndex(kind, owner, place, model.templates[template]!.image)
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
  pods.expectedGone[pod] = 0
  pods.servesFromUs[pod] = pods.servesUntilUs[pod] = Infinity
  link(pods, pod)
  pods.pendingCount++
  countPod(cluster, pod, 1)
  cluster.watch.podAdded(pod)
  return pod
}

/** Its controller expects to see this pod go. */
export function expectGone(cluster: Cluster, pod: PodId): void {
  cluster.pods.expectedGone[pod] = 1
}

/** The kubelet knows when the application will serve, or (with a deletion mark) when it stops to. */
export function noteServing(cluster: Cluster, pod: PodId, fromUs: number, untilUs: number): void {
  cluster.pods.servesFromUs[pod] = fromUs
  cluster.pods.servesUntilUs[pod] = untilUs
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

/** The containers have ended for good: Succeeded or Failed; the node's resources are free again. */
export function markFinished(cluster: Cluster, pod: PodId, phase: PodPhase): void {
  const { pods } = cluster
  countPod(cluster, pod, -1)
  if (pods.node[pod] === NONE && pods.deletionMark[pod] === 0) pods.pendingCount--
  pods.phase[pod] = phase
  if (pods.ready[pod] === 1) {
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
  const template = cluster.model.templates[pods.template[pod]]!
  let grace = graceSeconds === NONE ? template.graceSeconds : graceSeconds
  if (pods.node[pod] === NONE || isTerminal(pods, pod)) grace = 0
  const marked = pods.deletionMark[pod] === 1
  if (marked && grace > 0 && grace >= pods.deletionGraceSeconds[pod]) return
  if (!marked) pods.deletionReason[pod] = reason
  if (grace === 0 && pods.finalizer[pod] === 0) return dropPod(cluster, pod)
  countPod(cluster, pod, -1)
  if (!marked && pods.node[pod] === NONE && !isTerminal(pods, pod)) pods.pendingCount--
  pods.deletionMark[pod] = 1
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
function dropPod(cluster: Cluster, pod: PodId): void {
  const { pods } = cluster
  countPod(cluster, pod, -1)
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
  const kind = pods.ownerKind[pod]
  if (kind === Kind.None) return
  const firstOf = pods.firstOf[kind]!
  const lastOf = pods.lastOf[kind]!
  const owner = pods.owner[pod]
  const tail = lastOf[owner] as PodId
  pods.previousOfOwner[pod] = tail
  pods.nextOfOwner[pod] = NONE as PodId
  if (tail === NONE) firstOf[owner] = pod
  else pods.nextOfOwner[tail] = pod
  lastOf[owner] = pod
}

function unlink(pods: Pods, pod: PodId): void {
  const before = pods.previous[pod]
  const after = pods.next[pod]
  if (before === NONE) pods.first = after
  else pods.next[before] = after
  if (after === NONE) pods.last = before
  else pods.previous[after] = before
  const kind = pods.ownerKind[pod]
  if (kind === Kind.None) return
  const owner = pods.owner[pod]
  const beforeOfOwner = pods.previousOfOwner[pod]
  const afterOfOwner = pods.nextOfOwner[pod]
  if (beforeOfOwner === NONE) pods.firstOf[kind]![owner] = afterOfOwner
  else pods.nextOfOwner[beforeOfOwner] = afterOfOwner
  if (afterOfOwner === NONE) pods.lastOf[kind]![owner] = beforeOfOwner
  else pods.previousOfOwner[afterOfOwner] = beforeOfOwner
}
