// The table of endpoints: a row for each pod that a Service with senders selects, from its first address until nobody
// speaks of it any more. Proxies know a pod longer than the API server does, so a row outlives its pod: it is free
// when the last who holds it lets it go.

import { CapacityError } from '../base/assert.ts'
import { type Column, fillColumn, int32Column, NONE, type Row } from '../base/columns.ts'
import type { Model, NodeId, TemplateId } from '../model/types.ts'
import type { PodId, Pods } from './pods.ts'

export type EndpointId = Row<'Endpoint'>

/** What a pod is to a Service, of the conditions ready, serving and terminating of its endpoint. */
export const Availability = {
  /** No endpoint. */
  None: 0,
  /** ready. */
  Ready: 1,
  /** serving and terminating: for new connections if the Service has no ready endpoint. */
  Terminating: 2,
  /** In a slice, and neither. Only proxies that watch slices hear of it. */
  Listed: 3,
} as const
export type Availability = (typeof Availability)[keyof typeof Availability]

export class Endpoints {
  readonly capacity: number
  /** NONE once the pod is gone. */
  readonly pod: Column<EndpointId, PodId>
  readonly template: Column<EndpointId, TemplateId>
  readonly node: Column<EndpointId, NodeId>
  readonly ofPod: Column<PodId, EndpointId>
  /** How many still speak of the endpoint: its pod, and changes on their way. 0: the row is free. */
  readonly holds: Column<EndpointId>
  /** Rows from here on have not been used in this run. */
  end = 0
  /** By template: some Service with senders selects its pods at some time. */
  readonly isReached: Uint8Array
  private readonly free: Int32Array
  private freeCount = 0

  constructor(model: Model, pods: number) {
    this.capacity = pods * 2
    this.pod = int32Column<EndpointId, PodId>(this.capacity)
    this.template = int32Column<EndpointId, TemplateId>(this.capacity)
    this.node = int32Column<EndpointId, NodeId>(this.capacity)
    this.ofPod = int32Column<PodId, EndpointId>(pods)
    this.holds = int32Column(this.capacity)
    this.free = new Int32Array(this.capacity)
    this.isReached = new Uint8Array(model.templates.length)
    for (const { selects } of model.traffic) selects.forEach((value, template) => (this.isReached[template] |= value))
  }

  reset(): void {
    fillColumn(this.ofPod, NONE as EndpointId)
    fillColumn(this.holds, 0)
    this.end = this.freeCount = 0
  }

  /** A row for a pod that has an address now. */
  add(pods: Pods, pod: PodId): EndpointId {
    const endpoint = (this.freeCount > 0 ? this.free[--this.freeCount] : this.end++) as EndpointId
    if (endpoint >= this.capacity) throw new CapacityError(`${this.capacity} endpoints (Capacity.pods)`)
    this.ofPod[pod] = endpoint
    this.pod[endpoint] = pod
    this.template[endpoint] = pods.template[pod]
    this.node[endpoint] = pods.node[pod]
    this.holds[endpoint] = 1
    return endpoint
  }

  /** Someone will speak of the endpoint later. */
  hold(endpoint: EndpointId): void {
    this.holds[endpoint] += 1
  }

  /** And has done so. */
  release(endpoint: EndpointId): void {
    this.holds[endpoint] -= 1
    if (this.holds[endpoint] === 0) this.free[this.freeCount++] = endpoint
  }
}
