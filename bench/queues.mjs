// Event queues that were measured against kernel/eventQueue.ts. They order by (time, rank, sequence) like it and have the
// same push and pop, without its checks of what is pushed. None is used by the program.

const SEQUENCE_LIMIT = 2 ** 20
const TIME_SCALE = 4 * SEQUENCE_LIMIT

/** What all contenders have: the event popped last, and one exact key per event. */
class Contender {
  timeUs = 0
  rank = 0
  what = 0
  detail = 0
  size = 0
  sequence = 0

  nextKey(timeUs, rank) {
    // Enough for a benchmark: sequence numbers start over while pending ones are far behind.
    this.sequence = (this.sequence + 1) % SEQUENCE_LIMIT
    return timeUs * TIME_SCALE + rank * SEQUENCE_LIMIT + this.sequence
  }

  decode(key) {
    this.timeUs = Math.floor(key / TIME_SCALE)
    this.rank = (key - this.timeUs * TIME_SCALE) >>> 20
  }
}

/** Packed key, ordinary binary heap: pop closes the root at once, a branch picks the child. */
export class PackedBinary extends Contender {
  constructor(capacity) {
    super()
    this.keys = new Float64Array(capacity)
    this.whats = new Int32Array(capacity)
    this.details = new Int32Array(capacity)
  }

  push(timeUs, rank, what, detail) {
    const { keys, whats, details } = this
    const key = this.nextKey(timeUs, rank)
    let slot = this.size++
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (key >= keys[parent]) break
      keys[slot] = keys[parent]
      whats[slot] = whats[parent]
      details[slot] = details[parent]
      slot = parent
    }
    keys[slot] = key
    whats[slot] = what
    details[slot] = detail
  }

  pop() {
    const { keys, whats, details } = this
    this.decode(keys[0])
    this.what = whats[0]
    this.detail = details[0]
    const last = --this.size
    const key = keys[last]
    let slot = 0
    for (let child = 1; child < last; child = 2 * slot + 1) {
      if (child + 1 < last && keys[child + 1] < keys[child]) child++
      if (keys[child] >= key) break
      keys[slot] = keys[child]
      whats[slot] = whats[child]
      details[slot] = details[child]
      slot = child
    }
    keys[slot] = key
    whats[slot] = whats[last]
    details[slot] = details[last]
  }
}

/** The queue in use, but four children to a slot. */
export class PackedFourAry extends Contender {
  constructor(capacity) {
    super()
    this.keys = new Float64Array(capacity + 5).fill(Infinity)
    this.whats = new Int32Array(capacity + 5)
    this.details = new Int32Array(capacity + 5)
    this.count = 0
    this.hole = false
  }

  push(timeUs, rank, what, detail) {
    const key = this.nextKey(timeUs, rank)
    if (this.hole) {
      this.hole = false
      this.siftDown(key, what, detail)
      return
    }
    const { keys, whats, details } = this
    let slot = this.count++
    while (slot > 0) {
      const parent = (slot - 1) >> 2
      if (key >= keys[parent]) break
      keys[slot] = keys[parent]
      whats[slot] = whats[parent]
      details[slot] = details[parent]
      slot = parent
    }
    keys[slot] = key
    whats[slot] = what
    details[slot] = detail
  }

  pop() {
    if (this.hole) {
      const last = --this.count
      const key = this.keys[last]
      this.keys[last] = Infinity
      if (last > 0) this.siftDown(key, this.whats[last], this.details[last])
    }
    this.decode(this.keys[0])
    this.what = this.whats[0]
    this.detail = this.details[0]
    this.hole = true
  }

  siftDown(key, what, detail) {
    const { keys, whats, details, count } = this
    let slot = 0
    let child = 1
    while (child < count) {
      const left = child + +(keys[child + 1] < keys[child])
      const right = child + 2 + +(keys[child + 3] < keys[child + 2])
      child = keys[right] < keys[left] ? right : left
      if (keys[child] >= key) break
      keys[slot] = keys[child]
      whats[slot] = whats[child]
      details[slot] = details[child]
      slot = child
      child = 4 * slot + 1
    }
    keys[slot] = key
    whats[slot] = what
    details[slot] = detail
  }
}

/** Time and order in two arrays, two comparisons. */
export class TwoArrayBinary extends Contender {
  constructor(capacity) {
    super()
    this.times = new Float64Array(capacity)
    this.orders = new Float64Array(capacity)
    this.whats = new Int32Array(capacity)
    this.details = new Int32Array(capacity)
  }

  before(time, order, slot) {
    return time < this.times[slot] || (time === this.times[slot] && order < this.orders[slot])
  }

  put(slot, time, order, what, detail) {
    this.times[slot] = time
    this.orders[slot] = order
    this.whats[slot] = what
    this.details[slot] = detail
  }

  move(to, from) {
    this.put(to, this.times[from], this.orders[from], this.whats[from], this.details[from])
  }

  push(timeUs, rank, what, detail) {
    const order = rank * 2 ** 40 + this.sequence++
    let slot = this.size++
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (!this.before(timeUs, order, parent)) break
      this.move(slot, parent)
      slot = parent
    }
    this.put(slot, timeUs, order, what, detail)
  }

  pop() {
    this.timeUs = this.times[0]
    this.rank = Math.floor(this.orders[0] / 2 ** 40)
    this.what = this.whats[0]
    this.detail = this.details[0]
    const last = --this.size
    const time = this.times[last]
    const order = this.orders[last]
    let slot = 0
    for (let child = 1; child < last; child = 2 * slot + 1) {
      if (child + 1 < last && this.before(this.times[child + 1], this.orders[child + 1], child)) child++
      if (this.before(time, order, child)) break
      this.move(slot, child)
      slot = child
    }
    this.put(slot, time, order, this.whats[last], this.details[last])
  }
}

const isBefore = (a, b) =>
  a.timeUs < b.timeUs || (a.timeUs === b.timeUs && (a.rank < b.rank || (a.rank === b.rank && a.sequence < b.sequence)))

/** Binary heap of event objects, one allocation per event: how most libraries do it. */
export class ObjectBinary extends Contender {
  events = []

  push(timeUs, rank, what, detail) {
    const { events } = this
    const event = { timeUs, rank, sequence: this.sequence++, what, detail }
    let slot = events.length
    events.push(event)
    while (slot > 0) {
      const parent = (slot - 1) >> 1
      if (!isBefore(event, events[parent])) break
      events[slot] = events[parent]
      slot = parent
    }
    events[slot] = event
  }

  pop() {
    const { events } = this
    const { timeUs, rank, what, detail } = events[0]
    Object.assign(this, { timeUs, rank, what, detail })
    const event = events.pop()
    const count = events.length
    if (count === 0) return
    let slot = 0
    for (let child = 1; child < count; child = 2 * slot + 1) {
      if (child + 1 < count && isBefore(events[child + 1], events[child])) child++
      if (!isBefore(events[child], event)) break
      events[slot] = events[child]
      slot = child
    }
    events[slot] = event
  }
}

/** Sorted array of packed keys, the next event at its end; insertion moves what comes earlier. */
export class SortedArray extends Contender {
  constructor(capacity) {
    super()
    this.keys = new Float64Array(capacity)
    this.whats = new Int32Array(capacity)
    this.details = new Int32Array(capacity)
  }

  push(timeUs, rank, what, detail) {
    const { keys, whats, details } = this
    const key = this.nextKey(timeUs, rank)
    let slot = this.size++
    while (slot > 0 && keys[slot - 1] < key) {
      keys[slot] = keys[slot - 1]
      whats[slot] = whats[slot - 1]
      details[slot] = details[slot - 1]
      slot--
    }
    keys[slot] = key
    whats[slot] = what
    details[slot] = detail
  }

  pop() {
    const last = --this.size
    this.decode(this.keys[last])
    this.what = this.whats[last]
    this.detail = this.details[last]
  }
}
