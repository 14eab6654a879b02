// Requests in expectation (the fluid mode): which endpoints there are, who has heard of them, and what of each stream is
// answered. Watches what kubelets do to applications and what the API server says of pods; changes nothing itself.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, NodeState, PodChange, Rank } from '../cluster/codes.ts'
import type { Availability, EndpointId } from '../cluster/endpoints.ts'
import type { PodId } from '../cluster/pods.ts'
import type { Watcher } from '../cluster/watch.ts'
import { Kind, type NodeId } from '../model/types.ts'
import { EndpointStates } from './endpointStates.ts'
import { Route } from './route.ts'
import { StreamMeter } from './streamMeter.ts'

/** Layout of the word of an EndpointDue: kind (8 bits), availability (2 bits), index of the route. */
const AVAILABILITY_SHIFT = 8
const ROUTE_SHIFT = 10

export class Traffic {
  readonly routes: readonly Route[]
  readonly streams: readonly StreamMeter[]
  private readonly cluster: Cluster
  private readonly states: EndpointStates
  /** 1: the machine was down when its endpoints were looked at last. */
  private readonly wasDown: Uint8Array

  constructor(cluster: Cluster) {
    const { model } = cluster
    this.cluster = cluster
    this.states = new EndpointStates(cluster)
    this.routes = model.routes.map((route) => new Route(cluster, this.states, route))
    this.streams = model.traffic.map((traffic) => new StreamMeter(model, traffic, this.routes[traffic.route]))
    this.wasDown = new Uint8Array(model.nodes.length)
  }

  reset(): void {
    for (const route of this.routes) route.reset()
    for (const stream of this.streams) stream.reset()
    this.wasDown.fill(0)
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
      selectorSwitched: () => this.routes.forEach((route) => this.observeAll(route)),
    }
  }

  private onApplication(pod: PodId): void {
    const endpoint = this.cluster.endpoints.ofPod[pod]
    if (endpoint !== NONE) this.lookAtApplication(endpoint, false)
  }

  /** A machine that is down reaches nobody; one that is back serves what still runs on it. */
  private onNode(node: NodeId): void {
    const { endpoints, nodes } = this.cluster
    const isDown = nodes.down[node] === NodeState.Down ? 1 : 0
    if (this.wasDown[node] === isDown) return
    this.wasDown[node] = isDown
    for (let endpoint = 0 as EndpointId; endpoint < endpoints.end; endpoint++)
      if (endpoints.holds[endpoint] > 0 && endpoints.node[endpoint] === node) this.lookAtApplication(endpoint, false)
  }

  /** A Service is new, gone, or selects other pods. */
  private onService(kind: Kind, row: number): void {
    if (kind !== Kind.Service) return
    for (const route of this.routes) if (route.service === row) this.observeAll(route)
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
    if (states.state[endpoint] === state && states.errorUnits[endpoint] === errorUnits) return
    for (let i = 0; i < routes.length; i++) {
      routes[i].touch()
      routes[i].sets.setState(endpoint, state, errorUnits)
    }
    states.state[endpoint] = state
    states.errorUnits[endpoint] = errorUnits
  }

  /** What the API server says of a pod may be another thing now. */
  private lookAtPod(endpoint: EndpointId, isGone: boolean): void {
    const { routes } = this
    for (let i = 0; i < routes.length; i++) if (routes[i].observe(endpoint, isGone)) this.tell(routes[i], endpoint)
  }

  /** Senders hear of an endpoint's new availability when their rule says. */
  private tell(route: Route, endpoint: EndpointId): void {
    const { agenda, endpoints, nowUs } = this.cluster
    const availability = route.availability[endpoint] as Availability
    const { delayUs } = route.model.follow
    if (delayUs === 0) return route.learn(0, endpoint, availability)
    endpoints.hold(endpoint)
    const word =
      EventKind.EndpointDue | (availability << AVAILABILITY_SHIFT) | (this.routes.indexOf(route) << ROUTE_SHIFT)
    agenda.push(nowUs + delayUs, Rank.World, word, endpoint)
  }

  /** The senders of a route hear of an endpoint. */
  fire(word: number, endpoint: EndpointId): void {
    const availability = ((word >>> AVAILABILITY_SHIFT) & 3) as Availability
    this.routes[word >>> ROUTE_SHIFT].learn(0, endpoint, availability)
    this.cluster.endpoints.release(endpoint)
  }
}
