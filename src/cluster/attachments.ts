// Pairs of a volume and a node: whether pods want the volume there, what the driver has done about it, and what both
// sides say in the node's status. A pair has a row from when it is first wanted until nothing is left of it.

import { CapacityError } from '../base/assert.ts'
import { type Column, int32Column, NONE, type Row, uint8Column } from '../base/columns.ts'
import type { NodeId } from '../model/types.ts'
import type { VolumeId } from './volumes.ts'

export type AttachmentId = Row<'Attachment'>

/** Attaching: under way, failed, or not known: the disk may be attached. */
export const AttachState = { Detached: 0, Attaching: 1, Attached: 2, Detaching: 3 } as const
export type AttachState = (typeof AttachState)[keyof typeof AttachState]

export class Attachments {
  readonly capacity: number
  readonly volume: Column<AttachmentId, VolumeId>
  readonly node: Column<AttachmentId, NodeId>
  readonly state: Column<AttachmentId, AttachState>
  /** Pods bound to the node that want the volume there and are not done (the desired state of the world). */
  readonly wantedBy: Column<AttachmentId>
  /** 1: in node.status.volumesAttached, which the controller writes. */
  readonly published: Column<AttachmentId>
  /** 1: in node.status.volumesInUse, which the kubelet writes in its status rounds. */
  readonly inUse: Column<AttachmentId>
  /** 1: the kubelet still has something to do with it. */
  readonly held: Column<AttachmentId>
  /** 1: a pod has had the event "Multi-Attach error" since the volume was last attached here. */
  readonly refused: Column<AttachmentId>
  /** Pairs of a volume: the first, and the next of each. */
  readonly firstOf: Int32Array
  readonly nextOf: Column<AttachmentId, AttachmentId>
  /** Rows in use, in no order that matters: the first `count` entries. */
  readonly live: Int32Array
  count = 0
  private readonly place: Int32Array
  private readonly free: Int32Array
  private freeCount = 0

  constructor(capacity: number, volumes: number) {
    this.capacity = capacity
    this.volume = int32Column<AttachmentId, VolumeId>(capacity)
    this.node = int32Column<AttachmentId, NodeId>(capacity)
    this.state = uint8Column<AttachmentId, AttachState>(capacity)
    this.wantedBy = int32Column(capacity)
    this.published = uint8Column(capacity)
    this.inUse = uint8Column(capacity)
    this.held = uint8Column(capacity)
    this.refused = uint8Column(capacity)
    this.firstOf = new Int32Array(volumes)
    this.nextOf = int32Column<AttachmentId, AttachmentId>(capacity)
    this.live = new Int32Array(capacity)
    this.place = new Int32Array(capacity)
    this.free = new Int32Array(capacity)
  }

  reset(): void {
    this.firstOf.fill(NONE)
    this.count = 0
    this.freeCount = this.capacity
    for (let i = 0; i < this.capacity; i++) this.free[i] = this.capacity - 1 - i
  }

  /** The row of a pair, or NONE. */
  find(volume: VolumeId, node: NodeId): AttachmentId {
    let at = this.firstOf[volume] as AttachmentId
    while (at !== NONE && this.node[at] !== node) at = this.nextOf[at]
    return at
  }

  /** The row of a pair, made if there is none. */
  obtain(volume: VolumeId, node: NodeId): AttachmentId {
    const known = this.find(volume, node)
    if (known !== NONE) return known
    if (this.freeCount === 0) throw new CapacityError(`${this.capacity} attachments (Capacity.pods)`)
    const at = this.free[--this.freeCount] as AttachmentId
    this.volume[at] = volume
    this.node[at] = node
    this.state[at] = AttachState.Detached
    this.wantedBy[at] = 0
    this.published[at] = 0
    this.inUse[at] = 0
    this.held[at] = 0
    this.refused[at] = 0
    this.nextOf[at] = this.firstOf[volume] as AttachmentId
    this.firstOf[volume] = at
    this.place[at] = this.count
    this.live[this.count++] = at
    return at
  }

  /** Frees the row of a pair of which nothing is left; true if it did. */
  releaseIfIdle(at: AttachmentId): boolean {
    const idle =
      this.state[at] === AttachState.Detached && this.wantedBy[at] === 0 && this.held[at] === 0 && this.inUse[at] === 0
    if (!idle) return false
    const volume = this.volume[at]
    if (this.firstOf[volume] === at) this.firstOf[volume] = this.nextOf[at]
    else {
      let before = this.firstOf[volume] as AttachmentId
      while (this.nextOf[before] !== at) before = this.nextOf[before]
      this.nextOf[before] = this.nextOf[at]
    }
    const last = this.live[--this.count]
    this.live[this.place[at]] = last
    this.place[last] = this.place[at]
    this.free[this.freeCount++] = at
    return true
  }

  /** Whether the volume is, or may be, attached to another node than that of the pair. */
  isElsewhere(at: AttachmentId): boolean {
    let other = this.firstOf[this.volume[at]] as AttachmentId
    for (; other !== NONE; other = this.nextOf[other])
      if (other !== at && this.state[other] !== AttachState.Detached) return true
    return false
  }
}
