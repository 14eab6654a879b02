// The table of pods, and what is asked of one. Its writers stand in podWrites.ts.

import { CapacityError } from '../base/assert.ts'
import { type Column, fillColumn, float64Column, int32Column, NONE, type Row, uint8Column } from '../base/columns.ts'
import { Kind, type Model, type NodeId, type TemplateId } from '../model/types.ts'
import { type DeletionReason, PodPhase } from './codes.ts'

export type PodId = Row<'Pod'>

/** Finalizers of a pod: the Job controller's, and those of the manifest. */
export const PodFinalizer = { JobTracking: 1, Manifest: 2 } as const

export class Pods {
  readonly capacity: number
  /** Ascends in creation order; never used twice in a run. */
  readonly uid: Column<PodId>
  readonly template: Column<PodId, TemplateId>
  /** Kind of the controller owner; Kind.None for bare pods. */
  readonly ownerKind: Column<PodId, Kind>
  readonly owner: Column<PodId>
  /** The bare pod of the manifests that this is, or was before its adoption; NONE for pods that controllers made. */
  readonly object: Column<PodId>
  /** The template after whose hash the label pod-template-hash is named; NONE without that label. */
  readonly hash: Column<PodId, TemplateId>
  /** UID of the owner that made it (Cluster.uidOfOwner). */
  readonly ownerUid: Column<PodId>
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
  /** Bits of PodFinalizer: what keeps the object after its end. */
  readonly finalizer: Column<PodId>
  readonly restarts: Column<PodId>
  /** When its container ended by itself, and when the pod was marked for deletion last; whole seconds, or NONE. */
  readonly exitedSeconds: Column<PodId>
  readonly markedSeconds: Column<PodId>
  /** Earlier failures of its completion index (annotations of Indexed Jobs with backoffLimitPerIndex). */
  readonly indexFailures: Column<PodId>
  readonly ignoredIndexFailures: Column<PodId>
  /** 1: condition DisruptionTarget is True. */
  readonly disruptionTarget: Column<PodId>
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
  /** The pod of each bare pod of the manifests, or NONE. */
  readonly ofObject: Int32Array
  /** Pods without a controller: what controllers may adopt. They are the owner list of Kind.None, row 0. */
  orphanCount = 0
  /** Pods in the store now, and pods ever created in this run. */
  count = 0
  created = 0
  deleted = 0
  /** Pods without a node and without a deletion mark: what the scheduler looks at. */
  pendingCount = 0
  private readonly createdOfImage: Int32Array
  /** Pods that there have been of each identity: StatefulSet ordinals by place, DaemonSet pods by row and node. */
  private readonly incarnationsOfOrdinal: Int32Array
  private readonly incarnationsOnNode: Int32Array
  private readonly free: Int32Array
  private freeCount = 0

  /** @param ordinalPlaces ordinals of all StatefulSets together (StatefulSets.places) */
  constructor(model: Model, ownerRows: readonly number[], ordinalPlaces: number) {
    const n = model.capacity.pods
    this.capacity = n
    this.uid = int32Column(n)
    this.template = int32Column<PodId, TemplateId>(n)
    this.ownerKind = uint8Column<PodId, Kind>(n)
    this.owner = int32Column(n)
    this.object = int32Column(n)
    this.hash = int32Column<PodId, TemplateId>(n)
    this.ofObject = new Int32Array(model.pods.length)
    this.ownerUid = int32Column(n)
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
    this.exitedSeconds = float64Column(n)
    this.markedSeconds = float64Column(n)
    this.indexFailures = int32Column(n)
    this.ignoredIndexFailures = int32Column(n)
    this.disruptionTarget = uint8Column(n)
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
    this.incarnationsOfOrdinal = new Int32Array(ordinalPlaces)
    this.incarnationsOnNode = new Int32Array(ownerRows[Kind.DaemonSet] * model.nodes.length)
    this.free = new Int32Array(n)
  }

  reset(): void {
    this.first = this.last = NONE as PodId
    for (const heads of this.firstOf) heads.fill(NONE)
    for (const tails of this.lastOf) tails.fill(NONE)
    this.count = this.created = this.deleted = this.pendingCount = 0
    this.orphanCount = 0
    this.ofObject.fill(NONE)
    this.createdOfImage.fill(0)
    this.incarnationsOfOrdinal.fill(0)
    this.incarnationsOnNode.fill(0)
    fillColumn(this.uid, NONE)
    this.freeCount = this.capacity
    for (let i = 0; i < this.capacity; i++) this.free[i] = this.capacity - 1 - i
  }

  /** Takes a free row and numbers it. */
  allocate(): PodId {
    if (this.freeCount === 0) throw new CapacityError(`${this.capacity} pods (Capacity.pods)`)
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
  drawIndexOfImage(image: number): number {
    return this.createdOfImage[image]++
  }

  /** The same for the pod of an ordinal; `place` is its StatefulSets.placeOf. */
  drawIndexOfOrdinal(place: number, ordinal: number): number {
    return ordinal + 5 * this.incarnationsOfOrdinal[place]++
  }

  /** The same for a DaemonSet's pod; `place` is the DaemonSet's row times the number of nodes, plus the node's row. */
  drawIndexOnNode(place: number, nodeNumber: number): number {
    return nodeNumber + 5 * this.incarnationsOnNode[place]++
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
