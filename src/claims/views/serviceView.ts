// Services, as assertions see them.

import { NONE } from '../../base/columns.ts'
import { Availability } from '../../cluster/endpoints.ts'
import { availabilityOf } from '../../cluster/endpointWatch.ts'
import type { ServiceId } from '../../model/types.ts'
import { existingRows, type Moment, type View } from './view.ts'

export const serviceView: View = {
  name: 'service',
  // One that is implied by traffic to a workload is no object.
  rows: ({ cluster: { model, services } }) =>
    existingRows(services.exists, services.count).filter((row) => !model.services[row].isImplied),
  fields: {
    name: ({ cluster: { model } }, row) => model.services[row].name,
    /** Pods that are ready endpoints by what the API server says of them. */
    endpoints: (moment, row) => count(moment, row as ServiceId, Availability.Ready),
    /** Those that are serving and terminating. */
    terminating: (moment, row) => count(moment, row as ServiceId, Availability.Terminating),
  },
}

function count({ cluster }: Moment, service: ServiceId, availability: Availability): number {
  const { pods } = cluster
  let found = 0
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
    if (availabilityOf(cluster, service, pod) === availability) found++
  return found
}
