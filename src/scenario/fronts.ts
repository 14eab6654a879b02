// What stands between clients and endpoints, and whether the Service can have it.

import type { KubeObject } from '../manifest/types.ts'
import { readDuration } from './distribution.ts'
import type { FrontSpec } from './frontTypes.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenTraffic } from './schema.ts'
import type { WorkloadRef } from './types.ts'

const DEFAULT_CHECK = { interval: '10s', threshold: 3 }
const DEFAULT_TTL = '30s'

/** The front of an entry of `traffic`; undefined: clients are beside the proxies, or follow endpoints by themselves. */
export function readFront(
  { dns, loadBalancer }: Pick<WrittenTraffic, 'dns' | 'loadBalancer'>,
  to: WorkloadRef,
  objects: readonly KubeObject[],
  at: Reporter,
): FrontSpec | undefined {
  const service = objects.find(
    ({ kind, metadata }) => to.kind === 'Service' && kind === to.kind && metadata.name === to.name,
  )
  const spec = service?.kind === 'Service' ? service.spec : undefined
  const take = (path: string[], text: unknown = '0s'): number => at.take(readDuration(text), path) ?? 0
  if (dns !== undefined) {
    if (loadBalancer !== undefined)
      at.error(['dns'], 'clients come by a load balancer or by DNS: leave one of them out')
    if (spec?.clusterIP !== 'None')
      at.error(['dns'], 'only a headless Service (clusterIP: None) gives clients its pods by DNS')
    const ttlUs = take(['dns', 'ttl'], dns.ttl ?? DEFAULT_TTL)
    return {
      type: 'dns',
      cacheUs: dns.clientCache === undefined ? ttlUs : take(['dns', 'clientCache'], dns.clientCache),
    }
  }
  if (loadBalancer === undefined) return undefined
  const within = at.within('loadBalancer')
  if (spec?.type !== 'LoadBalancer' && spec?.type !== 'NodePort')
    at.error(['loadBalancer'], 'a load balancer stands before a Service of type LoadBalancer or NodePort only')
  const { deregistration, healthCheck, registration, target = 'node' } = loadBalancer
  if (target === 'pod') {
    if (healthCheck !== undefined)
      within.error(['healthCheck'], 'pods are told by readiness here: healthCheck is for target: node')
    return {
      type: 'podTargets',
      registrationUs: take(['loadBalancer', 'registration'], registration),
      deregistrationUs: take(['loadBalancer', 'deregistration'], deregistration),
    }
  }
  if (registration !== undefined || deregistration !== undefined)
    within.error([], 'registration and deregistration are for target: pod; nodes are told by healthCheck')
  const { interval, threshold } = healthCheck ?? DEFAULT_CHECK
  return { type: 'nodeTargets', checkUs: threshold * take(['loadBalancer', 'healthCheck', 'interval'], interval) }
}
