// Which clients of a stream stay with which endpoint. Kept connections go on to their pod after it has left the sets of
// the proxies, until the application closes them; clients of a Service with session affinity stay while the endpoint is
// in the set, whether or not it answers (pkg/proxy/iptables: `-m recent` on the rules of an endpoint).
//
//   the application gets SIGTERM, or its process ends --> closed: requests until the client notices are lost (reset)
//   the machine dies, or the application hangs -------> silent: requests are lost until the client's time-out
//
// What is assumed beside pinning.ts: a client that waits for an answer on a silent connection goes on sending; after its
// time-out it makes a new connection, although its pod may answer again. In the beginning of the window all clients are
// where they would be if nothing had ever changed. Those of a follower whose node dies go on as those of the others do.

import type { Cluster } from '../../cluster/cluster.ts'
import { EventKind, Rank } from '../../cluster/codes.ts'
import type { EndpointId } from '../../cluster/endpoints.ts'
import { LOSS_CAUSES, LossCause } from '../../base/losses.ts'
import { NONE } from '../../base/columns.ts'
import type { TrafficModel } from '../../model/types.ts'
import { CAUSE_OF_STATE, ERROR_UNITS } from '../endpointStates.ts'
import type { Route } from '../route.ts'
import { EndpointState, Level, LEVELS } from '../types.ts'
import { Closings } from './closings.ts'
import { followClients, type FreeClients } from './pinning.ts'

/** Less than a millionth, the unit of the books, does not count as another version that serves. */
const SERVES_MIN = 1e-6

/** The word of a ConnectionNotice: kind (8 bits), silent (1 bit), index of the stream. */
const SILENT_BIT = 256
const STREAM_SHIFT = 9

export class Pins {
  /** Share of the requests whose clients stay with an endpoint. */
  readonly share: number
  /** Of the follower and the interval that were worked out last: ∫ free dt, ∫ pinned and answered dt, and by cause lost. */
  freeUs = 0
  answeredUs = 0
  readonly lostUs = new Float64Array(LOSS_CAUSES.length)
  /** Of clients with affinity, who try again where they were: retries, what these answer, and what they leave lost. */
  wantedUs = 0
  regainedUs = 0
  readonly lastUs = new Float64Array(LOSS_CAUSES.length)
  /** A client's next request, and each try of it, goes to the same endpoint, free ones' too. */
  readonly isAffine: boolean
  private readonly cluster: Cluster
  private readonly traffic: TrafficModel
  private readonly route: Route
  private readonly stream: number
  private readonly attempts: number
  private readonly rates = { choices: 0, ends: 0 }
  private readonly result: FreeClients = { freeUs: 0, heldUs: 0, left: 1, gained: 0, gainedUs: 0 }
  /** By follower: free clients; by follower and endpoint: those pinned to it. */
  private readonly free: Float64Array
  private readonly pinned: Float64Array
  private readonly resets: Closings
  private readonly silences: Closings
  private readonly capacity: number

  constructor(cluster: Cluster, traffic: TrafficModel, route: Route, stream: number) {
    const { capacity } = cluster.endpoints
    this.cluster = cluster
    this.traffic = traffic
    this.route = route
    this.stream = stream
    this.attempts = traffic.retries?.attempts ?? 0
    this.capacity = capacity
    this.share = traffic.keepAlive?.share ?? 1
    this.isAffine = traffic.keepAlive === undefined
    const followers = route.followerCount
    this.free = new Float64Array(followers)
    this.pinned = new Float64Array(followers * capacity)
    this.resets = new Closings(followers, 2 * capacity)
    this.silences = new Closings(followers, 2 * capacity)
  }

  /** The window begins: clients are where they would be if all had been for ever as it is. */
  begin(): void {
    const { capacity, free, pinned, rates, route } = this
    this.resets.reset()
    this.silences.reset()
    pinned.fill(0)
    this.readRates()
    for (let follower = 0; follower < free.length; follower++) {
      const each = this.chanceOfEach(follower)
      const members = this.countPinnable(follower)
      const pins = rates.choices * each * members
      free[follower] = pins === 0 ? 1 : rates.ends / (pins + rates.ends)
      if (pins === 0) continue
      const level = route.sets.activeLevel(follower)
      for (let k = 0; k < route.sets.sizes[follower * LEVELS + level]; k++) {
        const endpoint = route.sets.memberOf(follower, level, k)
        if (this.isPinnable(endpoint)) pinned[follower * capacity + endpoint] = (1 - free[follower]) / members
      }
    }
  }

  /** Choices and ends of pins; an affinity ends where two requests of a client are further apart than its time-out. */
  private readRates(): void {
    const { rates } = this
    const { keepAlive, perSource } = this.traffic
    if (keepAlive !== undefined) {
      rates.choices = 1 / keepAlive.intervalUs
      rates.ends = 1 / keepAlive.lifetimeUs
      return
    }
    const affinityUs = this.affinityUs()
    rates.choices = affinityUs === 0 ? 0 : perSource / 1e6
    rates.ends = rates.choices * Math.exp(-rates.choices * affinityUs)
  }

  /** spec.sessionAffinityConfig of the Service as it is now; 0: it tells no clients apart. */
  private affinityUs(): number {
    const { services } = this.cluster
    return services.exists[this.route.service] === 1 ? services.specOf(this.route.service).affinityUs : 0
  }

  /** A connection is kept if there is one; an affinity is noted before anything answers. */
  private isPinnable(endpoint: EndpointId): boolean {
    return this.isAffine || this.route.stateOf(endpoint) === EndpointState.Answering
  }

  private countPinnable(follower: number): number {
    const { sets } = this.route
    const level = sets.activeLevel(follower)
    if (level === Level.Out) return 0
    const size = sets.sizes[follower * LEVELS + level]
    if (this.isAffine) return size
    let count = 0
    for (let k = 0; k < size; k++) if (this.isPinnable(sets.memberOf(follower, level, k))) count++
    return count
  }

  /** The chance of each endpoint of the set that new connections go to. */
  private chanceOfEach(follower: number): number {
    const { sets } = this.route
    const level = sets.activeLevel(follower)
    return level === Level.Out ? 0 : 1 / sets.sizes[follower * LEVELS + level]
  }

  /**
   * Follows a follower's clients for an interval without changes, and leaves what it made of their requests in `freeUs`,
   * `answeredUs` and `lostUs`.
   *
   * @param excess by endpoint: the share of its requests that is above its capacity
   */
  advance(follower: number, us: number, excess: Float64Array): void {
    this.readRates()
    if (this.isAffine) this.letGo(follower)
    const { capacity, cluster, free, lostUs, pinned, result, route } = this
    const each = this.chanceOfEach(follower)
    followClients(this.rates, free[follower], each * this.countPinnable(follower), us, result)
    this.freeUs = result.freeUs
    this.answeredUs = this.wantedUs = this.regainedUs = 0
    lostUs.fill(0)
    this.lastUs.fill(0)
    const level = route.sets.activeLevel(follower)
    // What a free client with affinity chooses is what its tries will meet as well.
    const fixedUs = this.isAffine ? each * result.freeUs : 0
    if (this.isAffine && level !== Level.Out) this.freeUs = 0
    let sum = 0
    for (let endpoint = 0 as EndpointId; endpoint < cluster.endpoints.end; endpoint++) {
      const at = follower * capacity + endpoint
      const gains = level !== Level.Out && route.sets.levelOf(follower, endpoint) === level && this.isPinnable(endpoint)
      const before = pinned[at]
      if (before === 0 && !gains) continue
      const gain = gains ? each : 0
      this.addPinned(
        endpoint,
        before * result.heldUs + gain * result.gainedUs + (gains ? fixedUs : 0),
        excess[endpoint],
      )
      sum += pinned[at] = before * result.left + gain * result.gained
    }
    lostUs[LossCause.ConnectionReset] += this.resets.unaware[follower] * result.heldUs
    lostUs[LossCause.StaleEndpoint] += this.silences.unaware[follower] * result.heldUs
    const unaware = this.resets.unaware[follower] + this.silences.unaware[follower]
    free[follower] = Math.max(0, 1 - sum - unaware * result.left)
  }

  /** All followers have been advanced: connections nobody knows to be dead have ended as the others have. */
  endInterval(): void {
    this.resets.decay(this.result.left)
    this.silences.decay(this.result.left)
  }

  /** Adds what becomes of requests to an endpoint. */
  private addPinned(endpoint: EndpointId, us: number, excess: number): void {
    const { lostUs } = this
    const state = this.route.stateOf(endpoint)
    if (state !== EndpointState.Answering) {
      lostUs[CAUSE_OF_STATE[state]] += us
      if (!this.isAffine) return
      this.lastUs[CAUSE_OF_STATE[state]] += us
      this.wantedUs += us * this.attempts
      return
    }
    const within = us * (1 - excess)
    const bad = within * (this.route.errorUnitsOf(endpoint) / ERROR_UNITS)
    this.answeredUs += within - bad
    lostUs[LossCause.BadVersion] += bad
    lostUs[LossCause.Overload] += us - within
    if (this.isAffine && us > 0) this.tryAgain(bad, us - within, us)
  }

  /** Tries where the first one was: an answer may still come of each. */
  private tryAgain(bad: number, over: number, us: number): void {
    const failure = (bad + over) / us
    let left = 1
    for (let attempt = 0; attempt < this.attempts; attempt++) {
      this.wantedUs += (bad + over) * left
      this.regainedUs += (bad + over) * left * (1 - failure)
      left *= failure
    }
    this.lastUs[LossCause.BadVersion] += bad * left
    this.lastUs[LossCause.Overload] += over * left
  }

  /** Affinity to endpoints that have left the set, or that no spec asks for any more, is over. */
  private letGo(follower: number): void {
    const { capacity, cluster, free, pinned, rates, route } = this
    const level = rates.choices === 0 ? Level.Out : route.sets.activeLevel(follower)
    for (let endpoint = 0 as EndpointId; endpoint < cluster.endpoints.end; endpoint++) {
      const at = follower * capacity + endpoint
      if (pinned[at] === 0) continue
      if (level !== Level.Out && route.sets.levelOf(follower, endpoint) === level) continue
      free[follower] += pinned[at]
      pinned[at] = 0
    }
  }

  /** An endpoint does not answer any more: connections to it are closed or silent. */
  noteEnd(endpoint: EndpointId, state: EndpointState): void {
    const { keepAlive, timeoutUs } = this.traffic
    if (keepAlive === undefined) return
    const { capacity, cluster, pinned } = this
    const isSilent = state === EndpointState.Unreachable
    const closings = isSilent ? this.silences : this.resets
    const noticeUs = isSilent ? timeoutUs : keepAlive.noticeUs
    let isOpen = false
    for (let follower = 0; follower < this.free.length; follower++) {
      const at = follower * capacity + endpoint
      if (pinned[at] === 0) continue
      if (!isOpen) closings.open()
      isOpen = true
      closings.put(follower, pinned[at])
      pinned[at] = 0
    }
    if (!isOpen || noticeUs === Infinity) return
    const word = EventKind.ConnectionNotice | (isSilent ? SILENT_BIT : 0) | (this.stream << STREAM_SHIFT)
    cluster.agenda.push(cluster.nowUs + noticeUs, Rank.World, word, 0)
  }

  /** Clients notice that the connections that were closed first, or went silent first, are of no use. */
  notice(isSilent: boolean): void {
    const { keepAlive, timeoutUs } = this.traffic
    const noticeUs = isSilent ? timeoutUs : keepAlive!.noticeUs
    const closings = isSilent ? this.silences : this.resets
    this.readRates()
    const { free } = this
    for (let follower = 0; follower < free.length; follower++) free[follower] += closings.unaware[follower]
    closings.close(Math.exp(-this.rates.ends * noticeUs))
    for (let follower = 0; follower < free.length; follower++) free[follower] -= closings.unaware[follower]
  }

  /** The share of a follower's clients that is with an endpoint now, and the share that makes a choice. */
  pinnedTo(follower: number, endpoint: EndpointId): number {
    return this.pinned[follower * this.capacity + endpoint]
  }

  freeOf(follower: number): number {
    return this.free[follower]
  }

  /** Whether pods of two templates answer pinned clients, or of another one than those that answer new connections. */
  mixesWith(version: number): boolean {
    const { capacity, cluster, free, pinned, route } = this
    let only = version
    for (let follower = 0; follower < free.length; follower++)
      for (let endpoint = 0 as EndpointId; endpoint < cluster.endpoints.end; endpoint++) {
        if (pinned[follower * capacity + endpoint] < SERVES_MIN) continue
        if (route.stateOf(endpoint) !== EndpointState.Answering) continue
        const template = cluster.endpoints.template[endpoint]
        if (only === NONE) only = template
        else if (template !== only) return true
      }
    return false
  }
}

/** Of the word of a ConnectionNotice: the stream, and whether its connections were silent. */
export function readNotice(word: number): { readonly stream: number; readonly isSilent: boolean } {
  return { stream: word >>> STREAM_SHIFT, isSilent: (word & SILENT_BIT) !== 0 }
}
