// Requests in expectation (the fluid mode): which endpoints there are, who has heard of them, and what of each stream is
// answered. Watches what kubelets do to applications and what the API server says of pods; changes nothing itself.

import { NONE } from '../base/columns.ts'
import { AppState } from '../cluster/applications.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, NodeState, PodChange, Rank } from '../cluster/codes.ts'
import { Availability, type EndpointId } from '../cluster/endpoints.ts'
import type { PodId } from '../cluster/pods.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { RandomStreams } from '../kernel/random.ts'
import { Kind, type Model, type NodeId, type RouteModel, type ServiceSpec } from '../model/types.ts'
import { Clients } from './clients/clients.ts'
import { readNotice } from './clients/pins.ts'
import { ERROR_UNITS, EndpointStates } from './endpointStates.ts'
import { Loads } from './loads.ts'
import { Proxies } from './proxies.ts'
import { Route } from './route.ts'
import { StreamMeter } from './streamMeter.ts'
import { EndpointState } from './types.ts'

/** Layout of the word of an EndpointDue: kind (8 bits), availability (2 bits), follower (6 bits), index of the route. */
const AVAILABILITY_SHIFT = 8
const FOLLOWER_SHIFT = 10
const ROUTE_SHIFT = 16

/** Clients of DNS whose answers are of so many ages, evenly from new to as old as they may be. */
const DNS_AGES = 16

const NOT_DRAINING = -1

export class Traffic {
  readonly routes: readonly Route[]
  readonly streams: readonly StreamMeter[]
  readonly proxies: Proxies
  readonly loads: Loads
  /** By stream; undefined: each request makes a choice, and is answered or lost. */
  private readonly clients: readonly (Clients | undefined)[]
  private readonly cluster: Cluster
  private readonly states: EndpointStates
  /** 1: the machine was down when its endpoints were looked at last. */
  private readonly wasDown: Uint8Array
  /** Streams whose requests take time, with their routes; and by stream and endpoint its share at SIGTERM. */
  private readonly sending: readonly { readonly index: number; readonly route: Route }[]
  private readonly shares: readonly Float64Array[]
  /** By endpoint: when its application began to drain. */
  private readonly drainsSinceUs: Float64Array
  private readonly exists: Uint8Array

  constructor(cluster: Cluster, random: RandomStreams) {
    const { model } = cluster
    this.cluster = cluster
    this.states = new EndpointStates(cluster)
    const proxyNodes = chooseNodes(model)
    this.routes = model.routes.map(
      (route) => new Route(cluster, this.states, route, followersOf(model, route, proxyNodes)),
    )
    const proxied = this.routes.filter(({ model: { follow } }) => follow.type === 'kubeProxy')
    this.proxies = new Proxies(
      cluster,
      random,
      proxied.length === 0 ? 0 : proxyNodes.length,
      (proxy, service, ...news) => {
        for (const route of proxied) if (route.service === service) route.learn(proxy, ...news)
      },
    )
    this.loads = new Loads(cluster, this.states, this.routes)
    this.clients = model.traffic.map((traffic, stream) => {
      const { keepAlive, perSource, retries, route } = traffic
      if (keepAlive === undefined && perSource === 0 && retries === undefined) return undefined
      return new Clients(cluster, traffic, this.routes[route], stream, this.loads.excess)
    })
    this.streams = model.traffic.map(
      (traffic, stream) => new StreamMeter(model, traffic, this.routes[traffic.route], this.clients[stream]),
    )
    this.sending = model.traffic.flatMap(({ duration, requestsPerSecond, route }, index) => {
      const isInstant = duration.type === 'fixed' && duration.us === 0
      return isInstant || requestsPerSecond === 0 ? [] : [{ index, route: this.routes[route] }]
    })
    this.shares = this.streams.map(() => new Float64Array(cluster.endpoints.capacity))
    this.drainsSinceUs = new Float64Array(cluster.endpoints.capacity)
    this.wasDown = new Uint8Array(model.nodes.length)
    this.exists = new Uint8Array(model.nodes.length)
  }

  reset(): void {
    for (const route of this.routes) route.reset()
    this.proxies.reset()
    for (const stream of this.streams) stream.reset()
    this.loads.reset()
    this.drainsSinceUs.fill(NOT_DRAINING)
    this.wasDown.fill(0)
    this.cluster.model.nodes.forEach(({ existsAtStart }, node) => (this.exists[node] = existsAtStart ? 1 : 0))
  }

  watcher(): Watcher {
    const { endpoints } = this.cluster
    return {
      podUpdated: (pod, change) => {
        const endpoint = endpoints.ofPod[pod]
        if (endpoint === NONE) return
        // The row is new, or what a request meets is called something else from now on.
        if (change === PodChange.Ready || change === PodChange.Started || change === PodChange.DeletionMark)
          this.lookAtApplication(endpoint, false)
        this.lookAtPod(endpoint, false)
      },
      podDeleted: (pod) => {
        const endpoint = endpoints.ofPod[pod]
        if (endpoint === NONE) return
        this.lookAtApplication(endpoint, true)
        this.lookAtPod(endpoint, true)
      },
      applicationChanged: (pod) => this.onApplication(pod),
      nodeChanged: (node) => this.onNode(node),
      specChanged: (kind, row) => this.onService(kind, row),
      objectDeleted: (kind, row) => this.onService(kind, row),
      endpointChanged: (service, endpoint) => {
        const { endpointSlices } = this.cluster
        const stored = endpointSlices.stored[endpointSlices.at(service, endpoint)]
        this.proxies.noteChange(service, endpoint, stored as Availability)
      },
      endpointSliceWritten: () => this.proxies.noteWrite(),
      selectorSwitched: () => this.routes.forEach((route) => this.observeAll(route)),
    }
  }

  private onApplication(pod: PodId): void {
    const endpoint = this.cluster.endpoints.ofPod[pod]
    if (endpoint === NONE) return
    if (this.cluster.applications.capacity[pod] < Infinity) this.loads.noteCapacity()
    this.lookAtApplication(endpoint, false)
  }

  /** A machine that is down reaches nobody; one that is back serves what still runs on it. */
  private onNode(node: NodeId): void {
    const { endpoints, nodes } = this.cluster
    for (const route of this.routes) route.checkNode(node)
    const isDown = nodes.down[node] === NodeState.Down ? 1 : 0
    if (this.wasDown[node] === isDown && this.exists[node] === nodes.exists[node]) return
    this.exists[node] = nodes.exists[node]
    this.wasDown[node] = isDown
    for (const route of this.routes) {
      route.touch()
      route.weigh()
    }
    for (let endpoint = 0 as EndpointId; endpoint < endpoints.end; endpoint++)
      if (endpoints.holds[endpoint] > 0 && endpoints.node[endpoint] === node) this.lookAtApplication(endpoint, false)
  }

  /** A Service is new, gone, or selects other pods. */
  private onService(kind: Kind, row: number): void {
    if (kind !== Kind.Service) return
    for (const route of this.routes) {
      if (route.service !== row) continue
      route.relevel()
      this.observeAll(route)
    }
  }

  /** Any pod may be an endpoint of the Service now, or none any more. */
  private observeAll(route: Route): void {
    const { endpoints } = this.cluster
    for (let endpoint = 0 as EndpointId; endpoint < endpoints.end; endpoint++)
      if (endpoints.holds[endpoint] > 0 && route.observe(endpoint, false)) this.tell(route, endpoint)
  }

  /** What a request meets at an endpoint may be another thing now. */
  private lookAtApplication(endpoint: EndpointId, isGone: boolean): void {
    const { routes, states } = this
    const state = states.observe(endpoint, isGone)
    const errorUnits = states.errorsOf(endpoint)
    this.noteEnds(endpoint, state, isGone)
    if (states.state[endpoint] === state && states.errorUnits[endpoint] === errorUnits) return
    for (let i = 0; i < routes.length; i++) {
      routes[i].touch()
      routes[i].sets.setState(endpoint, state, errorUnits)
    }
    if (state !== EndpointState.Answering) for (const clients of this.clients) clients?.pins?.noteEnd(endpoint, state)
    states.state[endpoint] = state
    states.errorUnits[endpoint] = errorUnits
  }

  /**
   * An application that answered is about to be in `state`: what is under way in it goes on while it drains, and is cut
   * when it ends, whether or not it has drained.
   */
  private noteEnds(endpoint: EndpointId, state: EndpointState, isGone: boolean): void {
    const { applications, endpoints, nowUs } = this.cluster
    const wasAnswering = this.states.state[endpoint] === EndpointState.Answering
    if (state === EndpointState.Answering || (!wasAnswering && this.drainsSinceUs[endpoint] === NOT_DRAINING)) return
    const pod = endpoints.pod[endpoint]
    const drains = pod !== NONE && !isGone && applications.state[pod] === AppState.Draining
    const goesOn = drains && state === EndpointState.Terminated
    if (goesOn && !wasAnswering) return
    const good = 1 - this.states.errorUnits[endpoint] / ERROR_UNITS
    for (const { index, route } of this.sending) {
      route.touch()
      if (wasAnswering) this.shares[index][endpoint] = this.streams[index].shareOf(endpoint) * good
      if (goesOn) continue
      const elapsedUs = wasAnswering ? 0 : nowUs - this.drainsSinceUs[endpoint]
      this.streams[index].noteEnd(this.shares[index][endpoint], elapsedUs)
    }
    this.drainsSinceUs[endpoint] = goesOn ? nowUs : NOT_DRAINING
  }

  /** What the API server says of a pod may be another thing now. */
  private lookAtPod(endpoint: EndpointId, isGone: boolean): void {
    const { routes } = this
    for (let i = 0; i < routes.length; i++) if (routes[i].observe(endpoint, isGone)) this.tell(routes[i], endpoint)
  }

  /** Senders hear of an endpoint's new availability when their rule says. */
  private tell(route: Route, endpoint: EndpointId): void {
    const availability = route.availability[endpoint] as Availability
    const { follow, front } = route.model
    const { podTargets } = route
    // DNS and load balancers know ready pods only.
    const known = availability === Availability.Ready ? availability : Availability.None
    if (podTargets) {
      if (podTargets.look(endpoint, known)) this.tellLater(route, 0, endpoint, known, podTargets.delayOf(endpoint))
      return
    }
    if (front?.type === 'dns') {
      for (let age = 0; age < DNS_AGES; age++) {
        const us = Math.round((front.cacheUs * (age + 0.5)) / DNS_AGES)
        this.tellLater(route, age, endpoint, known, us)
      }
      return
    }
    // Those behind a kube-proxy hear of it by the slices.
    if (follow.type === 'kubeProxy') return
    if (follow.delayUs === 0) return route.learnAll(endpoint, availability)
    this.tellLater(route, 0, endpoint, availability, follow.delayUs)
  }

  private tellLater(
    route: Route,
    follower: number,
    endpoint: EndpointId,
    availability: Availability,
    delayUs: number,
  ): void {
    const { agenda, endpoints, nowUs } = this.cluster
    endpoints.hold(endpoint)
    const what = EventKind.EndpointDue | (availability << AVAILABILITY_SHIFT) | (follower << FOLLOWER_SHIFT)
    agenda.push(nowUs + delayUs, Rank.World, what | (this.routes.indexOf(route) << ROUTE_SHIFT), endpoint)
  }

  /** Clients of a stream notice that connections are closed, or that nobody answers on them. */
  fireNotice(word: number): void {
    const { stream, isSilent } = readNotice(word)
    this.routes[this.cluster.model.traffic[stream].route].touch()
    this.clients[stream]?.pins?.notice(isSilent)
  }

  /** The senders of a route hear of an endpoint. */
  fire(word: number, endpoint: EndpointId): void {
    const availability = ((word >>> AVAILABILITY_SHIFT) & 3) as Availability
    const route = this.routes[word >>> ROUTE_SHIFT]
    if (route.model.front?.type === 'dns')
      route.learn((word >>> FOLLOWER_SHIFT) & (DNS_AGES - 1), endpoint, availability)
    else if (route.podTargets === undefined || route.podTargets.isSettled(endpoint))
      route.learnAll(endpoint, availability)
    this.cluster.endpoints.release(endpoint)
  }
}

/** Most proxies that are followed one by one; above, each stands for an equal share of the nodes and of the senders. */
const PROXIES_MAX = 16

/** The nodes whose proxies are followed: all of them where it matters on which node a sender is. */
function chooseNodes({ nodes, routes, services }: Model): NodeId[] {
  const isTarget = routes.some(({ front }) => front?.type === 'nodeTargets')
  const isNear = isTarget || services.some(({ specs }) => specs.some(dependsOnNode))
  const count = isNear ? nodes.length : Math.min(nodes.length, PROXIES_MAX)
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * nodes.length) / count) as NodeId)
}

/** The node of each follower of a route. Those who all hear everything at once are one, unless they are told apart. */
function followersOf(
  { nodes, services }: Model,
  { follow, front, service }: RouteModel,
  proxyNodes: NodeId[],
): NodeId[] {
  if (front?.type === 'dns') return Array.from({ length: DNS_AGES }, () => NONE as NodeId)
  if (front?.type === 'podTargets') return [NONE as NodeId]
  if (follow.type === 'kubeProxy') return proxyNodes
  const isNear = front?.type === 'nodeTargets' || services[service].specs.some(dependsOnNode)
  return isNear ? nodes.map((_, node) => node as NodeId) : [NONE as NodeId]
}

function dependsOnNode({ externalLocal, internalLocal, preference }: ServiceSpec): boolean {
  return externalLocal || internalLocal || preference !== 'none'
}
