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
  const isEndpoint = services.selects(service, pods.template[pod]) && isOfActiveHash(cluster, pod)
  if (!isEndpoint || isTerminal(pods, pod)) return Availability.None
  return conditionsOf(pods.ready[pod] === 1, pods.deletionMark[pod] === 1, services.specOf(service).publishesNotReady)
}

/** The conditions of an endpoint whose pod has an address and is not finished (endpointslice utils podToEndpoint). */
export function conditionsOf(isReady: boolean, isMarked: boolean, publishesNotReady: boolean): Availability {
  if (publishesNotReady || (isReady && !isMarked)) return Availability.Ready
  return isReady ? Availability.Terminating : Availability.Listed
}

/** Gives rows to pods. Add it before whoever reads endpoints; `lateWatcher` behind the last of them. */
export function watchForEndpoints(cluster: Cluster): { readonly watcher: Watcher; readonly lateWatcher: Watcher } {
  const { endpoints, model, pods } = cluster
  if (model.traffic.length === 0) return { watcher: {}, lateWatcher: {} }
  // Only some senders learn of pods that are not ready; for the others a row from the first Ready on is enough.
  const showsNotReady =
    model.routes.some(({ follow }) => follow.type !== 'fixed') ||
    model.services.some(({ specs }) => specs.some(({ publishesNotReady }) => publishesNotReady))
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
