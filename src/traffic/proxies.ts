// kube-proxy on each node, after pkg/proxy/runner/bounded_frequency_runner.go, Kubernetes v1.36. Changes of slices reach
// all proxies through watches; a proxy that is idle and has cooled down runs at once, and after a run has ENDED the next
// begins no earlier than minSyncPeriod. Changes meanwhile are joined into that run. A run takes in what has arrived
// before it begins, and its rules are in force when it ends.
//
//   minSyncPeriod 1 s, runs of 0.1 s, idle: a change that arrives at 5.0 s is in force at 5.1 s; one that arrives at
//   5.05 s waits until 5.1 + 1 and is in force at 6.2 s, together with all that arrive until 6.1 s.
//
// Arrivals are worked out when a slice is written, so that only the end of a run is an event.

import { assert, CapacityError } from '../base/assert.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import type { Availability, EndpointId } from '../cluster/endpoints.ts'
import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import { durationUs } from '../model/durations.ts'
import type { NetworkModel, ServiceId } from '../model/types.ts'

/** Takes in what a proxy has put into force. */
export type ProxyListener = (proxy: number, service: ServiceId, endpoint: EndpointId, now: Availability) => void

/** Most runs of one proxy that are planned and not over. */
const RUNS_MAX = 64

export class Proxies {
  readonly count: number
  private readonly cluster: Cluster
  private readonly network: NetworkModel
  private readonly listener: ProxyListener
  private readonly watchLags: readonly RandomStream[]
  private readonly runTimes: readonly RandomStream[]
  /** Changes of endpoints in the order of their writes: a ring, by number modulo its size. */
  private readonly services: Int32Array
  private readonly endpoints: Int32Array
  private readonly availability: Uint8Array
  private changes = 0
  private writes = 0
  /** By proxy: changes in force, when the last write has arrived, when the run planned last begins and ends; its runs. */
  private readonly applied: Int32Array
  private readonly arrivedUs: Float64Array
  private readonly runStartUs: Float64Array
  private readonly runEndUs: Float64Array
  private readonly runs: Int32Array
  private readonly fired: Int32Array
  /** By proxy and run modulo RUNS_MAX: changes that are in force after it. */
  private readonly upTo: Int32Array

  /** @param count proxies; each stands for an equal share of the nodes, or for one */
  constructor(cluster: Cluster, random: RandomStreams, count: number, listener: ProxyListener) {
    this.cluster = cluster
    this.network = cluster.model.network
    this.listener = listener
    this.count = count
    this.watchLags = Array.from({ length: count }, (_, proxy) => random.stream(`kube-proxy/watch/${proxy}`))
    this.runTimes = Array.from({ length: count }, (_, proxy) => random.stream(`kube-proxy/run/${proxy}`))
    const ring = count === 0 ? 0 : cluster.endpoints.capacity * 4
    this.services = new Int32Array(ring)
    this.endpoints = new Int32Array(ring)
    this.availability = new Uint8Array(ring)
    this.applied = new Int32Array(count)
    this.arrivedUs = new Float64Array(count)
    this.runStartUs = new Float64Array(count)
    this.runEndUs = new Float64Array(count)
    this.runs = new Int32Array(count)
    this.fired = new Int32Array(count)
    this.upTo = new Int32Array(count * RUNS_MAX)
  }

  reset(): void {
    this.changes = this.writes = 0
    this.applied.fill(0)
    this.arrivedUs.fill(0)
    this.runStartUs.fill(-Infinity)
    this.runEndUs.fill(-Infinity)
    this.runs.fill(0)
    this.fired.fill(0)
  }

  /** A slice that is being written has another condition of an endpoint; all proxies will hear of it. */
  noteChange(service: ServiceId, endpoint: EndpointId, availability: Availability): void {
    const { cluster } = this
    const size = this.services.length
    for (let proxy = 0; proxy < this.count; proxy++) {
      if (this.changes - this.applied[proxy] >= size) throw new CapacityError('changes of endpoints (Capacity.pods)')
      cluster.endpoints.hold(endpoint)
    }
    const place = this.changes++ % size
    this.services[place] = service
    this.endpoints[place] = endpoint
    this.availability[place] = availability
  }

  /** The slice is written: each proxy plans when the changes are in force. */
  noteWrite(): void {
    const { nowUs } = this.cluster
    const write = this.writes++
    for (let proxy = 0; proxy < this.count; proxy++) {
      const lagUs = durationUs(this.network.watch, this.watchLags[proxy], write)
      // A watch keeps its order.
      this.arrivedUs[proxy] = Math.max(this.arrivedUs[proxy], nowUs + lagUs)
      this.plan(proxy, this.arrivedUs[proxy])
    }
  }

  /** Joins what arrives at a proxy into the run that is yet to begin, or plans another. */
  private plan(proxy: number, arrivedUs: number): void {
    const isOver = this.fired[proxy] === this.runs[proxy]
    if (isOver || arrivedUs > this.runStartUs[proxy]) {
      const run = this.runs[proxy]++
      const startUs = Math.max(arrivedUs, this.runEndUs[proxy] + this.network.minSyncUs)
      const endUs = startUs + durationUs(this.network.proxyRun, this.runTimes[proxy], run)
      this.runStartUs[proxy] = startUs
      this.runEndUs[proxy] = endUs
      this.cluster.agenda.push(endUs, Rank.World, EventKind.ProxyRun | (proxy << 8), run)
    }
    this.upTo[proxy * RUNS_MAX + ((this.runs[proxy] - 1) % RUNS_MAX)] = this.changes
  }

  /** A run ends: its rules are in force. */
  fire(proxy: number, run: number): void {
    assert(this.runs[proxy] - run <= RUNS_MAX, 'a proxy has few runs planned')
    const { endpoints } = this.cluster
    const size = this.services.length
    this.fired[proxy] = run + 1
    const upTo = this.upTo[proxy * RUNS_MAX + (run % RUNS_MAX)]
    for (let change = this.applied[proxy]; change < upTo; change++) {
      const place = change % size
      const endpoint = this.endpoints[place] as EndpointId
      this.listener(proxy, this.services[place] as ServiceId, endpoint, this.availability[place] as Availability)
      endpoints.release(endpoint)
    }
    this.applied[proxy] = Math.max(this.applied[proxy], upTo)
  }
}
