// Requests one by one (the request mode): each comes at its time, chooses an endpoint as the senders know them, waits in
// its pod and is answered, or is lost for a cause. Between two changes of anything that a request could meet, all
// requests of the interval are played in one loop; none of them is an event.
//
//   a change is about to happen --advance(now)--> play the requests up to now, against what was true until now
//   a process ends -------------------kill------> answers that were booked and would come later are taken back
//
// The fluid mode goes on beside it, for the measures that are times (downtime, overlap).

import { NONE } from '../../base/columns.ts'
import { LossCause } from '../../base/losses.ts'
import { AppState } from '../../cluster/applications.ts'
import { useAnswer } from '../../cluster/applicationWrites.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { NodeState } from '../../cluster/codes.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { RandomStreams } from '../../kernel/random.ts'
import type { NodeId } from '../../model/types.ts'
import type { RequestsSpec } from '../../scenario/types.ts'
import type { Route, RouteReader } from '../route.ts'
import { EndpointState, type RouteView } from '../types.ts'
import { RequestStream, type StreamTimes } from './requestStream.ts'
import { ServiceTime } from './serviceTime.ts'
import { Stations, TURNED_AWAY } from './stations.ts'

/** Requests come so long before the window, and are not counted, so that pods are as busy as usual when it begins. */
const LEAD_US = 5_000_000

/** In the ledger: a request of the time before the window. */
const UNCOUNTED = 255

const UNKNOWN = -1

export class Requests implements RouteReader {
  readonly streams: readonly RequestStream[]
  private readonly cluster: Cluster
  private readonly stations: Stations
  private readonly serviceTimes: readonly ServiceTime[]
  /** By pod: its service times are so many times as long as when it is warm. */
  private readonly slowness: Float64Array
  /** By pod: share of errors, as it is until the next change. */
  private readonly errorShare: Float64Array
  private readonly template: Int32Array
  private sinceUs = 0
  /** By follower, for the stream and the interval that are played: the cause of a loss for want of an endpoint. */
  private readonly noChoice: Int8Array
  /** By follower: the sum of the weights up to it. */
  private readonly weights: Float64Array

  /** @param times by stream of the model: the fluid measures that are times */
  constructor(
    cluster: Cluster,
    routes: readonly Route[],
    times: readonly StreamTimes[],
    spec: RequestsSpec,
    random: RandomStreams,
  ) {
    const { model, pods } = cluster
    this.cluster = cluster
    this.stations = new Stations(pods.capacity)
    this.serviceTimes = model.templates.map(({ service }) => new ServiceTime(service))
    this.slowness = new Float64Array(pods.capacity)
    this.errorShare = new Float64Array(pods.capacity)
    this.template = new Int32Array(pods.capacity)
    const finish = (): void => this.advance(model.horizonUs)
    this.streams = model.traffic.map(
      (traffic, i) => new RequestStream(routes[traffic.route], traffic, i, spec, random, times[i], finish),
    )
    const followers = Math.max(1, ...routes.map((route) => route.followerCount))
    this.noChoice = new Int8Array(followers)
    this.weights = new Float64Array(followers)
    for (const route of routes) route.readers.push(this)
    cluster.applications.catchUp = () => this.advance(cluster.nowUs)
  }

  reset(): void {
    const { windowStartUs } = this.cluster.model
    this.sinceUs = Math.max(0, windowStartUs - LEAD_US)
    for (const stream of this.streams) stream.begin(this.sinceUs)
  }

  watcher(): Watcher {
    const { applications } = this.cluster
    return {
      applicationChanged: (pod, before) => {
        this.advance(this.cluster.nowUs)
        const state = applications.state[pod]
        if (state === AppState.Serving && before !== AppState.Serving) this.open(pod)
        else if (state === AppState.None) this.kill(pod, LossCause.KilledInFlight)
        else if (state === AppState.Hung && before !== AppState.Hung) this.kill(pod, LossCause.StaleEndpoint)
        this.readPod(pod)
      },
      podDeleted: (pod) => {
        this.advance(this.cluster.nowUs)
        this.kill(pod, LossCause.KilledInFlight)
      },
      nodeChanged: (node) => this.onNode(node),
    }
  }

  /** Plays all requests up to now, against what has been true since the last call. */
  advance(nowUs: number): void {
    const untilUs = Math.min(nowUs, this.cluster.model.horizonUs)
    if (untilUs <= this.sinceUs) return
    const { windowStartUs } = this.cluster.model
    if (this.sinceUs < windowStartUs && windowStartUs < untilUs) this.advance(windowStartUs)
    const isCounted = this.sinceUs >= windowStartUs
    this.sinceUs = untilUs
    const { streams } = this
    let only: RequestStream | undefined
    let index = 0
    let active = 0
    for (let i = 0; i < streams.length; i++) {
      if (streams[i].nextUs > untilUs) continue
      only = streams[i]
      index = i
      active++
    }
    if (only !== undefined && active === 1) this.playStream(only, isCounted ? index : UNCOUNTED, untilUs)
    else if (active > 1) this.playInTurn(untilUs, isCounted)
  }

  /** Several streams have requests in the interval: they meet in the same pods, so all are played in order of time. */
  private playInTurn(untilUs: number, isCounted: boolean): void {
    const { streams } = this
    for (;;) {
      let first = 0
      let secondUs = Infinity
      for (let i = 1; i < streams.length; i++) {
        const { nextUs } = streams[i]
        if (nextUs < streams[first].nextUs) {
          secondUs = streams[first].nextUs
          first = i
        } else if (nextUs < secondUs) secondUs = nextUs
      }
      if (streams[first].nextUs > untilUs) return
      this.playStream(streams[first], isCounted ? first : UNCOUNTED, Math.min(untilUs, secondUs))
    }
  }

  /** Plays the requests of one stream up to an instant. */
  private playStream(stream: RequestStream, index: number, untilUs: number): void {
    const { choices, errors, route, services, timeoutUs } = stream
    const { errorShare, serviceTimes, slowness, stations, template } = this
    const followers = route.followerCount
    this.noChoice.fill(UNKNOWN, 0, followers)
    const isEven = this.weigh(route, followers)
    while (stream.nextUs <= untilUs) {
      const atUs = stream.nextUs
      stream.awaitNext()
      const u = choices.next()
      const serviceU = services.next()
      // One number chooses the follower and, by what is left of it, the endpoint.
      const follower = isEven ? Math.floor(u * followers) : this.followerAt(u, followers)
      const within = isEven ? u * followers - follower : this.restOf(u, follower)
      const endpoint = route.choose(follower, within)
      if (endpoint < 0) {
        this.lose(stream, index, this.causeOfNoChoice(route, follower))
        continue
      }
      const state = route.stateOf(endpoint as Parameters<typeof route.stateOf>[0])
      if (state !== EndpointState.Answering) {
        this.lose(stream, index, route.causeOf(state))
        continue
      }
      const pod = route.podOf(endpoint as Parameters<typeof route.podOf>[0])
      const serviceUs = serviceTimes[template[pod]].draw(serviceU) * slowness[pod]
      const doneUs = stations.admit(pod, atUs, serviceUs, timeoutUs)
      if (doneUs === TURNED_AWAY) {
        this.lose(stream, index, LossCause.Overload)
        continue
      }
      if (this.isError(pod, errorShare[pod], errors)) this.lose(stream, index, LossCause.BadVersion)
      else if (doneUs - atUs > timeoutUs) this.lose(stream, index, LossCause.Overload)
      else {
        stations.note(pod, index, atUs, doneUs)
        if (index === UNCOUNTED) continue
        stream.came += 1
        stream.answered += 1
        stream.latencies.record(doneUs - atUs)
      }
    }
  }

  /** Whether a request is answered with an error: by the pod's share, or because it has no good answer left. */
  private isError(pod: PodId, share: number, errors: RequestStream['errors']): boolean {
    if (share >= 1 || (share > 0 && errors.next() < share)) return true
    const { answersLeft } = this.cluster.applications
    return answersLeft[pod] !== Infinity && !useAnswer(this.cluster, pod)
  }

  private lose(stream: RequestStream, index: number, cause: LossCause): void {
    if (index === UNCOUNTED) return
    stream.came += 1
    stream.lost[cause] += 1
  }

  private causeOfNoChoice(route: RouteView, follower: number): LossCause {
    if (this.noChoice[follower] === UNKNOWN) this.noChoice[follower] = route.causeOfNoChoice(follower)
    return this.noChoice[follower] as LossCause
  }

  /** Adds up the followers' weights; true if they are all alike. */
  private weigh(route: RouteView, followers: number): boolean {
    let isEven = true
    let sum = 0
    for (let i = 0; i < followers; i++) {
      const weight = route.weightOf(i)
      if (weight !== 1 / followers) isEven = false
      sum += weight
      this.weights[i] = sum
    }
    this.weights[followers - 1] = 1
    return isEven
  }

  private followerAt(u: number, followers: number): number {
    let follower = 0
    while (follower < followers - 1 && u >= this.weights[follower]) follower++
    return follower
  }

  /** What is left of a number after it has chosen a follower, as a number of (0, 1). */
  private restOf(u: number, follower: number): number {
    const below = follower === 0 ? 0 : this.weights[follower - 1]
    return Math.min(1 - Number.EPSILON, (u - below) / (this.weights[follower] - below))
  }

  /** A process begins to serve, with nobody in it. */
  private open(pod: PodId): void {
    const { model, pods } = this.cluster
    const template = pods.template[pod]
    const { places, servers } = model.templates[template].service
    this.template[pod] = template
    this.stations.open(pod, servers, places)
  }

  private readPod(pod: PodId): void {
    const { applications, model, pods } = this.cluster
    const whole = model.templates[pods.template[pod]].application?.capacity
    this.slowness[pod] = whole === undefined ? 1 : whole / applications.capacity[pod]
    this.errorShare[pod] = applications.errorShare[pod]
  }

  private kill(pod: PodId, cause: LossCause): void {
    this.stations.kill(pod, this.cluster.nowUs, (index, latencyUs) => {
      if (index !== UNCOUNTED) this.streams[index].takeBack(latencyUs, cause)
    })
  }

  /** A machine goes down, and with it whoever is under way there. */
  private onNode(node: NodeId): void {
    const { nodes, pods, nowUs } = this.cluster
    if (nodes.down[node] !== NodeState.Down) return
    this.advance(nowUs)
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
      if (pods.node[pod] === node) this.kill(pod, LossCause.KilledInFlight)
  }
}
