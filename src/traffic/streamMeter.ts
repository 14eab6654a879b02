// The books of one stream of requests: integrals of the shares that are answered and lost, between events, and at the end
// whole millionths of requests that add up. `answered` is integrated by itself, from the counters of endpoints that
// answer, so that comparing it with what is left over checks the counters.

import { assert } from '../base/assert.ts'
import { LOSS_CAUSES, LOSS_COLUMNS, LossCause, type RequestBooks } from '../base/losses.ts'
import type { Model, TrafficModel } from '../model/types.ts'
import { apportion } from './apportion.ts'
import type { EndpointId } from '../cluster/endpoints.ts'
import type { Clients } from './clients/clients.ts'
import { cutPerRate } from './inFlight.ts'
import type { Route, RouteReader, StayingStream } from './route.ts'

export class StreamMeter implements RouteReader, StayingStream {
  /** Time in which every request is lost. */
  downtimeUs = 0
  /** Time in which pods of two templates answer. */
  overlapUs = 0
  /** ∫ share dt, in microseconds, over the measured window. */
  private answeredUs = 0
  private readonly lostUs = new Float64Array(LOSS_CAUSES.length)
  private readonly model: Model
  private readonly traffic: TrafficModel
  private readonly route: Route
  private retriedUs = 0
  private readonly clients: Clients | undefined
  /** The window has begun. */
  private hasBegun = false
  private sinceUs = 0
  /** Requests that were sent to pods that answered, and were under way when these ended. */
  private cut = 0

  /** @param clients undefined: each request makes a choice, and is answered or lost */
  constructor(model: Model, traffic: TrafficModel, route: Route, clients: Clients | undefined) {
    this.model = model
    this.traffic = traffic
    this.route = route
    this.clients = clients
    route.readers.push(this)
    route.requestsPerSecond += traffic.requestsPerSecond
    if (clients?.pins === undefined) route.choosingPerSecond += traffic.requestsPerSecond
    else route.staying.push(this)
  }

  get requestsPerSecond(): number {
    return this.traffic.requestsPerSecond
  }

  /** The share of the requests that an endpoint gets now. */
  shareOf(endpoint: EndpointId): number {
    return this.clients === undefined || !this.hasBegun ? this.route.shareOf(endpoint) : this.clients.shareOf(endpoint)
  }

  reset(): void {
    this.hasBegun = false
    this.retriedUs = 0
    this.downtimeUs = this.overlapUs = this.answeredUs = 0
    this.lostUs.fill(0)
    this.cut = 0
    this.sinceUs = this.model.windowStartUs
  }

  /** Adds what the state since the last call contributes; before the window nothing counts. */
  advance(nowUs: number): void {
    if (!this.hasBegun && nowUs >= this.sinceUs) {
      this.hasBegun = true
      this.clients?.begin()
    }
    if (nowUs <= this.sinceUs) return
    const { lostUs, route } = this
    const us = nowUs - this.sinceUs
    this.sinceUs = nowUs
    route.evaluate()
    if (this.clients !== undefined) {
      this.advanceClients(this.clients, us)
      return
    }
    this.answeredUs += route.answered * us
    for (let cause = 0; cause < lostUs.length; cause++) lostUs[cause] += route.lost[cause] * us
    if (route.answered <= 0) this.downtimeUs += us
    if (route.overlaps) this.overlapUs += us
  }

  /** The same where clients stay with endpoints, or try again. */
  private advanceClients(clients: Clients, us: number): void {
    const { lostUs, route } = this
    clients.advance(us)
    this.answeredUs += clients.answeredUs
    this.retriedUs += clients.retriedUs
    for (let cause = 0; cause < lostUs.length; cause++) lostUs[cause] += clients.lostUs[cause]
    if (clients.isDown) this.downtimeUs += us
    if (route.overlaps || clients.pins?.mixesWith(route.version) === true) this.overlapUs += us
  }

  /**
   * A pod that got a share of the requests until `elapsedUs` ago ends now: what is under way in it is lost. Those who
   * sent it before the window are not counted.
   */
  noteEnd(share: number, elapsedUs: number): void {
    const sinceWindowUs = this.sinceUs - this.model.windowStartUs
    if (share === 0 || sinceWindowUs <= elapsedUs) return
    const { requestsPerSecond } = this.traffic
    const sent = ((sinceWindowUs - elapsedUs) / 1e6) * share
    const seconds = Math.min(sent, share * cutPerRate(this.traffic, elapsedUs))
    if (this.clients === undefined) this.cut += requestsPerSecond * seconds
    else this.clients.noteCut(seconds * 1e6)
  }

  /** ∫ share of the requests that is lost dt, in microseconds, from the beginning of the window until now. */
  lostShareUs(nowUs: number): number {
    this.advance(nowUs)
    return this.lostUs.reduce((sum, us) => sum + us, 0)
  }

  /** What became of the requests from the beginning of the window to the horizon. */
  books(): RequestBooks {
    const { horizonUs, windowStartUs } = this.model
    this.advance(horizonUs)
    // Something was cut in the last instant.
    if (this.clients?.hasCut === true) this.advanceClients(this.clients, 0)
    const rate = this.traffic.requestsPerSecond
    const expected = [this.answeredUs, ...this.lostUs].map((us) => (rate * us) / 1e6)
    expected[0] -= this.cut
    expected[1 + LossCause.KilledInFlight] += this.cut
    const total = (rate * (horizonUs - windowStartUs)) / 1e6
    const sum = expected.reduce((all, part) => all + part, 0)
    assert(Math.abs(sum - total) <= 1e-9 * total, `requests = answered + lost, got ${total} = ${sum}`)
    const { parts, unit } = apportion(total, expected)
    const [answered, ...lost] = parts
    const books: Partial<Record<keyof RequestBooks, number>> = {
      requests: parts.reduce((all, part) => all + part, 0) / unit,
      answeredRequests: answered / unit,
      retriedRequests: Math.min(answered, Math.round(((rate * this.retriedUs) / 1e6) * unit)) / unit,
      lostRequests: lost.reduce((all, part) => all + part, 0) / unit,
    }
    LOSS_COLUMNS.forEach((column, cause) => (books[column] = lost[cause] / unit))
    return books as RequestBooks
  }
}
