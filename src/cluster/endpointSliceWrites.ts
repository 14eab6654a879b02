// The only writer of EndpointSlices.

import { NONE } from '../base/columns.ts'
import type { ServiceId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { Write } from './writes.ts'

/** Sends the changes to one slice of a Service (EndpointSlices.change); during a sync they land later. */
export function updateEndpointSlice(cluster: Cluster, service: ServiceId, slice: number): void {
  const { api } = cluster
  // The sync itself has taken time by now, also where writes take none.
  if (!api.isDelayed() && api.spentUs() === 0) return writeEndpointSlice(cluster, service, slice)
  const at = api.delay(cluster.nowUs, Write.EndpointSlice)
  api.table[at] = service
  api.table[at + 1] = slice
}

/** Stores what was sent, and tells those who watch slices. */
export function writeEndpointSlice(cluster: Cluster, service: ServiceId, slice: number): void {
  const { endpoints, endpointSlices, watch } = cluster
  let endpoint = endpointSlices.takeChange(service, slice)
  for (; endpoint !== NONE; endpoint = endpointSlices.takeChange(service, slice)) {
    const at = endpointSlices.at(service, endpoint)
    endpointSlices.stored[at] = endpointSlices.sent[at]
    watch.endpointChanged(service, endpoint)
    // Whoever sent the write has held the endpoint for it.
    endpoints.release(endpoint)
  }
  watch.endpointSliceWritten(service)
}
