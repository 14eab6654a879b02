// The passes of a controller's periodic loop (apimachinery wait.Until: run, then wait for the period), as events only
// while someone needs them. A pass that finds nothing to do takes no time and leaves nothing behind, so the times of
// the passes that are skipped, and of the next one, follow from the end of the last one that did happen.

import type { Cluster } from './cluster.ts'
import { Rank, type EventKind } from './codes.ts'

export class Passes {
  private readonly cluster: Cluster
  private readonly kind: EventKind
  readonly periodUs: number
  private readonly firstUs: number
  /** End of the last pass that happened. */
  lastEndUs = 0
  /** When the next one happens that is on the event queue; Infinity: none is. */
  private nextUs = Infinity

  constructor(cluster: Cluster, kind: EventKind, periodUs: number, firstUs: number) {
    this.cluster = cluster
    this.kind = kind
    this.periodUs = periodUs
    this.firstUs = firstUs
  }

  reset(): void {
    this.lastEndUs = this.firstUs
    this.nextUs = Infinity
  }

  /** Time of the first pass after the last one that is not before `us`, and not now. */
  firstNotBefore(us: number): number {
    const sinceUs = Math.max(us, this.cluster.nowUs + 1) - this.lastEndUs
    return this.lastEndUs + this.periodUs * Math.max(1, Math.ceil(sinceUs / this.periodUs))
  }

  /** Wants the next pass, or the first one not before `us`. */
  wake(us = 0): void {
    const atUs = this.firstNotBefore(us)
    if (atUs >= this.nextUs) return
    this.nextUs = atUs
    this.cluster.agenda.push(atUs, Rank.World, this.kind, 0)
  }

  /** True if the event that fires now is the pass that is due; an event overtaken by an earlier one is not. */
  begins(): boolean {
    if (this.nextUs !== this.cluster.nowUs) return false
    this.nextUs = Infinity
    return true
  }

  /** The pass that began now is over after `lengthUs`. */
  ends(lengthUs: number): void {
    this.lastEndUs = this.cluster.nowUs + lengthUs
  }
}
