// What the process in a pod really does, moment by moment, as opposed to what the API server has heard of it. Kubelets
// write it, what requests meet reads it. A pod has one application: its first container.

import { type Column, float64Column, uint8Column } from '../base/columns.ts'
import type { PodId } from './pods.ts'

/** What a request meets in a pod. */
export const AppState = {
  /** No process: a connection is refused. */
  None: 0,
  /** The process runs and does not listen yet: refused. */
  Starting: 1,
  /** It listens and answers. */
  Serving: 2,
  /** It has had SIGTERM: it refuses new connections and finishes what it has. */
  Draining: 3,
  /** It listens and never answers: a time-out. */
  Hung: 4,
} as const
export type AppState = (typeof AppState)[keyof typeof AppState]

/** How a probe asks. */
export type ProbeKind = 'http' | 'tcp' | 'grpc' | 'exec'

export class Applications {
  readonly state: Column<PodId, AppState>
  /** When it came into that state. */
  readonly sinceUs: Column<PodId>
  /** Share of the requests that it answers with an error, 0 to 1: a bad version. */
  readonly errorShare: Column<PodId>
  /** Requests per second that it gets; written by those who carry requests. */
  readonly load: Column<PodId>
  /** Requests per second that it can answer at present; Infinity where nothing is said. */
  readonly capacity: Column<PodId>
  /** Good answers that it has left, counted where single requests are played; Infinity: any number. */
  readonly answersLeft: Column<PodId>
  /** Plays single requests up to now, before the state of an application is asked for; undefined: there are none. */
  catchUp: (() => void) | undefined
  /** 1: it has started up, and something that it does before it listens is not done (its data, its migration). */
  readonly held: Column<PodId>
  /**
   * Asked when an application has started up: whether something is in the way of its listening. Whoever says so calls
   * `endHold` later. Undefined: nothing ever is.
   */
  holds: ((pod: PodId) => boolean) | undefined

  /** @param capacity rows of the table of pods */
  constructor(capacity: number) {
    this.state = uint8Column<PodId, AppState>(capacity)
    this.sinceUs = float64Column(capacity)
    this.errorShare = float64Column(capacity)
    this.load = float64Column(capacity)
    this.capacity = float64Column(capacity)
    this.answersLeft = float64Column(capacity)
    this.held = uint8Column(capacity)
  }
}
