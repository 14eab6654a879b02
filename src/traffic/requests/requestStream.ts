// One stream of single requests: when they come, and the books of what became of them, in whole requests.

import { LOSS_CAUSES, LOSS_COLUMNS, type LossCause, type RequestBooks } from '../../base/losses.ts'
import { assert } from '../../base/assert.ts'
import { exponential } from '../../kernel/distributions.ts'
import type { RandomSequence, RandomStreams } from '../../kernel/random.ts'
import type { TrafficModel } from '../../model/types.ts'
import type { RequestsSpec } from '../../scenario/types.ts'
import type { RouteView } from '../types.ts'
import { LatencyHistogram } from './latencyHistogram.ts'

/** No client waits longer than this, whatever its own limit: else those of an overloaded pod would wait without end. */
const TIMEOUT_US = 30_000_000

/** The time-weighted measures of the same stream, which single requests do not change. */
export interface StreamTimes {
  readonly downtimeUs: number
  readonly overlapUs: number
  books(): RequestBooks
}

export class RequestStream {
  readonly route: RouteView
  /** When the next request comes; Infinity for a stream without requests. */
  nextUs = Infinity
  came = 0
  answered = 0
  readonly lost = new Float64Array(LOSS_CAUSES.length)
  readonly latencies = new LatencyHistogram()
  /** One number for each request, whatever becomes of it, so that every arm sends the same requests. */
  readonly choices: RandomSequence
  readonly services: RandomSequence
  readonly errors: RandomSequence
  /** How long a client waits for its answer. */
  readonly timeoutUs: number
  private readonly arrivals: RandomSequence
  private readonly gapUs: number
  private readonly isRandom: boolean
  private readonly times: StreamTimes
  private readonly finish: () => void

  /** @param finish plays what is left of the run */
  constructor(
    route: RouteView,
    { requestsPerSecond, timeoutUs }: TrafficModel,
    name: number,
    { arrivals }: RequestsSpec,
    random: RandomStreams,
    times: StreamTimes,
    finish: () => void,
  ) {
    this.route = route
    this.timeoutUs = Math.min(timeoutUs, TIMEOUT_US)
    this.times = times
    this.finish = finish
    this.gapUs = 1e6 / requestsPerSecond
    this.isRandom = arrivals === 'random'
    this.arrivals = random.sequence(`requests/arrivals/${name}`)
    this.choices = random.sequence(`requests/choice/${name}`)
    this.services = random.sequence(`requests/service/${name}`)
    this.errors = random.sequence(`requests/error/${name}`)
  }

  /** Begins a run: the first request comes one gap after `fromUs`. */
  begin(fromUs: number): void {
    this.came = this.answered = 0
    this.lost.fill(0)
    this.latencies.reset()
    this.nextUs = fromUs
    this.awaitNext()
  }

  /** The request of `nextUs` has come: the next one is awaited. */
  awaitNext(): void {
    this.nextUs += this.isRandom ? exponential(this.arrivals.next(), this.gapUs) : this.gapUs
  }

  /** An answer that was booked never comes. */
  takeBack(latencyUs: number, cause: LossCause): void {
    this.answered -= 1
    this.latencies.remove(latencyUs)
    this.lost[cause] += 1
  }

  get downtimeUs(): number {
    return this.times.downtimeUs
  }

  get overlapUs(): number {
    return this.times.overlapUs
  }

  /** A quantile of the latencies of answered requests, in milliseconds; NaN if there are none. */
  latencyMs(share: number): number {
    return this.latencies.quantile(share) / 1e3
  }

  /** Ends the window, and says what became of the requests in it. */
  books(): RequestBooks {
    this.times.books()
    this.finish()
    const lostRequests = this.lost.reduce((sum, count) => sum + count, 0)
    assert(this.came === this.answered + lostRequests, 'requests = answered + lost')
    const books: Partial<Record<keyof RequestBooks, number>> = {
      requests: this.came,
      answeredRequests: this.answered,
      retriedRequests: 0,
      lostRequests,
    }
    LOSS_COLUMNS.forEach((column, cause) => (books[column] = this.lost[cause]))
    return books as RequestBooks
  }
}
