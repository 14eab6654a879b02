// What the clients of a stream make of it: they stay with an endpoint (pins.ts), and try again what was lost.
//
// A retry is another choice of the same sender's, at once and as a new connection. Where a choice of a follower's is lost
// with probability f, a request that is lost at first is lost after n more tries with f^n, of the cause of the last one,
// and costs 1 + f + … + f^(n-1) retries. Where the budget lets only a share of these in, the others keep their first
// cause. Tries are made as if all of them happened in the moment of the first: the time-out of a try is not waited for.
//
// Ten endpoints, one dead: f = 0.1. Without retries 10 % are lost; with two, 10 % × 0.01 = 0.1 %, and 11 % of the requests
// are retries. Retries are no load: pods with a capacity get the first tries only. Where a Service's session affinity pins a
// client, its tries go to the same endpoint; only a request that was cut chooses anew.

import { LOSS_CAUSES, LossCause } from '../../base/losses.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { EndpointId } from '../../cluster/endpoints.ts'
import type { TrafficModel } from '../../model/types.ts'
import type { Route } from '../route.ts'
import { Pins } from './pins.ts'
import { RetryBudget } from './retryBudget.ts'

export class Clients {
  /** Undefined: every request makes a choice. */
  readonly pins: Pins | undefined
  /** Of the interval that was worked out last, in microseconds of the stream's requests. */
  answeredUs = 0
  retriedUs = 0
  /** No request was answered in it. */
  isDown = false
  readonly lostUs = new Float64Array(LOSS_CAUSES.length)
  private readonly route: Route
  private readonly attempts: number
  private readonly budget: RetryBudget
  /** Requests under way that have been cut since the last interval. */
  private cutUs = 0
  private readonly excess: Float64Array
  /** Of one follower: what becomes of a choice, and of first tries. */
  private readonly ofChoice = new Float64Array(LOSS_CAUSES.length)
  private readonly first = new Float64Array(LOSS_CAUSES.length)
  /** Of all: what stays lost with one try, and after the last one. */
  private readonly untried = new Float64Array(LOSS_CAUSES.length)
  private readonly last = new Float64Array(LOSS_CAUSES.length)
  private wantedUs = 0
  private regainedUs = 0

  /** @param excess by endpoint: the share of its requests that is above its capacity */
  constructor(cluster: Cluster, traffic: TrafficModel, route: Route, stream: number, excess: Float64Array) {
    const { keepAlive, perSource, retries } = traffic
    this.route = route
    this.excess = excess
    this.pins = keepAlive !== undefined || perSource > 0 ? new Pins(cluster, traffic, route, stream) : undefined
    this.attempts = retries?.attempts ?? 0
    this.budget = new RetryBudget(retries?.budget ?? 0)
  }

  /** The window begins. */
  begin(): void {
    this.cutUs = 0
    this.budget.reset()
    this.pins?.begin()
  }

  /** Requests under way are cut: the first try of each is lost. */
  noteCut(us: number): void {
    this.cutUs += us
  }

  get hasCut(): boolean {
    return this.cutUs > 0
  }

  /** The share of the requests that an endpoint gets now. */
  shareOf(endpoint: EndpointId): number {
    const { pins, route } = this
    if (pins === undefined) return route.shareOf(endpoint)
    let share = 0
    for (let follower = 0; follower < route.followerCount; follower++) {
      const chosen = 1 - pins.share + pins.share * pins.freeOf(follower)
      const ofFollower = chosen * route.chanceOf(follower, endpoint) + pins.share * pins.pinnedTo(follower, endpoint)
      share += route.weightOf(follower) * ofFollower
    }
    return share
  }

  /** Works out what becomes of the requests of an interval without changes. */
  advance(us: number): void {
    const { lostUs, pins, route } = this
    this.answeredUs = this.wantedUs = this.regainedUs = 0
    this.untried.fill(0)
    this.last.fill(0)
    for (let follower = 0; follower < route.followerCount; follower++) {
      pins?.advance(follower, us, this.excess)
      const weight = route.weightOf(follower)
      if (weight > 0) this.addFollower(follower, weight, us)
    }
    pins?.endInterval()
    this.isDown = this.answeredUs <= 0
    this.answeredUs -= this.cutUs
    this.cutUs = 0
    const admitted = this.attempts === 0 ? 0 : this.budget.admit(this.wantedUs, us)
    for (let cause = 0; cause < lostUs.length; cause++)
      lostUs[cause] = (1 - admitted) * this.untried[cause] + admitted * this.last[cause]
    this.retriedUs = admitted * this.regainedUs
    this.answeredUs += this.retriedUs
  }

  /** Adds what becomes of a follower's first tries, and what would of further ones. */
  private addFollower(follower: number, weight: number, us: number): void {
    const { attempts, first, last, ofChoice, pins, untried } = this
    const answered = this.route.outcomeOf(follower, ofChoice)
    const chosenUs = weight * (pins === undefined ? us : (1 - pins.share) * us + pins.share * pins.freeUs)
    this.answeredUs += chosenUs * answered
    let failure = 0
    for (let cause = 0; cause < first.length; cause++) {
      first[cause] = chosenUs * ofChoice[cause]
      failure += ofChoice[cause]
    }
    if (pins !== undefined) {
      const share = weight * pins.share
      this.answeredUs += share * pins.answeredUs
      if (pins.isAffine) this.addAffine(pins, share)
      else for (let cause = 0; cause < first.length; cause++) first[cause] += share * pins.lostUs[cause]
    }
    first[LossCause.KilledInFlight] += weight * this.cutUs
    let failedUs = 0
    for (let cause = 0; cause < first.length; cause++) {
      failedUs += first[cause]
      untried[cause] += first[cause]
    }
    // Before the last try: failedUs × failure^(attempts - 1) are lost still.
    let leftUs = failedUs
    for (let attempt = 1; attempt <= attempts; attempt++) {
      this.wantedUs += leftUs
      this.regainedUs += leftUs * answered
      if (attempt === attempts)
        for (let cause = 0; cause < last.length; cause++) last[cause] += leftUs * ofChoice[cause]
      leftUs *= failure
    }
  }

  /** Clients with affinity try again where they were. */
  private addAffine({ lastUs, lostUs, regainedUs, wantedUs }: Pins, share: number): void {
    this.wantedUs += share * wantedUs
    this.regainedUs += share * regainedUs
    for (let cause = 0; cause < lostUs.length; cause++) {
      this.untried[cause] += share * lostUs[cause]
      this.last[cause] += share * lastUs[cause]
    }
  }
}
