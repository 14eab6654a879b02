// What a run is asked while it plays: each measure reads the cluster after every instant and keeps one value.
//
// A state that is read at an instant holds until the next one, so a measure takes in spans: a value, and from when to
// when it held. Times are seconds of the timeline, whose 0 is where `start` is.

import type { Cluster } from '../cluster/cluster.ts'
import type { StateReader } from './expression/state.ts'
import { compare, isTrue, toNumber } from './expression/values.ts'
import type { Value } from './views/view.ts'

/** When to look: both ends in seconds; the horizon stands for `end`. */
export interface Window {
  readonly from: number
  readonly to: number
}

export const MEASURE_TYPES = ['at', 'max', 'min', 'when', 'seconds', 'changes', 'always', 'ever', 'never'] as const
export type MeasureType = (typeof MEASURE_TYPES)[number]

/** One question to a run. */
export interface MeasureSpec {
  readonly type: MeasureType
  readonly read: StateReader
  /** Of `at` both ends are the moment. */
  readonly window: Window
}

/** Asks one question; begin, spans, value. */
export class Measure {
  private readonly spec: MeasureSpec
  private result: Value
  private previous: Value
  private hasPrevious = false
  /** The value since the last instant, and since when. */
  private pending: Value
  private pendingSince = -Infinity

  constructor(spec: MeasureSpec) {
    this.spec = spec
  }

  /** Forgets the last run. */
  begin(): void {
    const { type } = this.spec
    this.result = type === 'seconds' || type === 'changes' ? 0 : undefined
    if (type === 'always' || type === 'never') this.result = true
    if (type === 'ever') this.result = false
    this.hasPrevious = false
    this.pendingSince = -Infinity
  }

  /** The cluster has changed. */
  observe(cluster: Cluster, nowUs: number): void {
    const now = (nowUs - cluster.model.zeroUs) / 1e6
    const { type, read, window } = this.spec
    this.endSpan(now)
    this.pendingSince = now
    if (now > window.to) return
    // Ages count to the moment that is asked for.
    const readUs = type === 'at' ? Math.max(nowUs, window.to * 1e6 + cluster.model.zeroUs) : nowUs
    this.pending = read({ cluster, nowUs: readUs })
  }

  /** The run is over at the horizon. */
  finish(horizon: number): Value {
    this.endSpan(horizon, true)
    return this.result
  }

  private endSpan(now: number, last = false): void {
    const { type, window } = this.spec
    const from = Math.max(this.pendingSince, window.from)
    const to = Math.min(now, window.to)
    const value = this.pending
    // A state of which nothing lies in the window; one that begins at its very end counts.
    if (this.pendingSince === -Infinity || from > to || (to === now && from === to && !last)) return
    switch (type) {
      case 'at':
        this.result = value
        return
      case 'max':
      case 'min':
        if (this.result === undefined || compare(toNumber(value), type === 'max' ? '>' : '<', this.result))
          this.result = toNumber(value)
        return
      case 'when':
        if (this.result === undefined && isTrue(value)) this.result = from
        return
      case 'seconds':
        if (isTrue(value)) this.result = toNumber(this.result) + to - from
        return
      case 'changes':
        if (this.hasPrevious && !compare(value, '==', this.previous)) this.result = toNumber(this.result) + 1
        this.previous = value
        this.hasPrevious = true
        return
      case 'always':
        if (!isTrue(value)) this.result = false
        return
      case 'ever':
        if (isTrue(value)) this.result = true
        return
      case 'never':
        if (isTrue(value)) this.result = false
        return
    }
  }
}
