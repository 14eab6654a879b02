// The clients of the API that the controllers use. The kube-controller-manager builds one for each controller
// (cmd/kube-controller-manager/app, ClientBuilder.ClientOrDie), Kubernetes v1.36, and each client has a limiter of its own.

import type { ClientLimit } from '../scenario/types.ts'
import { ClientLimiter } from './clientLimiter.ts'

/** Clients by number: up to 31 those of the controllers with a work queue, by Controller; then those without one. */
export const ApiClient = { TaintEviction: 32, PodGc: 33 } as const

/** How many there are. */
export const API_CLIENTS = 34

/** Limiters by client; undefined where nothing limits them. */
export function limitersOf(limit: ClientLimit | undefined): ClientLimiter[] | undefined {
  return limit && Array.from({ length: API_CLIENTS }, () => new ClientLimiter(limit))
}
