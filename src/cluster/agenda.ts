// The way to the event queue: what would happen after the end of the run does not happen.

import type { EventQueue } from '../kernel/eventQueue.ts'

export class Agenda {
  private readonly events: EventQueue
  private readonly horizonUs: number

  constructor(events: EventQueue, horizonUs: number) {
    this.events = events
    this.horizonUs = horizonUs
  }

  /** Schedules an event; see EventQueue.push. Times beyond the horizon, Infinity too, are dropped. */
  push(atUs: number, rank: number, what: number, detail: number): void {
    if (atUs <= this.horizonUs) this.events.push(atUs, rank, what, detail)
  }
}
