// A Service and one kind of senders to it: what of its requests is answered now, and what is lost for which cause.

import { LOSS_CAUSES, LossCause } from '../base/losses.ts'
import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { Availability, type EndpointId } from '../cluster/endpoints.ts'
import { availabilityOf } from '../cluster/endpointWatch.ts'
import type { PodId } from '../cluster/pods.ts'
import { EventKind, NodeState, Rank } from '../cluster/codes.ts'
import type { NodeId, RouteModel, ServiceId } from '../model/types.ts'
import { EndpointSets } from './endpointSets.ts'
import { CAUSE_OF_STATE, ERROR_UNITS, type EndpointStates } from './endpointStates.ts'
import { NO_NEWS, NodeTargets } from './nodeTargets.ts'
import { PodTargets } from './podTargets.ts'
import { ENDPOINT_STATES, EndpointState, Level, LEVELS, NoChoice, type RouteView } from './types.ts'

/** Who integrates what a route makes of its requests. */
export interface RouteReader {
  /** Takes the time up to now in, before something changes. */
  advance(nowUs: number): void
}

/** A stream whose requests go to other endpoints than new connections do. */
export interface StayingStream {
  readonly requestsPerSecond: number
  /** The share of its requests that an endpoint gets now. */
  shareOf(endpoint: EndpointId): number
}

export class Route implements RouteView {
  readonly model: RouteModel
  readonly service: ServiceId
  readonly sets: EndpointSets
  readonly readers: RouteReader[] = []
  /** Of all its streams together, and of those whose requests all make a choice. */
  requestsPerSecond = 0
  choosingPerSecond = 0
  /** The other streams: their clients stay with endpoints. */
  readonly staying: StayingStream[] = []
  /** Called when its shares may be others. */
  changed: (() => void) | undefined
  /** What each pod is to the Service by the API server's word, whatever the senders know. */
  readonly availability: Uint8Array
  /** Share of the requests that is answered well, and by cause the shares that are lost: valid after `evaluate`. */
  answered = 0
  readonly lost = new Float64Array(LOSS_CAUSES.length)
  /** Pods of two templates answer. */
  overlaps = false
  /** The template of the pods that answer, where there is one; NONE: no pod answers. */
  version: number = NONE
  /** By follower: its share of the senders. */
  private readonly weights: Float64Array
  /** By follower and endpoint: what it has heard. */
  private readonly heard: Uint8Array
  /** The load balancer before it, by what it sends to. */
  readonly podTargets: PodTargets | undefined
  private readonly nodeTargets: NodeTargets | undefined
  /** By follower: connections that it has sent on, where it takes endpoints in turn. */
  private readonly turns: Float64Array
  private isEvaluated = false
  /** By follower: shares above the capacities of pods, of those answered well otherwise and of errors (loads.ts). */
  private readonly overloadGood: Float64Array
  private readonly overloadBad: Float64Array
  private isOverloaded = false
  private readonly nodes: readonly NodeId[]
  private readonly cluster: Cluster
  private readonly states: EndpointStates

  /** @param nodes on which node each follower is; NONE where that does not matter */
  constructor(cluster: Cluster, states: EndpointStates, model: RouteModel, nodes: readonly NodeId[]) {
    this.cluster = cluster
    this.states = states
    this.model = model
    this.service = model.service as ServiceId
    this.nodes = nodes
    const { front } = model
    if (front?.type === 'nodeTargets') this.nodeTargets = new NodeTargets(cluster, nodes, front.checkUs)
    if (front?.type === 'podTargets')
      this.podTargets = new PodTargets(cluster, front.registrationUs, front.deregistrationUs)
    this.turns = new Float64Array(nodes.length)
    this.weights = new Float64Array(nodes.length)
    this.overloadGood = new Float64Array(nodes.length)
    this.overloadBad = new Float64Array(nodes.length)
    this.sets = new EndpointSets(cluster, states, nodes.length)
    this.heard = new Uint8Array(nodes.length * cluster.endpoints.capacity)
    this.availability = new Uint8Array(cluster.endpoints.capacity)
  }

  reset(): void {
    this.sets.reset()
    this.availability.fill(Availability.None)
    this.heard.fill(Availability.None)
    this.turns.fill(0)
    this.podTargets?.reset()
    this.nodeTargets?.reset()
    this.isEvaluated = this.isOverloaded = false
    this.overloadGood.fill(0)
    this.overloadBad.fill(0)
    this.weigh()
  }

  /** Senders are spread evenly over the followers whose nodes are up; those of a dead node have moved elsewhere. */
  weigh(): void {
    if (this.nodeTargets) return this.nodeTargets.weigh(this.weights)
    const { nodes } = this.cluster
    const lives = (node: NodeId): boolean =>
      node === NONE || (nodes.exists[node] === 1 && nodes.down[node] !== NodeState.Down)
    const living = this.nodes.filter(lives).length
    this.nodes.forEach((node, follower) => {
      this.weights[follower] = living === 0 ? 1 / this.nodes.length : lives(node) ? 1 / living : 0
    })
  }

  get followerCount(): number {
    return this.sets.followers
  }

  weightOf(follower: number): number {
    return this.weights[follower]
  }

  choose(follower: number, u: number): EndpointId | NoChoice {
    const { sets } = this
    const level = sets.activeLevel(follower)
    if (level !== Level.Out) {
      const size = sets.sizes[follower * LEVELS + level]
      const inTurn = this.cluster.model.network.inTurn
      return sets.memberOf(follower, level, inTurn ? this.turns[follower]++ % size : Math.floor(u * size))
    }
    return sets.sizes[follower * LEVELS + Level.Elsewhere] > 0 ? NoChoice.Dropped : NoChoice.Rejected
  }

  stateOf(endpoint: EndpointId): EndpointState {
    return this.states.state[endpoint] as EndpointState
  }

  podOf(endpoint: EndpointId): PodId {
    return this.cluster.endpoints.pod[endpoint]
  }

  causeOf(state: EndpointState): LossCause {
    return CAUSE_OF_STATE[state]
  }

  /** A pod is ready and answers, and this follower has not heard of it; or there is none. */
  causeOfNoChoice(follower: number): LossCause {
    const { endpoints } = this.cluster
    if (this.sets.isCutOff[follower] === 1) return LossCause.StaleEndpoint
    for (let endpoint = 0 as EndpointId; endpoint < endpoints.end; endpoint++) {
      if (this.availability[endpoint] !== Availability.Ready || endpoints.holds[endpoint] === 0) continue
      if (this.states.state[endpoint] !== EndpointState.Answering) continue
      if (this.levelFor(follower, endpoint, Availability.Ready) !== Level.Elsewhere) return LossCause.NotYetRegistered
    }
    return LossCause.NoEndpoint
  }

  /** Something is about to change: those who integrate take the time up to now in. */
  touch(): void {
    this.readUpToNow()
    this.changed?.()
  }

  /** So much of each follower's choices is above the capacity of pods; readers have been called by `readUpToNow`. */
  setOverload(follower: number, good: number, bad: number): void {
    this.overloadGood[follower] = good
    this.overloadBad[follower] = bad
    this.isOverloaded ||= good > 0 || bad > 0
  }

  /** No pod gets more than it can answer. */
  clearOverload(): void {
    if (!this.isOverloaded) return
    this.overloadGood.fill(0)
    this.overloadBad.fill(0)
    this.isOverloaded = false
  }

  /** Those who integrate take the time up to now in. */
  readUpToNow(): void {
    const { readers } = this
    const { nowUs } = this.cluster
    for (let i = 0; i < readers.length; i++) readers[i].advance(nowUs)
    this.isEvaluated = false
  }

  /** The share of the requests that an endpoint gets now. */
  shareOf(endpoint: EndpointId): number {
    const { sets } = this
    let share = 0
    for (let follower = 0; follower < sets.followers; follower++)
      share += this.weights[follower] * this.chanceOf(follower, endpoint)
    return share
  }

  /** The chance that a new connection of a follower's goes to an endpoint. */
  chanceOf(follower: number, endpoint: EndpointId): number {
    const { sets } = this
    const level = sets.levelOf(follower, endpoint)
    if (level === Level.Out || level !== sets.activeLevel(follower)) return 0
    return 1 / sets.sizes[follower * LEVELS + level]
  }

  /** The share of errors among an endpoint's answers, in billionths. */
  errorUnitsOf(endpoint: EndpointId): number {
    return this.states.errorUnits[endpoint]
  }

  /**
   * What becomes of a new connection of a follower's: the chance of an answer, and by cause the chances of a loss, which
   * are written into `lost`.
   */
  outcomeOf(follower: number, lost: Float64Array): number {
    lost.fill(0)
    const level = this.sets.activeLevel(follower)
    if (level === Level.Out) {
      lost[this.causeOfNoChoice(follower)] = 1
      return 0
    }
    const good = this.overloadGood[follower]
    const bad = this.overloadBad[follower]
    const answered = this.addSet(follower * LEVELS + level, 1, lost) - good
    lost[LossCause.BadVersion] -= bad
    lost[LossCause.Overload] += good + bad
    return answered
  }

  /**
   * What the API server now says of an endpoint; true if that is news.
   *
   * @param isGone the pod is being taken out of the store
   */
  observe(endpoint: EndpointId, isGone: boolean): boolean {
    const pod = this.cluster.endpoints.pod[endpoint]
    const isOver = isGone || pod === NONE
    const now = isOver ? Availability.None : availabilityOf(this.cluster, this.service, pod)
    if (this.availability[endpoint] === now) return false
    this.touch()
    this.availability[endpoint] = now
    return true
  }

  /** A follower hears what an endpoint is. */
  learn(follower: number, endpoint: EndpointId, availability: Availability): void {
    this.touch()
    this.heard[follower * this.cluster.endpoints.capacity + endpoint] = availability
    this.sets.setLevel(follower, endpoint, this.levelFor(follower, endpoint, availability))
    if (this.nodeTargets) this.check(follower, this.nodeTargets)
  }

  /** A node may answer its health checks otherwise now. */
  checkNode(node: NodeId): void {
    const follower = this.nodeTargets === undefined ? NONE : this.nodes.indexOf(node)
    if (this.nodeTargets && follower !== NONE) this.check(follower, this.nodeTargets)
  }

  private check(follower: number, targets: NodeTargets): void {
    const { agenda, model, nowUs, services } = this.cluster
    const { sets } = this
    const isCutOff = targets.isCutOff(follower) ? 1 : 0
    if (sets.isCutOff[follower] !== isCutOff) {
      this.touch()
      sets.isCutOff[follower] = isCutOff
    }
    const isLocal = services.exists[this.service] === 1 && services.specOf(this.service).externalLocal
    const delayUs = targets.look(follower, !isLocal || sets.readyCount(follower) > 0)
    if (delayUs === NO_NEWS) return
    if (delayUs > 0)
      agenda.push(
        nowUs + delayUs,
        Rank.World,
        EventKind.HealthCheck | (model.routes.indexOf(this.model) << 8),
        follower,
      )
    else this.reweigh()
  }

  /** A row of equal answers to health checks may be complete. */
  settle(follower: number): void {
    if (this.nodeTargets?.settle(follower)) this.reweigh()
  }

  private reweigh(): void {
    this.touch()
    this.weigh()
  }

  /** All followers hear it at once. */
  learnAll(endpoint: EndpointId, availability: Availability): void {
    for (let follower = 0; follower < this.sets.followers; follower++) this.learn(follower, endpoint, availability)
  }

  /** The Service's policies are others: each endpoint stands where they put it. */
  relevel(): void {
    const { endpoints } = this.cluster
    for (let follower = 0; follower < this.sets.followers; follower++)
      for (let endpoint = 0 as EndpointId; endpoint < endpoints.end; endpoint++)
        this.learn(follower, endpoint, this.heard[follower * endpoints.capacity + endpoint] as Availability)
  }

  /** Where an endpoint stands for a follower, by the Service's policies (pkg/proxy/topology.go CategorizeEndpoints). */
  private levelFor(follower: number, endpoint: EndpointId, availability: Availability): Level {
    if (availability === Availability.None || availability === Availability.Listed) return Level.Out
    const { endpoints, model, services } = this.cluster
    const isTerminating = availability === Availability.Terminating
    const node = this.nodes[follower]
    if (node === NONE || services.exists[this.service] === 0) return isTerminating ? Level.Terminating : Level.Ready
    const { externalLocal, internalLocal, preference } = services.specOf(this.service)
    const at = endpoints.node[endpoint]
    if ((this.model.isExternal ? externalLocal : internalLocal) && at !== node) return Level.Elsewhere
    if (isTerminating) return Level.Terminating
    if (preference === 'node' && at === node) return Level.SameNode
    if (preference !== 'none' && model.nodes[at].zone === model.nodes[node].zone) return Level.SameZone
    return Level.Ready
  }

  /** Works out the shares, if something has changed since the last time. */
  evaluate(): void {
    if (this.isEvaluated) return
    this.isEvaluated = true
    const { lost, sets } = this
    this.answered = 0
    lost.fill(0)
    let versions = 0
    let onlyVersion = NONE
    for (let follower = 0; follower < sets.followers; follower++) {
      const weight = this.weights[follower]
      if (weight === 0) continue
      const level = sets.activeLevel(follower)
      if (level === Level.Out) {
        lost[this.causeOfNoChoice(follower)] += weight
        continue
      }
      const set = follower * LEVELS + level
      this.answered += this.addSet(set, weight, lost)
      // With one template the sum of their ids is its id. Followers that each serve another one overlap as well.
      if (sets.versions[set] === 0) continue
      const isOther = versions > 0 && onlyVersion !== sets.versionSum[set]
      versions = isOther ? 2 : Math.max(versions, sets.versions[set])
      onlyVersion = sets.versionSum[set]
    }
    this.overlaps = versions > 1
    this.version = onlyVersion
    if (this.isOverloaded) this.takeOverload()
  }

  /** What is above the capacities is lost, whatever it would have met. */
  private takeOverload(): void {
    const { lost, overloadBad, overloadGood, weights } = this
    for (let follower = 0; follower < weights.length; follower++) {
      const good = weights[follower] * overloadGood[follower]
      const bad = weights[follower] * overloadBad[follower]
      this.answered -= good
      lost[LossCause.BadVersion] -= bad
      lost[LossCause.Overload] += good + bad
    }
  }

  /** Adds what becomes of the requests that go to the endpoints of a set, each alike; returns what is answered. */
  private addSet(set: number, weight: number, lost: Float64Array): number {
    const { sets } = this
    const each = weight / sets.sizes[set]
    const answering = sets.inState[set * ENDPOINT_STATES]
    const errors = sets.errorUnits[set] / ERROR_UNITS
    lost[LossCause.BadVersion] += each * errors
    for (let state = 1; state < ENDPOINT_STATES; state++) {
      const count = sets.inState[set * ENDPOINT_STATES + state]
      if (count > 0) lost[CAUSE_OF_STATE[state]] += each * count
    }
    return each * (answering - errors)
  }
}
