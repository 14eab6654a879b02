// The EndpointSlice controller, after pkg/controller/endpointslice/endpointslice_controller.go and the reconciler of
// k8s.io/endpointslice, Kubernetes v1.36: which pod changes wake it, how they are merged into syncs, what it writes.
//
//   pod write --watch lag--> its cache (heard) --queue of Services--> sync: CPU time, then one write per changed slice
//
// Changes of a Service that arrive while its sync is under way are merged into one further sync: ten pods that turn
// Ready together cost one or two writes. The batch period is 0, the default.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { EventKind, PodChange, Rank } from '../../cluster/codes.ts'
import { Availability, type EndpointId } from '../../cluster/endpoints.ts'
import { updateEndpointSlice } from '../../cluster/endpointSliceWrites.ts'
import { conditionsOf } from '../../cluster/endpointWatch.ts'
import { isTerminal, type PodId } from '../../cluster/pods.ts'
import { isOfActiveHash } from '../../cluster/serviceSelectors.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { RandomStream, RandomStreams } from '../../kernel/random.ts'
import { durationUs } from '../../model/durations.ts'
import { Kind, type NetworkModel, type ServiceId } from '../../model/types.ts'

/** What the controller knows of a pod: bits; 0: it has no address, is finished, or is gone. */
const Heard = { Present: 1, Ready: 2, Marked: 4 } as const
const HEARD_BITS = 3

export class EndpointSliceController {
  private readonly cluster: Cluster
  private readonly network: NetworkModel
  /** Services whose slices someone reads. */
  private readonly services: readonly ServiceId[]
  /** By endpoint: the pod as last told to the controller, which may be on its way, and as it has heard it. */
  private readonly told: Uint8Array
  private readonly heard: Uint8Array
  /** By Service: endpoints that have changed since its last sync. */
  private readonly changed: readonly Int32Array[]
  private readonly isChanged: readonly Uint8Array[]
  private readonly changedCount: Int32Array
  private readonly syncCount: Int32Array
  /** By slice: the sync under way changes it. */
  private readonly touched: Uint8Array
  private readonly watchLag: RandomStream
  private readonly syncTimes: RandomStream
  /** A watch keeps its order: nothing arrives before what was sent earlier. */
  private heardAtUs = 0

  constructor(cluster: Cluster, random: RandomStreams) {
    const { model, endpoints } = cluster
    const followed = model.routes.filter(({ follow }) => follow.type === 'kubeProxy')
    this.cluster = cluster
    this.network = model.network
    this.services = [...new Set(followed.map(({ service }) => service as ServiceId))]
    const capacity = this.services.length === 0 ? 0 : endpoints.capacity
    this.told = new Uint8Array(capacity)
    this.heard = new Uint8Array(capacity)
    this.changed = model.services.map(() => new Int32Array(capacity))
    this.isChanged = model.services.map(() => new Uint8Array(capacity))
    this.changedCount = new Int32Array(model.services.length)
    this.syncCount = new Int32Array(model.services.length)
    this.touched = new Uint8Array(cluster.endpointSlices.slicesPerService)
    this.watchLag = random.stream('endpointslice/watch')
    this.syncTimes = random.stream('endpointslice/sync')
  }

  reset(): void {
    this.told.fill(0)
    this.heard.fill(0)
    this.changedCount.fill(0)
    this.syncCount.fill(0)
    for (const flags of this.isChanged) flags.fill(0)
    this.heardAtUs = 0
  }

  watcher(): Watcher {
    if (this.services.length === 0) return {}
    return {
      podUpdated: (pod, change) => {
        // Conditions and phases, not labels or finalizers, and not what a kubelet keeps to itself.
        if (change !== PodChange.Metadata && change !== PodChange.Bound) this.tell(pod, false)
      },
      podDeleted: (pod) => this.tell(pod, true),
      selectorSwitched: () => this.services.forEach((service) => this.wantAll(service)),
      specChanged: (kind, row) => this.onService(kind, row),
      objectDeleted: (kind, row) => this.onService(kind, row),
    }
  }

  /** Sends the state of a pod on its way to the controller, if it is news. */
  private tell(pod: PodId, isGone: boolean): void {
    const { agenda, endpoints, nowUs, pods } = this.cluster
    const endpoint = endpoints.ofPod[pod]
    if (endpoint === NONE) return
    const state = isGone ? 0 : this.stateOf(pod)
    if (this.told[endpoint] === state) return
    this.told[endpoint] = state
    // By the pod and by what has become of it, so that the same pod's news takes as long under every strategy.
    const lagUs = durationUs(this.network.watch, this.watchLag, pods.drawIndex[pod] * (1 << HEARD_BITS) + state)
    this.heardAtUs = Math.max(this.heardAtUs, nowUs + lagUs)
    endpoints.hold(endpoint)
    agenda.push(this.heardAtUs, Rank.Answer, EventKind.PodHeard | (state << 8), endpoint)
  }

  private stateOf(pod: PodId): number {
    const { pods } = this.cluster
    if (isTerminal(pods, pod)) return 0
    const ready = pods.ready[pod] === 1 ? Heard.Ready : 0
    const marked = pods.deletionMark[pod] === 1 ? Heard.Marked : 0
    return Heard.Present | ready | marked
  }

  /** The state of a pod arrives: its Services are synced. */
  fire(word: number, endpoint: EndpointId): void {
    const { endpoints, services } = this.cluster
    this.heard[endpoint] = word >>> 8
    for (const service of this.services) {
      const stands = this.cluster.endpointSlices.slice[this.cluster.endpointSlices.at(service, endpoint)] !== NONE
      if (stands || services.selects(service, endpoints.template[endpoint])) this.want(service, endpoint)
    }
    endpoints.release(endpoint)
  }

  /** Notes an endpoint for the next sync of a Service; it is held until then. */
  private want(service: ServiceId, endpoint: EndpointId): void {
    if (this.isChanged[service][endpoint] === 1) return
    this.isChanged[service][endpoint] = 1
    this.changed[service][this.changedCount[service]++] = endpoint
    this.cluster.endpoints.hold(endpoint)
    this.cluster.queues[Controller.EndpointSlice].add(service)
  }

  /** A Service has another selector, or is new or gone: any endpoint may come or go. */
  private onService(kind: Kind, row: number): void {
    const service = row as ServiceId
    if (kind === Kind.Service && this.services.includes(service)) this.wantAll(service)
  }

  /** One sync looks at every endpoint, so that pods that leave and pods that enter do so in the same writes. */
  private wantAll(service: ServiceId): void {
    const { endpoints } = this.cluster
    for (let endpoint = 0 as EndpointId; endpoint < endpoints.end; endpoint++)
      if (endpoints.holds[endpoint] > 0) this.want(service, endpoint)
  }

  /** Brings the slices of a Service up to what the controller has heard: one write for each slice that changes. */
  sync(service: ServiceId): void {
    const { api, endpoints, endpointSlices } = this.cluster
    api.offsetUs += durationUs(this.network.sliceSync, this.syncTimes, this.syncCount[service]++)
    const changed = this.changed[service]
    const count = this.changedCount[service]
    this.changedCount[service] = 0
    this.touched.fill(0)
    let slices = 0
    for (let i = 0; i < count; i++) {
      const endpoint = changed[i] as EndpointId
      this.isChanged[service][endpoint] = 0
      const wanted = this.desiredOf(service, endpoint)
      if (wanted !== endpointSlices.stored[endpointSlices.at(service, endpoint)]) {
        const slice = endpointSlices.change(service, endpoint, wanted)
        this.touched[slice] = 1
        slices = Math.max(slices, slice + 1)
        // The write under way speaks of it.
        endpoints.hold(endpoint)
      }
      endpoints.release(endpoint)
    }
    for (let slice = 0; slice < slices; slice++) {
      if (this.touched[slice] === 0) continue
      updateEndpointSlice(this.cluster, service, slice)
      api.awaitAnswer()
    }
  }

  /** The conditions that an endpoint ought to have in the slices of a Service. */
  private desiredOf(service: ServiceId, endpoint: EndpointId): Availability {
    const { endpoints, services } = this.cluster
    const heard = this.heard[endpoint]
    const pod = endpoints.pod[endpoint]
    const isSelected = services.selects(service, endpoints.template[endpoint])
    if ((heard & Heard.Present) === 0 || !isSelected) return Availability.None
    if (pod !== NONE && !isOfActiveHash(this.cluster, pod)) return Availability.None
    const { publishesNotReady } = services.specOf(service)
    return conditionsOf((heard & Heard.Ready) !== 0, (heard & Heard.Marked) !== 0, publishesNotReady)
  }
}
