// The only writers of Services.

import { Kind, type ServiceId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { isSameSpec } from './sameSpec.ts'

/** Writes a spec unless it is the one in force; its selector may be another one. */
export function applyServiceSpec(cluster: Cluster, service: ServiceId, spec: number): void {
  const { model, services } = cluster
  const exists = services.exists[service] === 1
  if (exists && isSameSpec(services.specOf(service), model.services[service].specs[spec])) return
  services.exists[service] = 1
  services.spec[service] = spec
  cluster.watch.specChanged(Kind.Service, service)
}

/** Deletes a Service. */
export function removeService(cluster: Cluster, service: ServiceId): void {
  const { services } = cluster
  if (services.exists[service] === 0) return
  services.exists[service] = 0
  cluster.watch.objectDeleted(Kind.Service, service)
}
