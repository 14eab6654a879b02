// Who sends requests where: traffic as written, or what is assumed if nothing is.

import { suggest } from '../base/suggestion.ts'
import { readFront } from './fronts.ts'
import { matchesLabels } from '../manifest/labels.ts'
import type { KubeObject, LabelMap, Service } from '../manifest/types.ts'
import { listSome } from './thresholds.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenTraffic } from './schema.ts'
import { readClient, readEndpointDelay } from './trafficDelays.ts'
import type { ClientSpec, Surroundings, TrafficSpec, WorkloadRef } from './types.ts'

/** Requests per second of a workload about whose traffic nothing is said. */
export const DEFAULT_REQUESTS_PER_SECOND = 100

/** Workloads that can take requests: those that keep their pods running. */
const SERVING_KINDS: readonly string[] = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'ReplicationController',
]

/** What holds for traffic that does not say it. */
export type TrafficDefaults = Pick<Surroundings, 'clients' | 'endpointDelayUs'>

/** Resolves written traffic. A Service must be in the manifests and select the pods of some workload there. */
export function resolveTraffic(
  written: readonly WrittenTraffic[],
  objects: readonly KubeObject[],
  { clients = {}, endpointDelayUs }: TrafficDefaults,
  reporter: Reporter,
): TrafficSpec[] {
  return written.flatMap((entry, index) => {
    const at = reporter.within(index)
    const delay = readEndpointDelay(entry.endpointDelay, endpointDelayUs, at.within('endpointDelay').part)
    const to = resolveReceiver(entry.to, objects, at)
    if (to === undefined) return []
    const front = readFront(entry, to, objects, at)
    const { clients: sources, requestsPerSecond = DEFAULT_REQUESTS_PER_SECOND } = entry
    const habits = readClient(entry, clients, at.part)
    if (sources !== undefined) checkSources(to, objects, habits, at)
    return [
      {
        to,
        requestsPerSecond,
        endpointDelayUs: delay,
        ...(front && { front }),
        ...habits,
        ...(sources === undefined ? {} : { sources }),
      },
    ]
  })
}

/** Clients are told apart by a Service with session affinity only, and then by their address, whatever they keep open. */
function checkSources(to: WorkloadRef, objects: readonly KubeObject[], habits: ClientSpec, at: Reporter): void {
  const service = objects.find(
    ({ kind, metadata }) => kind === 'Service' && to.kind === kind && metadata.name === to.name,
  )
  if (service?.kind !== 'Service' || service.spec.sessionAffinity !== 'ClientIP')
    at.warning(['clients'], `nothing tells clients apart: ${keyOf(to)} is no Service with sessionAffinity ClientIP`)
  else if (habits.keepAlive !== undefined)
    at.error(['keepAlive'], 'clients with session affinity keep no connections here: leave out keepAlive or clients')
}

function resolveReceiver(text: string, objects: readonly KubeObject[], reporter: Reporter): WorkloadRef | undefined {
  const receivers = objects.filter(({ kind }) => kind === 'Service' || SERVING_KINDS.includes(kind))
  const keys = receivers.map(keyOfObject)
  const receiver = receivers[keys.indexOf(text)]
  if (receiver === undefined) {
    const known = keys.length > 0 ? `; traffic can go to ${listSome(keys)}` : ''
    reporter.error(['to'], `there is no ${text} that takes requests${suggest(text, keys)}${known}`)
    return undefined
  }
  if (receiver.kind === 'Service' && selectedWorkloads(receiver, objects).length === 0) {
    const labels = objects.flatMap((object) => {
      const own = templateLabels(object)
      return own === undefined ? [] : [`${keyOfObject(object)} has ${formatLabels(own)}`]
    })
    const selector = receiver.spec.selector
    const wanted = selector === undefined ? 'no selector' : `the selector ${formatLabels(selector)}`
    const message = `${text} has ${wanted}, which selects no workload of the manifests (${listSome(labels, 4)})`
    // That may be what somebody wants to see: a Service without endpoints.
    reporter.warning(['to'], `${message}: every request is lost`)
  }
  return { kind: receiver.kind, name: receiver.metadata.name }
}

/** The workloads whose pods a Service selects. */
export function selectedWorkloads(service: Service, objects: readonly KubeObject[]): KubeObject[] {
  const { selector } = service.spec
  if (selector === undefined || Object.keys(selector).length === 0) return []
  return objects.filter((object) => {
    const labels = templateLabels(object)
    const together = object.metadata.namespace === service.metadata.namespace
    return together && labels !== undefined && matchesLabels(selector, labels)
  })
}

/**
 * The traffic that is assumed: so many requests a second for each workload that the timeline touches (if it touches
 * none, for each), through the Service that selects it, else directly. A Service of two of them carries both shares.
 */
export function assumeTraffic(
  touched: readonly string[],
  objects: readonly KubeObject[],
  { clients = {}, endpointDelayUs }: TrafficDefaults,
): TrafficSpec[] {
  const serving = objects.filter(({ kind }) => SERVING_KINDS.includes(kind))
  const chosen = serving.filter((object) => touched.includes(keyOfObject(object)))
  const services = objects.filter((object): object is Service => object.kind === 'Service')
  const rates = new Map<KubeObject, number>()
  for (const workload of chosen.length > 0 ? chosen : serving) {
    const receiver = services.find((service) => selectedWorkloads(service, objects).includes(workload)) ?? workload
    rates.set(receiver, (rates.get(receiver) ?? 0) + DEFAULT_REQUESTS_PER_SECOND)
  }
  return [...rates].map(([{ kind, metadata }, requestsPerSecond]) => ({
    to: { kind, name: metadata.name },
    requestsPerSecond,
    endpointDelayUs,
    ...clients,
  }))
}

/** The labels of the pods of a workload; undefined for anything that takes no requests. */
function templateLabels(object: KubeObject): LabelMap | undefined {
  switch (object.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'ReplicationController':
      return object.spec.template.metadata.labels
    default:
      return undefined
  }
}

function keyOf({ kind, name }: WorkloadRef): string {
  return `${kind}/${name}`
}

function keyOfObject({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`
}

function formatLabels(labels: LabelMap): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
}
