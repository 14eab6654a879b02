// The event queue: a binary min-heap over typed arrays in which no two events compare equal.
//
// One float64 holds an event's whole place in the order, (time, rank, sequence), as one exact integer below 2^53:
//
//     | timeUs: as many bits as the run's last instant needs | rank: 2 bits | sequence: the rest |
//
// So one comparison decides, events of one instant and rank leave in the order in which they came, and any other
// correct queue would give the same order. Why this queue, and which others were measured: docs/design.md.

import { assert, CapacityError } from '../base/assert.ts'

/** Ranks order events of one instant: 0 leaves first. */
export const RANK_MAX = 3

const RANK_BITS = 2
const KEY_BITS = 53
/** With at most 30 bits, what is left of a key without its time fits 32-bit integer arithmetic. */
const ORDER_BITS_MAX = 30
const ORDER_BITS_MIN = 8

/** How many bits the integer needs; for example 3 for 7 and 4 for 8. */
function countBits(value: number): number {
  let bits = 0
  for (let rest = value; rest >= 1; rest /= 2) bits++
  return bits
}

/** 2^exponent for small exponents, exactly. */
function powerOfTwo(exponent: number): number {
  let power = 1
  for (let i = 0; i < exponent; i++) power *= 2
  return power
}

/**
 * Future events in the order (time, rank, sequence). `pop` writes the event into `timeUs`, `rank`, `what` and `detail`
 * of the queue itself. All memory is taken by the constructor; push and pop cost O(log size) and allocate nothing.
 */
export class EventQueue {
  /** The event popped last; `timeUs` is also the present: nothing can be pushed before it. */
  timeUs = 0
  rank = 0
  what = 0
  detail = 0

  readonly capacity: number
  // Slots that hold no event hold Infinity, also the two after the last, so that a missing child never wins.
  readonly #keys: Float64Array
  readonly #what: Int32Array
  readonly #detail: Int32Array
  // Slots in use, the root counted even while it is a hole.
  #count = 0
  // After a pop the root stays empty, because most events push a successor: it can take the root's place at once.
  #rootIsHole = false

  #timeMaxUs = 0
  #sequence = 0
  #sequenceLimit = 0
  #rankShift = 0
  #timeScale = 1
  #timeScaleInverse = 1

  /**
   * @param capacity most events that may wait at the same time, at least 1
   * @param timeMaxUs the last instant at which an event may happen, in microseconds
   * @throws Error if the horizon leaves too few bits to keep `capacity` events of one instant in order
   */
  constructor(capacity: number, timeMaxUs: number) {
    assert(Number.isInteger(capacity) && capacity >= 1, `an event queue holds at least 1 event, got ${capacity}`)
    this.capacity = capacity
    this.#keys = new Float64Array(capacity + 2).fill(Infinity)
    this.#what = new Int32Array(capacity)
    this.#detail = new Int32Array(capacity)
    this.reset(timeMaxUs)
  }

  /**
   * Empties the queue and sets the present back to 0.
   *
   * @param timeMaxUs as in the constructor; without it the last instant stays as it was
   */
  reset(timeMaxUs: number = this.#timeMaxUs): void {
    this.#keys.fill(Infinity, 0, this.#count)
    this.#count = 0
    this.#rootIsHole = false
    this.#sequence = 0
    this.timeUs = 0
    this.rank = 0
    this.what = 0
    this.detail = 0
    if (timeMaxUs !== this.#timeMaxUs || this.#sequenceLimit === 0) this.#divideKey(timeMaxUs)
  }

  /** Decides how many bits of a key belong to the time, the rank and the sequence. */
  #divideKey(timeMaxUs: number): void {
    assert(Number.isInteger(timeMaxUs) && timeMaxUs >= 0, `time is a whole number of microseconds, got ${timeMaxUs}`)
    const orderBits = Math.min(KEY_BITS - countBits(timeMaxUs), ORDER_BITS_MAX)
    // Twice the capacity, so that renumbering a full queue is paid for by at least as many pushes.
    if (orderBits < ORDER_BITS_MIN || powerOfTwo(orderBits - RANK_BITS) < 2 * this.capacity) {
      const days = Math.floor(timeMaxUs / 86_400_000_000)
      throw new Error(
        `The horizon of ${timeMaxUs} us (${days} days) is too long to keep ${this.capacity} events in order: shorten it`,
      )
    }
    this.#timeMaxUs = timeMaxUs
    this.#rankShift = orderBits - RANK_BITS
    this.#sequenceLimit = powerOfTwo(this.#rankShift)
    this.#timeScale = powerOfTwo(orderBits)
    this.#timeScaleInverse = 1 / this.#timeScale
  }

  /** How many events wait. */
  get size(): number {
    return this.#rootIsHole ? this.#count - 1 : this.#count
  }

  isEmpty(): boolean {
    return this.size === 0
  }

  /**
   * Adds an event.
   *
   * @param timeUs when it happens, from the present to the last instant of the run
   * @param rank its place within the instant, 0 to 3
   * @param what the kind of event, a 32-bit integer
   * @param detail whom it concerns, a 32-bit integer
   * @throws CapacityError if the queue is full; it names the capacity
   */
  push(timeUs: number, rank: number, what: number, detail: number): void {
    if (!(timeUs >= this.timeUs && timeUs <= this.#timeMaxUs && Math.floor(timeUs) === timeUs)) this.#refuseTime(timeUs)
    assert((rank & RANK_MAX) === rank, 'a rank is one of 0, 1, 2, 3')
    if (this.#sequence === this.#sequenceLimit) this.#renumber()
    const key = timeUs * this.#timeScale + rank * this.#sequenceLimit + this.#sequence++
    if (this.#rootIsHole) {
      this.#rootIsHole = false
      this.#siftDown(key, what, detail)
      return
    }
    if (this.#count === this.capacity) this.#refuseMore()
    this.#siftUp(key, what, detail)
  }

  /** The time of the next event, in microseconds; Infinity if there is none. */
  peekTimeUs(): number {
    if (this.#rootIsHole) this.#fillRoot()
    // Scaling by a power of two is exact, so floor cuts off just the rank and the sequence.
    return Math.floor(this.#keys[0] * this.#timeScaleInverse)
  }

  /** The rank of the next event; the queue must not be empty. */
  peekRank(): number {
    assert(!this.isEmpty(), 'a rank is asked of a queue that is not empty')
    return this.#rankOf(this.peekTimeUs())
  }

  /** Takes the next event out, into `timeUs`, `rank`, `what` and `detail`; the queue must not be empty. */
  pop(): void {
    if (this.#rootIsHole) this.#fillRoot()
    assert(this.#count > 0, 'an event is popped from a queue that is not empty')
    this.timeUs = Math.floor(this.#keys[0] * this.#timeScaleInverse)
    this.rank = this.#rankOf(this.timeUs)
    this.what = this.#what[0]
    this.detail = this.#detail[0]
    this.#rootIsHole = true
  }

  #rankOf(timeUs: number): number {
    return (this.#keys[0] - timeUs * this.#timeScale) >>> this.#rankShift
  }

  /** Moves the last event into the empty root. */
  #fillRoot(): void {
    this.#rootIsHole = false
    const last = --this.#count
    const key = this.#keys[last]
    this.#keys[last] = Infinity
    if (last > 0) this.#siftDown(key, this.#what[last], this.#detail[last])
  }

  /** Places an event from the root downwards; the root's own content is overwritten. */
  #siftDown(key: number, what: number, detail: number): void {
    const keys = this.#keys
    const whats = this.#what
    const details = this.#detail
    const count = this.#count
    let slot = 0
    let child = 1
    while (child < count) {
      // The smaller child by arithmetic, not by a branch that the processor would guess wrong half the time.
      child += +(keys[child + 1] < keys[child])
      const childKey = keys[child]
      if (childKey >= key) break
      keys[slot] = childKey
      whats[slot] = whats[child]
      details[slot] = details[child]
      slot = child
      child = 2 * slot + 1
    }
    keys[slot] = key
    whats[slot] = what
    details[slot] = detail
  }

  /** Places an event from the first free slot upwards. */
  #siftUp(key: number, what: number, detail: number): void {
    const keys = this.#keys
    const whats = this.#what
    const details = this.#detail
    let slot = this.#count++
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      const parentKey = keys[parent]
      if (key >= parentKey) break
      keys[slot] = parentKey
      whats[slot] = whats[parent]
      details[slot] = details[parent]
      slot = parent
    }
    keys[slot] = key
    whats[slot] = what
    details[slot] = detail
  }

  /**
   * Gives the waiting events the sequence numbers 0, 1, 2, … in their present order, so that new ones can follow.
   * This is the one place that allocates: once in as many pushes as there are sequence numbers left, a million or so.
   */
  #renumber(): void {
    if (this.#rootIsHole) this.#fillRoot()
    const keys = this.#keys.slice(0, this.#count)
    const whats = this.#what.slice(0, this.#count)
    const details = this.#detail.slice(0, this.#count)
    const order = Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b])
    // Ascending order is a valid heap, and the new numbers, being ascending too, keep it one.
    order.forEach((from, slot) => {
      const key = keys[from]
      this.#keys[slot] = key - (key % this.#sequenceLimit) + slot
      this.#what[slot] = whats[from]
      this.#detail[slot] = details[from]
    })
    this.#sequence = this.#count
  }

  #refuseTime(timeUs: number): never {
    assert(timeUs >= this.timeUs, `an event is not pushed before the present, ${this.timeUs} us; got ${timeUs}`)
    assert(
      timeUs <= this.#timeMaxUs,
      `an event is not pushed after the last instant, ${this.#timeMaxUs} us; got ${timeUs}`,
    )
    throw new Error(`Bug in rollbench: time is a whole number of microseconds, got ${timeUs}`)
  }

  #refuseMore(): never {
    throw new CapacityError(`${this.capacity} waiting events: raise the capacity that the queue is built with`)
  }
}
