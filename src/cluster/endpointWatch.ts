// Which pods have endpoints, and what these are, by the API server's state.

import { NONE } from '../base/columns.ts'
import type { ServiceId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { PodChange } from './codes.ts'
import { Availability, type EndpointId } from './endpoints.ts'
import { isTerminal, type PodId } from './pods.ts'
import { isOfActiveHash } from './serviceSelectors.ts'
import type { Watcher } from './watch.ts'

/** What the API server's state of a pod makes of its endpoint in a Service; the pod is in the store. */
export function availabilityOf(cluster: Cluster, service: ServiceId, pod: PodId): Availability {
  const { pods, services } = cluster
  if (!services.selects(service, pods.template[pod]) || isTerminal(pods, pod) || !isOfActiveHash(cluster, pod))
    return Availability.None
  const marked = pods.deletionMark[pod] === 1
  if (services.specOf(service).publishesNotReady || (pods.ready[pod] === 1 && !marked)) return Availability.Ready
  return pods.ready[pod] === 1 && marked ? Availability.Terminating : Availability.None
}

/** Gives rows to pods. Add it before whoever reads endpoints; `lateWatcher` behind the last of them. */
export function watchForEndpoints(cluster: Cluster): { readonly watcher: Watcher; readonly lateWatcher: Watcher } {
  const { endpoints, model, pods } = cluster
  if (model.traffic.length === 0) return { watcher: {}, lateWatcher: {} }
  // Only some senders learn of pods that are not ready; for the others a row from the first Ready on is enough.
  const showsNotReady = model.services.some(({ specs }) => specs.some(({ publishesNotReady }) => publishesNotReady))
  return {
    watcher: {
      podAdded: (pod) => {
        endpoints.ofPod[pod] = NONE as EndpointId
      },
      podUpdated: (pod, change) => {
        const hasAddress = change === PodChange.Ready || (showsNotReady && change === PodChange.Started)
        if (!hasAddress || endpoints.isReached[pods.template[pod]] === 0) return
        if (endpoints.ofPod[pod] === NONE) endpoints.add(pods, pod)
      },
    },
    lateWatcher: {
      podDeleted: (pod) => {
        const endpoint = endpoints.ofPod[pod]
        if (endpoint === NONE) return
        endpoints.pod[endpoint] = NONE as PodId
        endpoints.release(endpoint)
      },
    },
  }
}
