// One row for each volume of each pod that a kubelet has in its hands: what is mounted for whom. A row outlives its pod's
// object if that is deleted by force: the mount goes when the kubelet sees to it.

import { CapacityError } from '../base/assert.ts'
import { NONE } from '../base/columns.ts'
import type { AttachmentId } from '../cluster/attachments.ts'
import type { PodId } from '../cluster/pods.ts'
import type { VolumeId } from '../cluster/volumes.ts'
import type { NodeId } from '../model/types.ts'

export const MountState = {
  /** The pod is new; the next pass of the populator takes it in. */
  New: 0,
  /** Wanted, and waits to be reported and attached. */
  Waiting: 1,
  /** All is there: the next pass of the reconciler mounts it. */
  Starting: 2,
  Mounting: 3,
  Mounted: 4,
  /** Not wanted any more; the next pass unmounts it. */
  Stopping: 5,
  Unmounting: 6,
} as const
export type MountState = (typeof MountState)[keyof typeof MountState]

export class PodMounts {
  readonly capacity: number
  readonly pod: Int32Array
  readonly uid: Int32Array
  readonly volume: Int32Array
  readonly node: Int32Array
  /** NONE: a volume that nobody attaches. */
  readonly attachment: Int32Array
  readonly state: Uint8Array
  /** When its next step is; an event at another time is of a step that was called off. */
  readonly dueUs: Float64Array
  /** 1: to be unmounted as soon as it is mounted. */
  readonly isLeaving: Uint8Array
  /** Rows in use: the first, and the next and the one before of each. */
  first = NONE
  readonly next: Int32Array
  private readonly previous: Int32Array
  private readonly free: Int32Array
  private freeCount = 0

  constructor(capacity: number) {
    const column = (): Int32Array => new Int32Array(capacity)
    this.capacity = capacity
    this.pod = column()
    this.uid = column()
    this.volume = column()
    this.node = column()
    this.attachment = column()
    this.state = new Uint8Array(capacity)
    this.dueUs = new Float64Array(capacity)
    this.isLeaving = new Uint8Array(capacity)
    this.next = column()
    this.previous = column()
    this.free = column()
  }

  reset(): void {
    this.first = NONE
    this.dueUs.fill(Infinity)
    this.freeCount = this.capacity
    for (let i = 0; i < this.capacity; i++) this.free[i] = this.capacity - 1 - i
  }

  add(pod: PodId, uid: number, volume: VolumeId, node: NodeId, attachment: AttachmentId): number {
    if (this.freeCount === 0) throw new CapacityError(`${this.capacity} mounts (Capacity.pods)`)
    const row = this.free[--this.freeCount]
    this.pod[row] = pod
    this.uid[row] = uid
    this.volume[row] = volume
    this.node[row] = node
    this.attachment[row] = attachment
    this.state[row] = MountState.New
    this.dueUs[row] = Infinity
    this.isLeaving[row] = 0
    this.next[row] = this.first
    this.previous[row] = NONE
    if (this.first !== NONE) this.previous[this.first] = row
    this.first = row
    return row
  }

  remove(row: number): void {
    const before = this.previous[row]
    const after = this.next[row]
    if (before === NONE) this.first = after
    else this.next[before] = after
    if (after !== NONE) this.previous[after] = before
    this.dueUs[row] = Infinity
    this.free[this.freeCount++] = row
  }
}
