// The books of one stream of requests: integrals of the shares that are answered and lost, between events, and at the end
// whole millionths of requests that add up. `answered` is integrated by itself, from the counters of endpoints that
// answer, so that comparing it with what is left over checks the counters.

import { assert } from '../base/assert.ts'
import { LOSS_CAUSES, LOSS_COLUMNS, LossCause, type RequestBooks } from '../base/losses.ts'
import type { Model, TrafficModel } from '../model/types.ts'
import { apportion } from './apportion.ts'
import { cutPerRate } from './inFlight.ts'
import type { Route, RouteReader } from './route.ts'

export class StreamMeter implements RouteReader {
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
  private sinceUs = 0
  /** Requests that were sent to pods that answered, and were under way when these ended. */
  private cut = 0

  constructor(model: Model, traffic: TrafficModel, route: Route) {
    this.model = model
    this.traffic = traffic
    this.route = route
    route.readers.push(this)
    route.requestsPerSecond += traffic.requestsPerSecond
  }

  reset(): void {
    this.downtimeUs = this.overlapUs = this.answeredUs = 0
    this.lostUs.fill(0)
    this.cut = 0
    this.sinceUs = this.model.windowStartUs
  }

  /** Adds what the state since the last call contributes; before the window nothing counts. */
  advance(nowUs: number): void {
    if (nowUs <= this.sinceUs) return
    const { lostUs, route } = this
    const us = nowUs - this.sinceUs
    this.sinceUs = nowUs
    route.evaluate()
    this.answeredUs += route.answered * us
    for (let cause = 0; cause < lostUs.length; cause++) lostUs[cause] += route.lost[cause] * us
    if (route.answered <= 0) this.downtimeUs += us
    if (route.overlaps) this.overlapUs += us
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
    this.cut += requestsPerSecond * Math.min(sent, share * cutPerRate(this.traffic, elapsedUs))
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
      retriedRequests: 0,
      lostRequests: lost.reduce((all, part) => all + part, 0) / unit,
    }
    LOSS_COLUMNS.forEach((column, cause) => (books[column] = lost[cause] / unit))
    return books as RequestBooks
  }
}
