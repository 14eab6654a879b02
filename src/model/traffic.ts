// Which pods a stream of requests reaches, and which workloads are measured.

import type { Scenario, TrafficSpec, WorkloadRef } from '../scenario/types.ts'
import { implyService, selectServices } from './serviceSpec.ts'
import type { TableBuilder } from './tableBuilder.ts'
import {
  type Action,
  type FollowRule,
  Kind,
  type MeasuredWorkload,
  type NetworkModel,
  type ObjectModel,
  type RouteModel,
  type ServiceModel,
  type ServiceSpec,
  type TrafficModel,
} from './types.ts'

/** Streams, the Services they go to, and the ways to them. */
export interface CompiledTraffic {
  readonly services: readonly ServiceModel[]
  readonly routes: readonly RouteModel[]
  readonly traffic: readonly TrafficModel[]
  readonly network: NetworkModel
}

/**
 * Each stream goes to a Service, or to the pods of a workload through one that is implied. A workload that no stream
 * reaches gets one without requests, so that its downtime and the versions that it serves are measured.
 */
export function compileTraffic(
  { surroundings, traffic: written }: Pick<Scenario, 'surroundings' | 'traffic'>,
  builder: TableBuilder,
): CompiledTraffic {
  const services = selectServices(rowsOfServices(builder), builder.templates)
  const routes: RouteModel[] = []
  const compile = (spec: TrafficSpec): TrafficModel => {
    const service = serviceOf(spec.to, services, builder)
    const { endpointDelayUs, front } = spec
    const follow: FollowRule =
      endpointDelayUs === 'kube-proxy' && (front === undefined || front.type === 'nodeTargets')
        ? { type: 'kubeProxy' }
        : { type: 'fixed', delayUs: endpointDelayUs === 'kube-proxy' ? 0 : endpointDelayUs }
    // A Service of a type that is there for clients from outside has them.
    const isExternal = ['NodePort', 'LoadBalancer'].includes(services[service].specs[0].type)
    const route = routeTo(routes, { service, follow, isExternal, front })
    const { duration = INSTANT, keepAlive, requestsPerSecond, retries, sources, timeoutUs = Infinity } = spec
    const hasAffinity = services[service].specs.some(({ affinityUs }) => affinityUs > 0)
    return {
      requestsPerSecond,
      route,
      duration,
      timeoutUs,
      keepAlive,
      retries,
      perSource: hasAffinity && sources !== undefined ? requestsPerSecond / sources : 0,
      selects: unionOf(services[service].selects),
    }
  }
  const traffic = written.map(compile)
  for (const workload of builder.workloads()) {
    const templates = builder.templatesOf(workload)
    if (traffic.some(({ selects }) => templates.some((template) => selects[template] === 1))) continue
    traffic.push(compile({ to: workload, requestsPerSecond: 0, endpointDelayUs: surroundings.endpointDelayUs }))
  }
  return { services, routes, traffic, network: surroundings.network ?? AT_ONCE }
}

const INSTANT = { type: 'fixed', us: 0 } as const
const AT_ONCE: NetworkModel = { watch: INSTANT, sliceSync: INSTANT, proxyRun: INSTANT, minSyncUs: 0 }

function rowsOfServices(builder: TableBuilder): readonly ObjectModel<ServiceSpec>[] {
  return builder.objects[Kind.Service] as unknown as readonly ObjectModel<ServiceSpec>[]
}

/** The row of the Service that a stream goes to; an implied one is added when it is first asked for. */
function serviceOf(to: WorkloadRef, services: ServiceModel[], builder: TableBuilder): number {
  if (to.kind === 'Service') return builder.find(to)!.row
  const name = `${to.kind}/${to.name}`
  const known = services.findIndex((service) => service.isImplied && service.name === name)
  if (known >= 0) return known
  return services.push(implyService(name, builder.templatesOf(to), builder.templates.length)) - 1
}

/** Streams whose senders learn of the same endpoints in the same way share a route. */
function routeTo(routes: RouteModel[], route: RouteModel): number {
  const key = JSON.stringify(route)
  const known = routes.findIndex((other) => JSON.stringify(other) === key)
  return known >= 0 ? known : routes.push(route) - 1
}

/** The templates that a Service selects with one of its specs. */
function unionOf(selects: readonly Uint8Array[]): Uint8Array {
  return selects.reduce((union, of) => union.map((value, template) => value | of[template]))
}

/** The workloads that steps touch, or all if none is touched, each with the first stream that reaches its pods. */
export function measuredWorkloads(
  { timeline, primaries = [] }: Pick<Scenario, 'timeline' | 'primaries'>,
  builder: TableBuilder,
  traffic: readonly TrafficModel[],
  actions: readonly Action[],
): MeasuredWorkload[] {
  const touched = new Set<string>()
  for (const step of timeline) {
    if ('workload' in step && step.workload !== undefined) touched.add(`${step.workload.kind}/${step.workload.name}`)
  }
  const all = builder.workloads()
  const chosen = all.filter((ref) => touched.has(`${ref.kind}/${ref.name}`))
  // Requests to a Service that selects nothing are meant for somebody who gets none: they are lost on his account.
  const orphan = traffic.findIndex(
    ({ requestsPerSecond, selects }) => requestsPerSecond > 0 && !selects.some((value) => value === 1),
  )
  return (chosen.length > 0 ? chosen : all).map((ref) => {
    const { kind, row } = builder.find(ref)!
    const templates = builder.templatesOf(ref)
    const reaching = traffic.findIndex(({ selects }) => templates.some((template) => selects[template] === 1))
    const stream = orphan >= 0 && traffic[reaching].requestsPerSecond === 0 ? orphan : reaching
    const templateChangesUs = templateChanges(kind, row, templates, actions)
    const primary = primaries.find(({ workload }) => workload.kind === ref.kind && workload.name === ref.name)
    return {
      kind,
      row,
      label: `${ref.kind}/${ref.name}`,
      traffic: stream,
      templateChangesUs,
      primary: primary?.rule,
      writes: primary?.writes,
    }
  })
}

/** Times at which a spec of the row has another template than the spec before. */
function templateChanges(kind: Kind, row: number, templates: readonly number[], actions: readonly Action[]): number[] {
  const times: number[] = []
  for (const action of actions) {
    if (action.type !== 'applySpec' && action.type !== 'undo') continue
    if (action.kind !== kind || action.row !== row || action.spec === 0) continue
    if (templates[action.spec] !== templates[action.spec - 1]) times.push(action.atUs)
  }
  return times
}
