// The cluster of a scenario that names no nodes: equal nodes, enough for every pod and the surge of every arm.

import { podRequests, type PodRequests } from '../manifest/defaultsPod.ts'
import { resolveIntOrPercent } from '../manifest/intOrString.ts'
import type { KubeObject, LabelMap, PodSpec } from '../manifest/types.ts'
import { canonicalJson } from './hash.ts'
import { nodeName, PODS_PER_NODE, renameNode } from './nodes.ts'
import type { NodeSpec } from './types.ts'

/** The smallest node that is assumed. It doubles until the largest pod takes at most half of it. */
const NODE_CPU_MILLIS = 4_000
const NODE_MEMORY_BYTES = 16 * 1024 ** 3

/** Fewer nodes would make spreading and losing one meaningless. */
const NODES_MIN = 3

/** Spare room beyond a tight packing, also for pods that are still terminating. */
const HEADROOM = 1.25

/** The labels that every node has, whatever its pool. */
const COMMON_LABELS: readonly string[] = ['kubernetes.io/os', 'kubernetes.io/arch']

/** A number of equal pods. */
interface PodGroup {
  readonly requests: PodRequests
  readonly count: number
  readonly perNode: boolean
  readonly selector: LabelMap
}

/**
 * Nodes on which all pods of all arms fit at once, with their surge and 25 % to spare: one pool of equal nodes for each
 * node selector in use.
 *
 * @param arms the objects of each arm
 * @param replicasMax the most replicas that the timeline scales a `Kind/name` to
 */
export function assumeNodes(
  arms: readonly (readonly KubeObject[])[],
  replicasMax: ReadonlyMap<string, number> = new Map(),
): NodeSpec[] {
  const groups = largestGroups(arms, replicasMax)
  const selectors = new Map(groups.map(({ selector }) => [canonicalJson(selector), selector]))
  if (selectors.size > 1 && groups.every((group) => group.perNode || !isEmpty(group.selector))) selectors.delete('{}')
  const pools = [...selectors.values()].map((selector) => sizePool(selector, groups))
  const total = pools.reduce((sum, { count }) => sum + count, 0)
  return pools
    .flatMap(({ node, count }) => Array.from({ length: count }, () => node))
    .map((node, index) => renameNode(node, nodeName('node', index + 1, total)))
}

/** Of each workload the arm that needs the most pods. */
function largestGroups(arms: readonly (readonly KubeObject[])[], replicasMax: ReadonlyMap<string, number>): PodGroup[] {
  const largest = new Map<string, PodGroup>()
  for (const object of arms.flat()) {
    const key = `${object.kind}/${object.metadata.name}`
    const group = podGroup(object, replicasMax.get(key) ?? 0)
    const before = largest.get(key)
    if (group !== undefined && (before === undefined || group.count > before.count)) largest.set(key, group)
  }
  return [...largest.values()]
}

function podGroup(object: KubeObject, replicasMax: number): PodGroup | undefined {
  const spec = podSpecOf(object)
  if (spec === undefined) return undefined
  const labels = Object.entries(spec.nodeSelector ?? {}).filter(([label]) => !COMMON_LABELS.includes(label))
  return {
    requests: podRequests(spec),
    count: podsAtOnce(object, replicasMax),
    perNode: object.kind === 'DaemonSet',
    selector: Object.fromEntries(labels),
  }
}

/** The most pods of an object that exist at once, those being terminated left out; of a DaemonSet, per node. */
function podsAtOnce(object: KubeObject, replicasMax: number): number {
  switch (object.kind) {
    case 'Deployment': {
      const replicas = Math.max(object.spec.replicas, replicasMax)
      const { strategy } = object.spec
      return strategy.type === 'Recreate'
        ? replicas
        : replicas + resolveIntOrPercent(strategy.rollingUpdate.maxSurge, replicas, true)
    }
    case 'StatefulSet':
    case 'ReplicaSet':
    case 'ReplicationController':
      return Math.max(object.spec.replicas, replicasMax)
    case 'DaemonSet': {
      const { updateStrategy } = object.spec
      return updateStrategy.type === 'OnDelete' ||
        resolveIntOrPercent(updateStrategy.rollingUpdate.maxSurge, 100, true) === 0
        ? 1
        : 2
    }
    case 'Job':
      return object.spec.parallelism
    case 'CronJob':
      return object.spec.jobTemplate.spec.parallelism
    case 'Pod':
      return 1
    default:
      return 0
  }
}

function sizePool(selector: LabelMap, groups: readonly PodGroup[]): { node: NodeSpec; count: number } {
  const here = groups.filter((group) => canonicalJson(group.selector) === canonicalJson(selector) && !group.perNode)
  const daemons = groups.filter((group) => group.perNode && matches(group.selector, selector))
  const largest = {
    cpuMillis: Math.max(0, ...[...here, ...daemons].map(({ requests }) => requests.cpuMillis)),
    memoryBytes: Math.max(0, ...[...here, ...daemons].map(({ requests }) => requests.memoryBytes)),
  }
  const sum = (field: keyof PodRequests) =>
    daemons.reduce((total, { requests, count }) => total + requests[field] * count, 0)
  let scale = 1
  while (
    2 * largest.cpuMillis > NODE_CPU_MILLIS * scale - sum('cpuMillis') ||
    2 * largest.memoryBytes > NODE_MEMORY_BYTES * scale - sum('memoryBytes')
  ) {
    scale *= 2
  }
  const node: NodeSpec = {
    name: 'node',
    cpuMillis: NODE_CPU_MILLIS * scale,
    memoryBytes: NODE_MEMORY_BYTES * scale,
    pods: PODS_PER_NODE,
    labels: selector,
    taints: [],
    unschedulable: false,
  }
  const free = {
    cpuMillis: node.cpuMillis - sum('cpuMillis'),
    memoryBytes: node.memoryBytes - sum('memoryBytes'),
    pods: node.pods - daemons.reduce((total, { count }) => total + count, 0),
  }
  const packed = countPackedNodes(here, free)
  return { node, count: Math.max(NODES_MIN, packed + 1, Math.ceil(packed * HEADROOM)) }
}

/** Nodes that a first-fit packing in falling size takes. Equal pods are placed many at a time. */
function countPackedNodes(groups: readonly PodGroup[], free: PodRequests & { readonly pods: number }): number {
  const nodes: { cpuMillis: number; memoryBytes: number; pods: number }[] = []
  const share = ({ requests }: PodGroup): number =>
    Math.max(requests.cpuMillis / free.cpuMillis, requests.memoryBytes / free.memoryBytes)
  for (const group of groups.toSorted((a, b) => share(b) - share(a))) {
    let left = group.count
    for (let index = 0; left > 0; index++) {
      const node = (nodes[index] ??= { ...free })
      const { cpuMillis: cpu, memoryBytes: memory } = group.requests
      const fits = Math.floor(
        Math.min(
          left,
          node.pods,
          cpu === 0 ? left : node.cpuMillis / cpu,
          memory === 0 ? left : node.memoryBytes / memory,
        ),
      )
      node.cpuMillis -= fits * cpu
      node.memoryBytes -= fits * memory
      node.pods -= fits
      left -= fits
    }
  }
  return nodes.length
}

/** The pod spec of a workload or bare pod; undefined for other kinds. */
function podSpecOf(object: KubeObject): PodSpec | undefined {
  switch (object.kind) {
    case 'Pod':
      return object.spec
    case 'CronJob':
      return object.spec.jobTemplate.spec.template.spec
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'Job':
      return object.spec.template.spec
    default:
      return undefined
  }
}

function matches(selector: LabelMap, labels: LabelMap): boolean {
  return Object.entries(selector).every(([label, value]) => labels[label] === value)
}

function isEmpty(selector: LabelMap): boolean {
  return Object.keys(selector).length === 0
}
