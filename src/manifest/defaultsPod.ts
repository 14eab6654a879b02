// Defaulting of pods and of their templates, after pkg/apis/core/v1/defaults.go (v1.36), and what admission adds.

import type { Container, JsonObject, PodSpec, ResourceList, Toleration } from './types.ts'
import { bytes, cpuMillis } from './quantity.ts'
import { textOf } from './types.ts'

/** Sets the fields that are absent. */
export function fill(object: JsonObject, values: JsonObject): void {
  for (const [field, value] of Object.entries(values)) object[field] ??= value
}

/** The mapping in a field, created if it is absent. */
export function mapping(object: JsonObject, field: string): JsonObject {
  object[field] ??= {}
  return object[field] as JsonObject
}

/** Defaults the pod template in `spec.template`, which is created if it is absent. */
export function defaultTemplate(spec: JsonObject): void {
  const template = mapping(spec, 'template')
  fill(mapping(template, 'metadata'), { labels: {}, annotations: {} })
  defaultPodSpec(mapping(template, 'spec'))
}

/** SetDefaults_PodSpec and what hangs below it. */
export function defaultPodSpec(spec: JsonObject): void {
  fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    containers: [],
  })
  if (spec['restartPolicy'] === '') spec['restartPolicy'] = 'Always'
  for (const field of ['containers', 'initContainers']) {
    for (const container of (spec[field] ?? []) as JsonObject[]) defaultContainer(container)
  }
}

function defaultContainer(container: JsonObject): void {
  fill(container, { image: '', resources: {} })
  container['imagePullPolicy'] ??= imageTag(textOf(container['image'])) === 'latest' ? 'Always' : 'IfNotPresent'
  for (const port of (container['ports'] ?? []) as JsonObject[]) fill(port, { protocol: 'TCP' })
  for (const name of ['readinessProbe', 'livenessProbe', 'startupProbe']) {
    const probe = container[name] as JsonObject | undefined
    if (probe !== undefined) defaultProbe(probe)
  }
  const lifecycle = (container['lifecycle'] ?? {}) as JsonObject
  for (const hook of [lifecycle['postStart'], lifecycle['preStop']]) {
    if (hook !== undefined) defaultHttpGet(hook as JsonObject)
  }
}

/** SetDefaults_Probe: zero counts as absent. */
function defaultProbe(probe: JsonObject): void {
  const defaults = {
    initialDelaySeconds: 0,
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  }
  for (const [field, value] of Object.entries(defaults)) probe[field] ||= value
  defaultHttpGet(probe)
  if (probe['grpc'] !== undefined) fill(probe['grpc'] as JsonObject, { service: '' })
}

function defaultHttpGet(handler: JsonObject): void {
  const action = handler['httpGet'] as JsonObject | undefined
  if (action === undefined) return
  action['path'] ||= '/'
  action['scheme'] ||= 'HTTP'
}

/** The tag of an image reference: `latest` if there is neither tag nor digest, empty if there is a digest alone. */
export function imageTag(image: string): string {
  const [name = '', digest] = image.split('@')
  const last = name.slice(name.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  if (colon >= 0) return last.slice(colon + 1)
  return digest === undefined ? 'latest' : ''
}

/** Seconds that a pod stays on a node that is not ready or unreachable, unless it says otherwise. */
export const defaultTolerationSeconds = 300

/**
 * What the API server adds to a pod, but not to a template: requests from limits (SetDefaults_Pod), and the
 * DefaultTolerationSeconds admission plugin's two tolerations, each unless one with its key or no key and with the
 * effect NoExecute or none is there already. Returns a new spec.
 */
export function admitPod(spec: PodSpec): PodSpec {
  const tolerations: Toleration[] = [...(spec.tolerations ?? [])]
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const tolerated = (spec.tolerations ?? []).some(
      (toleration) =>
        (toleration.key === key || (toleration.key ?? '') === '') &&
        (toleration.effect === 'NoExecute' || (toleration.effect ?? '') === ''),
    )
    if (tolerated) continue
    tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: defaultTolerationSeconds })
  }
  return {
    ...spec,
    tolerations,
    containers: spec.containers.map(requestLimits),
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(requestLimits) }),
  }
}

function requestLimits(container: Container): Container {
  const { limits, requests } = container.resources
  if (limits === undefined) return container
  return { ...container, resources: { ...container.resources, requests: { ...limits, ...requests } } }
}

/** What a pod takes from a node. */
export interface PodRequests {
  readonly cpuMillis: number
  readonly memoryBytes: number
}

/**
 * Effective requests of a pod or of a template's pods, limits counting where requests are absent: the containers and
 * sidecars together, or the largest init container beside the sidecars before it, whichever is more; plus overhead.
 */
export function podRequests(spec: PodSpec): PodRequests {
  const { containers, initContainers = [], overhead } = admitPod(spec)
  const of = (list: ResourceList | undefined): PodRequests => ({
    cpuMillis: cpuMillis(list?.['cpu'] ?? 0),
    memoryBytes: bytes(list?.['memory'] ?? 0),
  })
  const add = (a: PodRequests, b: PodRequests): PodRequests => ({
    cpuMillis: a.cpuMillis + b.cpuMillis,
    memoryBytes: a.memoryBytes + b.memoryBytes,
  })
  const larger = (a: PodRequests, b: PodRequests): PodRequests => ({
    cpuMillis: Math.max(a.cpuMillis, b.cpuMillis),
    memoryBytes: Math.max(a.memoryBytes, b.memoryBytes),
  })
  let sidecars = of(undefined)
  let starting = of(undefined)
  for (const container of initContainers) {
    const own = of(container.resources.requests)
    if (container.restartPolicy === 'Always') {
      sidecars = add(sidecars, own)
      starting = larger(starting, sidecars)
    } else starting = larger(starting, add(sidecars, own))
  }
  const running = containers.map((container) => of(container.resources.requests)).reduce(add, sidecars)
  return add(larger(running, starting), of(overhead))
}

/** Labels that the API server generates for a Job's pods; its selector is `batch.kubernetes.io/controller-uid`. */
export function generatedJobLabels(name: string, uid: string): Readonly<Record<string, string>> {
  return {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  }
}
