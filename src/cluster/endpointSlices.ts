// What the EndpointSlices in the store say: for each Service and endpoint its conditions, in slices of at most 100; and
// what writes under way will make of them. One Service is never synced twice at once, so one write to each slice of it at
// most is under way.

import { NONE } from '../base/columns.ts'
import type { Model, ServiceId } from '../model/types.ts'
import { Availability, type EndpointId } from './endpoints.ts'

/** max-endpoints-per-slice of the kube-controller-manager. */
export const ENDPOINTS_PER_SLICE = 100

export class EndpointSlices {
  readonly slicesPerService: number
  /** By Service and endpoint (`at`): what is stored, and what the last sync wants to be stored. */
  readonly stored: Uint8Array
  readonly sent: Uint8Array
  /** The slice that an endpoint is in, of its Service; NONE: none. */
  readonly slice: Int32Array
  /** By Service and slice: endpoints in it, and the first endpoint that a write under way changes. */
  private readonly sizes: Int32Array
  private readonly firstChanged: Int32Array
  private readonly nextChanged: Int32Array
  private readonly capacity: number

  constructor(model: Model, endpoints: number) {
    const services = model.services.length
    this.capacity = endpoints
    this.slicesPerService = Math.ceil(endpoints / ENDPOINTS_PER_SLICE) + 1
    this.stored = new Uint8Array(services * endpoints)
    this.sent = new Uint8Array(services * endpoints)
    this.slice = new Int32Array(services * endpoints)
    this.nextChanged = new Int32Array(services * endpoints)
    this.sizes = new Int32Array(services * this.slicesPerService)
    this.firstChanged = new Int32Array(services * this.slicesPerService)
  }

  reset(): void {
    this.stored.fill(Availability.None)
    this.sent.fill(Availability.None)
    this.slice.fill(NONE)
    this.sizes.fill(0)
    this.firstChanged.fill(NONE)
  }

  at(service: ServiceId, endpoint: EndpointId): number {
    return service * this.capacity + endpoint
  }

  /** Endpoints in a slice. */
  sizeOf(service: ServiceId, slice: number): number {
    return this.sizes[service * this.slicesPerService + slice]
  }

  /** Puts a change into the next write of the endpoint's slice; an endpoint that is new goes into the first with room. */
  change(service: ServiceId, endpoint: EndpointId, availability: Availability): number {
    const at = this.at(service, endpoint)
    const first = service * this.slicesPerService
    if (this.slice[at] === NONE) {
      let slice = 0
      while (this.sizes[first + slice] === ENDPOINTS_PER_SLICE) slice++
      this.slice[at] = slice
      this.sizes[first + slice] += 1
    }
    const slice = this.slice[at]
    this.sent[at] = availability
    this.nextChanged[at] = this.firstChanged[first + slice]
    this.firstChanged[first + slice] = endpoint
    if (availability === Availability.None) {
      this.sizes[first + slice] -= 1
      this.slice[at] = NONE
    }
    return slice
  }

  /** The endpoints that the write of a slice changes, taken one by one; NONE: no more. */
  takeChange(service: ServiceId, slice: number): EndpointId {
    const place = service * this.slicesPerService + slice
    const endpoint = this.firstChanged[place] as EndpointId
    if (endpoint !== NONE) this.firstChanged[place] = this.nextChanged[this.at(service, endpoint)]
    return endpoint
  }
}
