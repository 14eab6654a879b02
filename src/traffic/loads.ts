// How many requests a second each pod gets, where somebody wants to know: behaviours that count requests, and pods with
// a capacity, above which requests are lost. This is the one place that looks at pods one by one, so it does nothing
// unless it must, and then once for each instant in which something changed.

import { NONE } from '../base/columns.ts'
import { setLoad } from '../cluster/applicationWrites.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import type { EndpointId } from '../cluster/endpoints.ts'
import type { EndpointStates } from './endpointStates.ts'
import { ERROR_UNITS } from './endpointStates.ts'
import type { Route, StayingStream } from './route.ts'
import { EndpointState, Level, LEVELS } from './types.ts'

export class Loads {
  private readonly cluster: Cluster
  private readonly states: EndpointStates
  private readonly routes: readonly Route[]
  /** By endpoint: requests a second, and the share of them that is above its capacity. */
  private readonly load: Float64Array
  readonly excess: Float64Array
  private isPending = false
  private hasCapacities = false

  constructor(cluster: Cluster, states: EndpointStates, routes: readonly Route[]) {
    this.cluster = cluster
    this.states = states
    this.routes = routes
    this.load = new Float64Array(cluster.endpoints.capacity)
    this.excess = new Float64Array(cluster.endpoints.capacity)
    for (const route of routes) route.changed = () => this.noteChange()
  }

  reset(): void {
    this.excess.fill(0)
    this.isPending = this.hasCapacities = false
  }

  /** Some pod can answer so many requests a second and no more. */
  noteCapacity(): void {
    this.hasCapacities = true
    this.noteChange()
  }

  /** Shares are others: loads are worked out when the instant has settled. */
  private noteChange(): void {
    const { agenda, nowUs, watch } = this.cluster
    if (this.isPending || !(this.hasCapacities || watch.carriesLoad)) return
    if (!this.routes.some(({ requestsPerSecond }) => requestsPerSecond > 0)) return
    this.isPending = true
    agenda.push(nowUs, Rank.Late, EventKind.LoadChange, 0)
  }

  /** Works out all loads, and tells applications theirs. */
  fire(): void {
    this.isPending = false
    const { cluster, load, routes } = this
    const { applications, endpoints } = cluster
    load.fill(0, 0, endpoints.end)
    for (let i = 0; i < routes.length; i++) this.addRoute(routes[i])
    if (this.hasCapacities) for (let i = 0; i < routes.length; i++) routes[i].readUpToNow()
    let isOver = false
    for (let endpoint = 0 as EndpointId; endpoint < endpoints.end; endpoint++) {
      const pod = endpoints.pod[endpoint]
      this.excess[endpoint] = 0
      if (pod === NONE || endpoints.holds[endpoint] === 0) continue
      const capacity = applications.capacity[pod]
      if (load[endpoint] > capacity) {
        this.excess[endpoint] = 1 - capacity / load[endpoint]
        isOver = true
      }
    }
    for (let i = 0; i < routes.length; i++) {
      if (isOver) this.addOverload(routes[i])
      else routes[i].clearOverload()
    }
    for (let endpoint = 0 as EndpointId; endpoint < endpoints.end; endpoint++) {
      const pod = endpoints.pod[endpoint]
      if (pod !== NONE && endpoints.holds[endpoint] > 0) setLoad(cluster, pod, load[endpoint])
    }
  }

  /** Adds what the streams of a route send to each pod that answers. */
  private addRoute(route: Route): void {
    const { sets } = route
    for (let follower = 0; follower < sets.followers; follower++) {
      const level = sets.activeLevel(follower)
      const size = level === Level.Out ? 0 : sets.sizes[follower * LEVELS + level]
      const each = (route.choosingPerSecond * route.weightOf(follower)) / size
      for (let k = 0; k < size; k++) {
        const endpoint = sets.memberOf(follower, level, k)
        if (this.states.state[endpoint] === EndpointState.Answering) this.load[endpoint] += each
      }
    }
    for (let i = 0; i < route.staying.length; i++) this.addStaying(route.staying[i])
  }

  /** Adds what clients send that stay with endpoints, as they are spread at this moment. */
  private addStaying(stream: StayingStream): void {
    for (let endpoint = 0 as EndpointId; endpoint < this.cluster.endpoints.end; endpoint++)
      if (this.states.state[endpoint] === EndpointState.Answering)
        this.load[endpoint] += stream.requestsPerSecond * stream.shareOf(endpoint)
  }

  /** The shares of a route's choices that would be answered well, or with an error, and are above a capacity. */
  private addOverload(route: Route): void {
    const { sets } = route
    for (let follower = 0; follower < sets.followers; follower++) {
      const level = sets.activeLevel(follower)
      const size = level === Level.Out ? 0 : sets.sizes[follower * LEVELS + level]
      let good = 0
      let bad = 0
      for (let k = 0; k < size; k++) {
        const endpoint = sets.memberOf(follower, level, k)
        if (this.states.state[endpoint] !== EndpointState.Answering) continue
        const share = this.excess[endpoint] / size
        const errors = this.states.errorUnits[endpoint] / ERROR_UNITS
        good += share * (1 - errors)
        bad += share * errors
      }
      route.setOverload(follower, good, bad)
    }
  }
}
