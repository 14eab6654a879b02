// The time that API writes take. A controller decides on what it read when its sync began and waits for the answer of
// each write before it sends the next; calls of one batch are sent side by side. So a sync is one decision whose
// writes reach the cluster one latency after another, and its worker is busy until the last answer. Syncs that begin
// at the same instant do not see each other's writes: a write needs its way through the API server and the watches.
// Without latency a write happens at once.

import { CapacityError } from '../base/assert.ts'
import type { Agenda } from './agenda.ts'
import { EventKind, Rank } from './codes.ts'

/** Numbers that one delayed write can carry. */
export const WRITE_FIELDS = 20

export class ApiCalls {
  latencyUs = 0
  /** Time since the current sync began, of the write that comes next. */
  offsetUs = 0
  /** True while a controller is in a sync: its writes take time. What others write happens at once. */
  private inSync = false
  private readonly agenda: Agenda
  private readonly fields: Float64Array
  private readonly free: Int32Array
  private freeCount = 0

  constructor(agenda: Agenda, capacity: number) {
    this.agenda = agenda
    this.fields = new Float64Array(capacity * WRITE_FIELDS)
    this.free = new Int32Array(capacity)
    this.reset()
  }

  reset(): void {
    this.offsetUs = 0
    this.inSync = false
    this.freeCount = this.free.length
    for (let i = 0; i < this.freeCount; i++) this.free[i] = this.freeCount - 1 - i
  }

  /** The client waits for the answer of the write, or batch of writes, that it just sent. */
  awaitAnswer(): void {
    this.offsetUs += this.latencyUs
  }

  /** A sync begins: its first write is sent at once. */
  begin(): void {
    this.offsetUs = 0
    this.inSync = true
  }

  /** How long the current sync has waited for answers; 0 outside of syncs. */
  spentUs(): number {
    return this.inSync ? this.offsetUs : 0
  }

  /** A sync ends; returns how long its worker waits for answers. */
  end(): number {
    this.inSync = false
    return this.offsetUs
  }

  /** True if a write sent now is one of a sync, and takes time. */
  isDelayed(): boolean {
    return this.inSync && this.latencyUs > 0
  }

  /** Schedules a write for its time; fields are filled by the caller at the returned place. */
  delay(nowUs: number, write: number, rank: number = Rank.Write): number {
    if (this.freeCount === 0) throw new CapacityError('API writes in flight (Capacity.pods)')
    const slot = this.free[--this.freeCount]
    this.agenda.push(nowUs + this.offsetUs, rank, EventKind.ApiWrite | (write << 8), slot)
    return slot * WRITE_FIELDS
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
