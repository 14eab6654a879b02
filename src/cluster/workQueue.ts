// The controllers' work queue, after client-go util/workqueue (queue.go, delaying_queue.go), Kubernetes v1.36.
// A key is a row of the controller's table. One key is never handled twice at once, and any number of events before
// the handling collapse into one sync.

import { assert } from '../base/assert.ts'
import type { Agenda } from './agenda.ts'
import { EventKind, Rank } from './codes.ts'

/** First per-key delay after an error or AddRateLimited: 5 ms, doubling (client-go default_rate_limiters.go). */
const RATE_LIMIT_BASE_US = 5_000
const RATE_LIMIT_MAX_US = 1_000_000_000

/** Where queues announce that they have work; the engine runs their controllers in this order. */
export interface Runnable {
  wake(controller: number): void
}

export class WorkQueue {
  readonly controller: number
  /** Whose client of the API the syncs use: a controller's queues share it (apiClients.ts). */
  client: number
  readonly workers: number
  /** Workers that are neither in a sync nor waiting for an API write. */
  idleWorkers: number
  private readonly agenda: Agenda
  private readonly runnable: Runnable
  private readonly ring: Int32Array
  private readonly dirty: Uint8Array
  private readonly processing: Uint8Array
  private readonly failures: Uint8Array
  private readonly waitingUntilUs: Float64Array
  private head = 0
  private length = 0

  /** @param rows size of the controller's table: the number of distinct keys. */
  constructor(controller: number, rows: number, workers: number, agenda: Agenda, runnable: Runnable) {
    this.controller = controller
    this.client = controller
    this.workers = workers
    this.idleWorkers = workers
    this.agenda = agenda
    this.runnable = runnable
    this.ring = new Int32Array(rows)
    this.dirty = new Uint8Array(rows)
    this.processing = new Uint8Array(rows)
    this.failures = new Uint8Array(rows)
    this.waitingUntilUs = new Float64Array(rows).fill(Infinity)
  }

  reset(): void {
    this.idleWorkers = this.workers
    this.dirty.fill(0)
    this.processing.fill(0)
    this.failures.fill(0)
    this.waitingUntilUs.fill(Infinity)
    this.head = 0
    this.length = 0
  }

  /** Wants a sync of `key`; while one is under way the key is queued again when it ends. */
  add(key: number): void {
    if (this.dirty[key] === 1) return
    this.dirty[key] = 1
    if (this.processing[key] === 1) return
    this.append(key)
  }

  /** Wants a sync `delayUs` from now. One waiting entry a key: a new request only moves it earlier. */
  addAfter(key: number, nowUs: number, delayUs: number): void {
    if (delayUs <= 0) return this.add(key)
    const atUs = nowUs + delayUs
    if (this.waitingUntilUs[key] <= atUs) return
    this.waitingUntilUs[key] = atUs
    this.agenda.push(atUs, Rank.Answer, EventKind.QueueTimer | (this.controller << 8), key)
  }

  /** Wants a sync after the key's back-off: 5, 10, 20 ms … since the last forget. */
  addRateLimited(key: number, nowUs: number): void {
    const n = this.failures[key]
    this.failures[key] = Math.min(n + 1, 30)
    let delayUs = RATE_LIMIT_BASE_US
    for (let i = 0; i < n && delayUs < RATE_LIMIT_MAX_US; i++) delayUs *= 2
    this.addAfter(key, nowUs, Math.min(delayUs, RATE_LIMIT_MAX_US))
  }

  /** Forgets the failures of a key, as a sync without error does. */
  forget(key: number): void {
    this.failures[key] = 0
  }

  /** A timer of addAfter fires; one that was overtaken by an earlier request is stale and means nothing. */
  timerFired(key: number, nowUs: number): void {
    if (this.waitingUntilUs[key] !== nowUs) return
    this.waitingUntilUs[key] = Infinity
    this.add(key)
  }

  hasWork(): boolean {
    return this.length > 0 && this.idleWorkers > 0
  }

  /** Takes the next key; call done() when its sync, with all its API writes, is over. */
  get(): number {
    assert(this.hasWork(), 'get() needs a waiting key and an idle worker')
    const key = this.ring[this.head]
    this.head = this.head + 1 === this.ring.length ? 0 : this.head + 1
    this.length--
    this.idleWorkers--
    this.processing[key] = 1
    this.dirty[key] = 0
    return key
  }

  done(key: number): void {
    this.processing[key] = 0
    this.idleWorkers++
    if (this.dirty[key] === 1) this.append(key)
    else if (this.length > 0) this.runnable.wake(this.controller)
  }

  private append(key: number): void {
    let tail = this.head + this.length
    if (tail >= this.ring.length) tail -= this.ring.length
    this.ring[tail] = key
    this.length++
    this.runnable.wake(this.controller)
  }
}
