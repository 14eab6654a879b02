// A load balancer that sends to pods by their addresses. A pod is registered some time after it has become ready, and gets
// requests until some time after it is no more, or is being deleted: that is what a preStop hook has to outlast. One that
// changes back meanwhile stays what it was.
//
// Registration 10 s, deregistration 15 s: ready at 0, deleted at 60: requests from 10 to 75.

import type { Cluster } from '../cluster/cluster.ts'
import { Availability, type EndpointId } from '../cluster/endpoints.ts'

export class PodTargets {
  private readonly cluster: Cluster
  private readonly registrationUs: number
  private readonly deregistrationUs: number
  /** By endpoint: 1 if it is ready, and since when it is that, or is not. */
  private readonly isReady: Uint8Array
  private readonly sinceUs: Float64Array

  constructor(cluster: Cluster, registrationUs: number, deregistrationUs: number) {
    this.cluster = cluster
    this.registrationUs = registrationUs
    this.deregistrationUs = deregistrationUs
    this.isReady = new Uint8Array(cluster.endpoints.capacity)
    this.sinceUs = new Float64Array(cluster.endpoints.capacity)
  }

  reset(): void {
    this.isReady.fill(0)
  }

  /** Takes in what an endpoint is now; true if that is to be told later, after `delayOf`. */
  look(endpoint: EndpointId, availability: Availability): boolean {
    const isReady = availability === Availability.Ready ? 1 : 0
    if (this.isReady[endpoint] === isReady) return false
    this.isReady[endpoint] = isReady
    this.sinceUs[endpoint] = this.cluster.nowUs
    return true
  }

  /** How long it takes until an endpoint is registered, or deregistered. */
  delayOf(endpoint: EndpointId): number {
    return this.isReady[endpoint] === 1 ? this.registrationUs : this.deregistrationUs
  }

  /** Whether the endpoint has been the same since what is due now was planned. */
  isSettled(endpoint: EndpointId): boolean {
    return this.sinceUs[endpoint] + this.delayOf(endpoint) === this.cluster.nowUs
  }
}
