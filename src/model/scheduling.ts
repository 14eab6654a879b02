// What of a pod template decides where its pods go: requests, node affinity, spreading, affinity between pods, host
// ports, priority. Read once; selectors and topology keys become integers in scheduler/podPlans.ts, when all templates
// are known.

import { admitPod, imageTag } from '../manifest/defaultsPod.ts'
import { bytes, cpuMillis } from '../manifest/quantity.ts'
import type { Container, LabelSelector, PodSpec, ResourceList } from '../manifest/types.ts'
import { compileNodeAffinity, compileNodeTerm, type NodeTerm } from './nodeAffinity.ts'

/** Amounts by resource: millicores of `cpu`, bytes of `memory` and `ephemeral-storage`, pieces of extended resources. */
export type ResourceAmounts = Readonly<Record<string, number>>

export interface HostPort {
  readonly protocol: string
  /** `0.0.0.0`: all addresses. */
  readonly ip: string
  readonly port: number
}

export interface PreferredNodes {
  readonly weight: number
  readonly term: NodeTerm
}

/** A topology spread constraint, defaulted. */
export interface SpreadConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  /** whenUnsatisfiable DoNotSchedule; ScheduleAnyway otherwise. */
  readonly isHard: boolean
  /** Undefined: counts no pod. */
  readonly selector: LabelSelector | undefined
  readonly matchLabelKeys: readonly string[]
  readonly minDomains: number
  readonly honorsAffinity: boolean
  readonly honorsTaints: boolean
}

/** A term of pod affinity or anti-affinity. */
export interface PodTerm {
  readonly topologyKey: string
  readonly selector: LabelSelector | undefined
  readonly matchLabelKeys: readonly string[]
  readonly mismatchLabelKeys: readonly string[]
  /** Of a preferred term; 0 for a required one. */
  readonly weight: number
}

/** Terms that must hold, and terms that had better. */
export interface PodTerms {
  readonly required: readonly PodTerm[]
  readonly preferred: readonly PodTerm[]
}

export interface SchedulingModel {
  readonly requests: ResourceAmounts
  /** Requests as the scores count them: a container that says nothing asks for 100m and 200 MiB. */
  readonly scoreCpuMillis: number
  readonly scoreMemoryBytes: number
  /** Required node affinity; undefined: none. */
  readonly nodeTerms: readonly NodeTerm[] | undefined
  /** The only nodes that the required affinity names (matchFields metadata.name In); undefined: any. */
  readonly nodeNames: readonly string[] | undefined
  readonly preferredNodes: readonly PreferredNodes[]
  readonly spreading: readonly SpreadConstraint[]
  readonly affinity: PodTerms
  readonly antiAffinity: PodTerms
  readonly hostPorts: readonly HostPort[]
  /** Undefined: decided by priorityClassName. */
  readonly priority: number | undefined
  readonly priorityClassName: string
  /** preemptionPolicy; undefined: that of the priority class. */
  readonly preempts: boolean | undefined
  /** Images of containers and init containers, with tag. */
  readonly images: readonly string[]
}

/** What an unsaid request counts in the scores (pkg/scheduler/util/pod_resources.go). */
const DEFAULT_CPU_MILLIS = 100
const DEFAULT_MEMORY_BYTES = 200 * 1024 * 1024

/** Fields that the manifest's types leave out. */
type RawSpec = PodSpec & {
  readonly preemptionPolicy?: string
  readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList }
}

/** What of a defaulted pod spec the scheduler reads. */
export function compileScheduling(given: PodSpec): SchedulingModel {
  const spec = admitPod(given) as RawSpec
  const { affinity, initContainers = [] } = spec
  const containers = [...initContainers, ...spec.containers]
  const nodeTerms = compileNodeAffinity(affinity)
  const scored = podResources(spec, { cpu: DEFAULT_CPU_MILLIS, memory: DEFAULT_MEMORY_BYTES })
  return {
    requests: podResources(spec, {}),
    scoreCpuMillis: scored['cpu'] ?? 0,
    scoreMemoryBytes: scored['memory'] ?? 0,
    nodeTerms,
    nodeNames: namedNodes(nodeTerms),
    preferredNodes: (affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ preference, weight }) => ({ weight, term: compileNodeTerm(preference) }),
    ),
    spreading: ((spec.topologySpreadConstraints ?? []) as readonly RawConstraint[]).map(compileConstraint),
    affinity: compileTerms(affinity?.podAffinity),
    antiAffinity: compileTerms(affinity?.podAntiAffinity),
    hostPorts: hostPorts(spec),
    priority: spec.priority,
    priorityClassName: spec.priorityClassName ?? '',
    preempts: spec.preemptionPolicy === undefined ? undefined : spec.preemptionPolicy !== 'Never',
    images: containers.map(({ image }) => normalizedImageName(image)),
  }
}

/**
 * Effective requests (component-helpers/resource PodRequests): the containers and sidecars together, or the largest init
 * container beside the sidecars before it, whichever is more, resource by resource; the pod's own where it names them;
 * plus overhead.
 *
 * Sidecar 100m, init 500m, containers 200m and 100m: max(100 + 300, 500 + 100) = 600m if the sidecar comes first, and
 * max(400, 500) = 500m if it comes second.
 *
 * @param missing what counts for a container that does not ask for a resource
 */
function podResources(spec: RawSpec, missing: ResourceAmounts): ResourceAmounts {
  const sidecars: Record<string, number> = {}
  const starting: Record<string, number> = {}
  for (const container of spec.initContainers ?? []) {
    const own = requestsOf(container, missing)
    if (container.restartPolicy === 'Always') {
      add(sidecars, own)
      raise(starting, sidecars)
    } else {
      const together = { ...sidecars }
      add(together, own)
      raise(starting, together)
    }
  }
  const total = { ...sidecars }
  for (const container of spec.containers) add(total, requestsOf(container, missing))
  raise(total, starting)
  Object.assign(total, amountsOf({ ...spec.resources?.limits, ...spec.resources?.requests }))
  add(total, amountsOf(spec.overhead))
  return total
}

function requestsOf(container: Container, missing: ResourceAmounts): ResourceAmounts {
  return { ...missing, ...amountsOf(container.resources.requests) }
}

/** A list of resources as integers. */
export function amountsOf(list: ResourceList | undefined): ResourceAmounts {
  const amounts: Record<string, number> = {}
  for (const [name, value] of Object.entries(list ?? {}))
    amounts[name] = name === 'cpu' ? cpuMillis(value) : bytes(value)
  return amounts
}

function add(to: Record<string, number>, amounts: ResourceAmounts): void {
  for (const [name, amount] of Object.entries(amounts)) to[name] = (to[name] ?? 0) + amount
}

function raise(to: Record<string, number>, amounts: ResourceAmounts): void {
  for (const [name, amount] of Object.entries(amounts)) to[name] = Math.max(to[name] ?? 0, amount)
}

/** The names that all terms have in common with a list of names; a term without one admits any node. */
function namedNodes(terms: readonly NodeTerm[] | undefined): readonly string[] | undefined {
  if (terms === undefined) return undefined
  const names = new Set<string>()
  for (const { fields } of terms) {
    let own: readonly string[] | undefined
    for (const { key, operator, values } of fields) {
      if (key !== 'metadata.name' || operator !== 'In') continue
      own = own === undefined ? values : own.filter((name) => values.includes(name))
    }
    if (own === undefined) return undefined
    for (const name of own) names.add(name)
  }
  return [...names]
}

interface RawConstraint {
  readonly maxSkew: number
  readonly topologyKey: string
  readonly whenUnsatisfiable: string
  readonly labelSelector?: LabelSelector
  readonly matchLabelKeys?: readonly string[]
  readonly minDomains?: number
  readonly nodeAffinityPolicy?: string
  readonly nodeTaintsPolicy?: string
}

function compileConstraint(raw: RawConstraint): SpreadConstraint {
  return {
    maxSkew: raw.maxSkew,
    topologyKey: raw.topologyKey,
    isHard: raw.whenUnsatisfiable === 'DoNotSchedule',
    selector: raw.labelSelector,
    matchLabelKeys: raw.matchLabelKeys ?? [],
    minDomains: raw.minDomains ?? 1,
    honorsAffinity: (raw.nodeAffinityPolicy ?? 'Honor') === 'Honor',
    honorsTaints: raw.nodeTaintsPolicy === 'Honor',
  }
}

interface RawPodTerm {
  readonly topologyKey: string
  readonly labelSelector?: LabelSelector
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}

interface RawPodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly RawPodTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight: number
    readonly podAffinityTerm: RawPodTerm
  }[]
}

function compileTerms(raw: RawPodAffinity | undefined): PodTerms {
  return {
    required: (raw?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => compilePodTerm(term, 0)),
    preferred: (raw?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm, weight }) =>
      compilePodTerm(podAffinityTerm, weight),
    ),
  }
}

function compilePodTerm(raw: RawPodTerm, weight: number): PodTerm {
  return {
    topologyKey: raw.topologyKey,
    selector: raw.labelSelector,
    matchLabelKeys: raw.matchLabelKeys ?? [],
    mismatchLabelKeys: raw.mismatchLabelKeys ?? [],
    weight,
  }
}

/** Ports of containers and sidecars on the node itself (pkg/scheduler/util GetHostPorts). */
function hostPorts(spec: PodSpec): HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  return [...sidecars, ...spec.containers].flatMap(({ ports = [] }) =>
    ports.flatMap((port) => {
      // With hostNetwork every container port is one of the node (SetDefaults_PodSpec).
      const number = port.hostPort ?? (spec.hostNetwork === true ? port.containerPort : 0)
      const { hostIP = '' } = port as { readonly hostIP?: string }
      return number > 0 ? [{ protocol: port.protocol, ip: hostIP === '' ? '0.0.0.0' : hostIP, port: number }] : []
    }),
  )
}

/** The name under which a node lists an image (imagelocality normalizedImageName). */
export function normalizedImageName(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:${imageTag(image) || 'latest'}` : image
}
