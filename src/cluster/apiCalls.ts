// The time that API writes take. A controller decides on what it read when its sync began and waits for the answer of
// each write before it sends the next; calls of one batch are sent side by side. So a sync is one decision whose
// writes reach the cluster one latency after another, and its worker is busy until the last answer. Syncs that begin
// at the same instant do not see each other's writes: a write needs its way through the API server and the watches.
// Of several workers that go on at one instant, the one that began to wait first goes first: so the writes of a sync
// are a chain, and the next of them is sent when the former is answered. Without latency a write happens at once.
//
// Where clients have a rate limit, a call waits for a token before it is sent, and the answers of its batch for the last
// of its calls. A sync reserves the tokens of all its calls when it begins, in their order: two syncs of one controller
// share the tokens of the time in which both are under way in the order in which they began, not call by call.

import { CapacityError } from '../base/assert.ts'
import { NONE } from '../base/columns.ts'
import type { Agenda } from './agenda.ts'
import type { ApiLatency } from './apiLatency.ts'
import type { ClientLimiter } from './clientLimiter.ts'
import { EventKind, Rank } from './codes.ts'

/** Numbers that one delayed write can carry. */
export const WRITE_FIELDS = 20

export class ApiCalls {
  /** How long a write takes, if it is not drawn. */
  latencyUs = 0
  /** Draws how long writes take; undefined: `latencyUs` each. */
  latency: ApiLatency | undefined
  /** By client (apiClients.ts); undefined: nothing is limited. */
  limiters: readonly ClientLimiter[] | undefined
  /** Time since the current sync began, of the write that comes next. */
  offsetUs = 0
  /** True while a controller is in a sync: its writes take time. What others write happens at once. */
  private inSync = false
  /** Who is in a sync, and what limits it. */
  private client = 0
  private limiter: ClientLimiter | undefined
  /** Calls since the last answer, and how long the last of them waits for its token. */
  private batchCalls = 0
  private batchWaitUs = 0
  private readonly agenda: Agenda
  private readonly fields: Float64Array
  private readonly free: Int32Array
  private freeCount = 0
  /** Chains of writes that wait to be sent: by slot, when, at which rank, what, and what comes behind. */
  private readonly sendAtUs: Float64Array
  private readonly rank: Uint8Array
  private readonly word: Int32Array
  private readonly next: Int32Array
  /** What follows the last write of a chain, by the chain's first slot: when, which event, for whom. */
  private readonly doneAtUs: Float64Array
  private readonly doneWord: Int32Array
  private readonly doneKey: Int32Array
  /** The chain of the sync under way, or of the one that has just ended; NONE if all its writes are sent. */
  private first = NONE
  private last = NONE

  constructor(agenda: Agenda, capacity: number) {
    this.agenda = agenda
    this.fields = new Float64Array(capacity * WRITE_FIELDS)
    this.free = new Int32Array(capacity)
    this.sendAtUs = new Float64Array(capacity)
    this.rank = new Uint8Array(capacity)
    this.word = new Int32Array(capacity)
    this.next = new Int32Array(capacity)
    this.doneAtUs = new Float64Array(capacity)
    this.doneWord = new Int32Array(capacity)
    this.doneKey = new Int32Array(capacity)
    this.reset()
  }

  reset(): void {
    this.limiters?.forEach((limiter) => limiter.reset())
    this.offsetUs = 0
    this.batchCalls = this.batchWaitUs = 0
    this.inSync = false
    this.first = this.last = NONE
    this.freeCount = this.free.length
    for (let i = 0; i < this.freeCount; i++) this.free[i] = this.freeCount - 1 - i
  }

  /** The client waits for the answer of the write, or batch of writes, that it just sent. */
  awaitAnswer(): void {
    this.offsetUs += this.answerUs()
    this.batchCalls = this.batchWaitUs = 0
  }

  /** The client reads from the API, not from its cache: that costs a token, and the time until there is one. */
  read(nowUs: number): void {
    if (this.limiter === undefined) return
    const readyUs = nowUs + this.offsetUs
    this.offsetUs += this.limiter.reserve(readyUs) - readyUs
  }

  /** How long the answers of the calls that were sent last take, with the wait for tokens. */
  answerUs(): number {
    if (this.latency === undefined) return this.batchWaitUs + this.latencyUs
    return this.batchWaitUs + this.latency.waitUs(this.client, this.batchCalls)
  }

  /** True if writes of syncs do not happen at once. */
  takesTime(): boolean {
    return this.latencyUs > 0 || this.latency !== undefined || this.limiters !== undefined
  }

  /** A sync of a client begins: its first write is sent at once, if the client may. */
  begin(client: number): void {
    this.client = client
    this.limiter = this.limiters?.[client]
    this.batchCalls = this.batchWaitUs = 0
    this.offsetUs = 0
    this.inSync = true
    this.first = this.last = NONE
  }

  /** How long the current sync has waited for answers; 0 outside of syncs. */
  spentUs(): number {
    return this.inSync ? this.offsetUs : 0
  }

  /** A sync ends; returns how long its worker waits for answers. */
  end(): number {
    this.inSync = false
    // Whoever does not wait for the last answers waits still until the calls are sent.
    this.offsetUs += this.batchWaitUs
    this.batchWaitUs = 0
    if (this.first !== NONE) {
      this.doneWord[this.first] = NONE
      this.agenda.push(this.sendAtUs[this.first], Rank.Answer, EventKind.ApiSend, this.first)
    }
    return this.offsetUs
  }

  /** Schedules an event for when the sync that has just ended has its last answer. */
  whenDone(atUs: number, word: number, key: number): void {
    if (this.first === NONE) {
      this.agenda.push(atUs, Rank.Answer, word, key)
      return
    }
    this.doneAtUs[this.first] = atUs
    this.doneWord[this.first] = word
    this.doneKey[this.first] = key
  }

  /** A worker goes on: it sends the writes of a chain that are due now, and waits for their answer. */
  send(first: number, nowUs: number): void {
    const { agenda } = this
    let slot = first
    for (; slot !== NONE && this.sendAtUs[slot] === nowUs; slot = this.next[slot])
      agenda.push(nowUs, this.rank[slot], this.word[slot], slot)
    if (slot !== NONE) {
      this.doneAtUs[slot] = this.doneAtUs[first]
      this.doneWord[slot] = this.doneWord[first]
      this.doneKey[slot] = this.doneKey[first]
      agenda.push(this.sendAtUs[slot], Rank.Answer, EventKind.ApiSend, slot)
    } else if (this.doneWord[first] !== NONE)
      agenda.push(this.doneAtUs[first], Rank.Answer, this.doneWord[first], this.doneKey[first])
  }

  /** True if a write sent now is one of a sync, and takes time. */
  isDelayed(): boolean {
    return this.inSync && this.takesTime()
  }

  /** Schedules a write for its time; fields are filled by the caller at the returned place. */
  delay(nowUs: number, write: number, rank: number = Rank.Write): number {
    if (this.freeCount === 0) throw new CapacityError('API writes in flight (Capacity.pods)')
    const slot = this.free[--this.freeCount]
    const word = EventKind.ApiWrite | (write << 8)
    const readyUs = nowUs + this.offsetUs
    const sendUs = this.limiter === undefined ? readyUs : this.limiter.reserve(readyUs)
    this.batchCalls++
    this.batchWaitUs = Math.max(this.batchWaitUs, sendUs - readyUs)
    if (sendUs === nowUs) this.agenda.push(nowUs, rank, word, slot)
    else this.append(slot, sendUs, rank, word)
    return slot * WRITE_FIELDS
  }

  /** Adds a write to the sync's chain, behind all that are sent no later. */
  private append(slot: number, atUs: number, rank: number, word: number): void {
    const { next, sendAtUs } = this
    sendAtUs[slot] = atUs
    this.rank[slot] = rank
    this.word[slot] = word
    let before = this.last
    if (before !== NONE && sendAtUs[before] > atUs) {
      before = NONE
      for (let other = this.first; sendAtUs[other] <= atUs; other = next[other]) before = other
    }
    next[slot] = before === NONE ? this.first : next[before]
    if (before === NONE) this.first = slot
    else next[before] = slot
    if (next[slot] === NONE) this.last = slot
  }

  field(slot: number, index: number): number {
    return this.fields[slot * WRITE_FIELDS + index]
  }

  /** Where the fields of a slot begin in `table`. */
  place(slot: number): number {
    return slot * WRITE_FIELDS
  }

  /** The fields themselves, for writers that fill many. */
  get table(): Float64Array {
    return this.fields
  }

  release(slot: number): void {
    this.free[this.freeCount++] = slot
  }
}
