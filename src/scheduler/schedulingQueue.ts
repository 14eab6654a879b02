// The three places where a pending pod waits, after pkg/scheduler/backend/queue/{scheduling,active,backoff}_queue.go,
// Kubernetes v1.36: ready to be tried, backing off, or in the pool of those for which nothing has changed yet.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { Cache } from './cache.ts'
import { PodHeap } from './podHeap.ts'

const SECOND_US = 1_000_000
/** podInitialBackoffSeconds and podMaxBackoffSeconds. */
const BACKOFF_US_FIRST = SECOND_US
const BACKOFF_US_MAX = 10 * SECOND_US
/** The pool is looked through every 30 s for pods that have been there for longer than 5 minutes. */
const POOL_FLUSH_US = 30 * SECOND_US
const IN_POOL_US_MAX = 300 * SECOND_US

export class SchedulingQueue {
  /** Plugins that rejected the pod in its last attempt (Rejector); 0: none, it failed by an error. */
  readonly rejectors: Uint16Array
  /** Attempts so far: which draws of a pod's stream are used up. */
  readonly attempts: Int32Array
  private readonly cluster: Cluster
  private readonly cache: Cache
  private readonly active: PodHeap
  /** Pods that failed by plugins, which an idle scheduler takes at once, and pods that failed by an error. */
  private readonly backoff: PodHeap
  private readonly errorBackoff: PodHeap
  /** The pool: pods in no order, and the place of each. */
  private readonly pool: Int32Array
  private readonly placeInPool: Int32Array
  private poolCount = 0
  /** When a pod came, or failed last. */
  private readonly sinceUs: Float64Array
  /** Order of arrival, which breaks ties of one microsecond. */
  private readonly turn: Float64Array
  private turns = 0
  private readonly unschedulableCount: Int32Array
  private readonly errorCount: Int32Array
  private readonly backoffEndUs: Float64Array
  /** 1: its own preemption is still under way, so it may not be tried. */
  private readonly isPreempting: Uint8Array
  private readonly wasWoken: Uint8Array
  private backoffFlushAtUs = Infinity
  private poolFlushAtUs = Infinity

  constructor(cluster: Cluster, cache: Cache) {
    const n = cluster.pods.capacity
    this.cluster = cluster
    this.cache = cache
    this.rejectors = new Uint16Array(n)
    this.attempts = new Int32Array(n)
    this.pool = new Int32Array(n)
    this.placeInPool = new Int32Array(n).fill(NONE)
    this.sinceUs = new Float64Array(n)
    this.turn = new Float64Array(n)
    this.unschedulableCount = new Int32Array(n)
    this.errorCount = new Int32Array(n)
    this.backoffEndUs = new Float64Array(n)
    this.isPreempting = new Uint8Array(n)
    this.wasWoken = new Uint8Array(n)
    const isBefore = (a: PodId, b: PodId): boolean => this.isBefore(a, b)
    const endsBefore = (a: PodId, b: PodId): boolean => {
      const difference = this.backoffEndUs[a] - this.backoffEndUs[b]
      return difference === 0 ? this.isBefore(a, b) : difference < 0
    }
    this.active = new PodHeap(n, isBefore)
    this.backoff = new PodHeap(n, endsBefore)
    this.errorBackoff = new PodHeap(n, endsBefore)
  }

  reset(): void {
    this.active.reset()
    this.backoff.reset()
    this.errorBackoff.reset()
    this.placeInPool.fill(NONE)
    this.poolCount = 0
    this.turns = 0
    this.backoffFlushAtUs = this.poolFlushAtUs = Infinity
  }

  /** PrioritySort: higher priority first, then who came first. */
  private isBefore(a: PodId, b: PodId): boolean {
    const difference = this.cache.planOf(b).template.priority - this.cache.planOf(a).template.priority
    if (difference !== 0) return difference < 0
    if (this.sinceUs[a] !== this.sinceUs[b]) return this.sinceUs[a] < this.sinceUs[b]
    return this.turn[a] < this.turn[b]
  }

  /** A new pod that has no node yet. */
  add(pod: PodId): void {
    this.rejectors[pod] = this.attempts[pod] = this.unschedulableCount[pod] = this.errorCount[pod] = 0
    this.isPreempting[pod] = this.wasWoken[pod] = 0
    this.backoffEndUs[pod] = 0
    this.stamp(pod)
    this.active.push(pod)
  }

  /** A pod is bound, being deleted or gone. */
  remove(pod: PodId): void {
    this.active.remove(pod)
    this.backoff.remove(pod)
    this.errorBackoff.remove(pod)
    this.leavePool(pod)
  }

  /** Some pod can be tried now. */
  hasReady(): boolean {
    return this.active.count + this.backoff.count > 0
  }

  /** The pod to try next, or NONE: an idle scheduler does not wait for a back-off after plugins to end. */
  pop(): PodId {
    const pod = this.active.count > 0 ? this.active.pop() : this.backoff.pop()
    if (pod !== NONE) this.wasWoken[pod] = 0
    return pod
  }

  /** Pods in the pool, for whoever goes through them (from behind: waking one removes it). */
  get waiting(): number {
    return this.poolCount
  }

  at(index: number): PodId {
    return this.pool[index] as PodId
  }

  /**
   * An attempt has failed.
   *
   * @param rejectors the plugins that rejected at least one node; 0: an error, such as no nodes at all
   */
  addUnschedulable(pod: PodId, rejectors: number): void {
    this.rejectors[pod] = rejectors
    if (rejectors === 0) this.errorCount[pod]++
    else {
      this.unschedulableCount[pod]++
      this.errorCount[pod] = 0
    }
    this.stamp(pod)
    this.backoffEndUs[pod] = floorToSecond(this.sinceUs[pod] + this.backoffUs(pod))
    if (rejectors === 0 || this.wasWoken[pod] === 1) this.requeue(pod)
    else this.enterPool(pod)
  }

  /** min(1 s x 2^(n - 1), 10 s), n counting the failures of the kind of the last one. */
  private backoffUs(pod: PodId): number {
    const n = this.errorCount[pod] > 0 ? this.errorCount[pod] : this.unschedulableCount[pod]
    return n > 4 ? BACKOFF_US_MAX : BACKOFF_US_FIRST * (1 << (n - 1))
  }

  /** Something has happened that may let a pod in, which is in the pool or being tried just now. */
  wake(pod: PodId): void {
    this.wasWoken[pod] = 1
    if (this.placeInPool[pod] !== NONE) this.requeue(pod)
  }

  /** The pod may not be tried until the calls of its own preemption are done. */
  holdForPreemption(pod: PodId): void {
    this.isPreempting[pod] = 1
  }

  /** The calls are done; what they did wakes the pod by itself. */
  endPreemption(pod: PodId): void {
    this.isPreempting[pod] = 0
  }

  private requeue(pod: PodId): void {
    if (this.isPreempting[pod] === 1) {
      if (this.placeInPool[pod] === NONE) this.enterPool(pod)
      return
    }
    this.leavePool(pod)
    if (!this.isBackingOff(pod)) this.active.push(pod)
    else {
      const queue = this.rejectors[pod] === 0 ? this.errorBackoff : this.backoff
      queue.push(pod)
      this.scheduleBackoffFlush()
    }
  }

  private isBackingOff(pod: PodId): boolean {
    return this.backoffEndUs[pod] >= floorToSecond(this.cluster.nowUs)
  }

  private stamp(pod: PodId): void {
    this.sinceUs[pod] = this.cluster.nowUs
    this.turn[pod] = this.turns++
  }

  private enterPool(pod: PodId): void {
    this.placeInPool[pod] = this.poolCount
    this.pool[this.poolCount++] = pod
    if (this.poolFlushAtUs < Infinity) return
    this.poolFlushAtUs = (Math.floor(this.cluster.nowUs / POOL_FLUSH_US) + 1) * POOL_FLUSH_US
    this.cluster.agenda.push(this.poolFlushAtUs, Rank.World, EventKind.SchedulerPoolFlush, 0)
  }

  private leavePool(pod: PodId): void {
    const place = this.placeInPool[pod]
    if (place === NONE) return
    this.placeInPool[pod] = NONE
    const last = this.pool[--this.poolCount]
    if (last === pod) return
    this.pool[place] = last
    this.placeInPool[last] = place
  }

  private scheduleBackoffFlush(): void {
    if (this.backoffFlushAtUs < Infinity) return
    this.backoffFlushAtUs = floorToSecond(this.cluster.nowUs) + SECOND_US
    this.cluster.agenda.push(this.backoffFlushAtUs, Rank.World, EventKind.SchedulerBackoffFlush, 0)
  }

  /** Every whole second: back-offs that are over. */
  flushBackoff(): void {
    this.backoffFlushAtUs = Infinity
    for (const queue of [this.backoff, this.errorBackoff])
      while (queue.count > 0 && !this.isBackingOff(queue.peek())) this.active.push(queue.pop())
    if (this.backoff.count + this.errorBackoff.count > 0) this.scheduleBackoffFlush()
  }

  /** Every 30 s: who has been in the pool for more than 5 minutes is tried again whatever happened. */
  flushPool(): void {
    this.poolFlushAtUs = Infinity
    for (let i = this.poolCount - 1; i >= 0; i--) {
      const pod = this.pool[i] as PodId
      if (this.cluster.nowUs - this.sinceUs[pod] > IN_POOL_US_MAX) this.wake(pod)
    }
    if (this.poolCount === 0) return
    this.poolFlushAtUs = this.cluster.nowUs + POOL_FLUSH_US
    this.cluster.agenda.push(this.poolFlushAtUs, Rank.World, EventKind.SchedulerPoolFlush, 0)
  }
}

function floorToSecond(us: number): number {
  return Math.floor(us / SECOND_US) * SECOND_US
}
