// The nodes of the simulated cluster, from node groups of a scenario or Node objects of the manifests.

import { bytes, cpuMillis, parseQuantity } from '../manifest/quantity.ts'
import type { Node, ResourceList } from '../manifest/types.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenNode, WrittenNodeGroup } from './schema.ts'
import type { NodeSpec } from './types.ts'

/** Pods that a node takes unless its group says otherwise: the kubelet's default. */
export const PODS_PER_NODE = 110

/** Name of a node of a group: `node` and 1 of 4 give `node-01`. At least two digits, so that names sort by number. */
export function nodeName(prefix: string, ordinal: number, count: number): string {
  return `${prefix}-${String(ordinal).padStart(Math.max(2, String(count).length), '0')}`
}

/** Unfolds node groups into nodes. Names that occur twice are errors. */
export function expandNodes(groups: readonly WrittenNodeGroup[], reporter: Reporter): NodeSpec[] {
  const nodes: NodeSpec[] = []
  const names = new Set<string>()
  groups.forEach((group, index) => {
    const at = reporter.within(index)
    const pattern = readNode(group, at)
    const members =
      group.count === undefined
        ? [pattern]
        : Array.from({ length: group.count }, (_, ordinal) =>
            renameNode(pattern, nodeName(group.name, ordinal + 1, group.count ?? 0)),
          )
    const twice = members.find(({ name }) => names.has(name))
    if (twice !== undefined) at.error(['name'], `there is already a node ${twice.name}: give this group another name`)
    members.forEach(({ name }) => names.add(name))
    nodes.push(...members)
  })
  return nodes
}

/** Reads one node as written. Quantities that are none are reported. */
export function readNode(written: WrittenNode, reporter: Reporter): NodeSpec {
  const quantity = (field: 'cpu' | 'memory', read: (value: string | number) => number): number => {
    const value = written.allocatable[field]
    const parsed = parseQuantity(value)
    if (parsed !== undefined && parsed.nano > 0n) return read(value)
    const example = field === 'cpu' ? '"4" or 500m' : '16Gi'
    reporter.error(['allocatable', field], `"${value}" is not a quantity above zero: write for example ${example}`)
    return 1
  }
  const { resources } = written.allocatable
  for (const [name, value] of Object.entries(resources ?? {})) {
    if (parseQuantity(value) === undefined)
      reporter.error(['allocatable', 'resources', name], `"${value}" is not a quantity: write for example 4 or 10Gi`)
  }
  const readable = Object.entries(resources ?? {}).filter(([, value]) => parseQuantity(value) !== undefined)
  const others = otherResources(Object.fromEntries(readable))
  return renameNode(
    {
      name: written.name,
      cpuMillis: quantity('cpu', cpuMillis),
      memoryBytes: quantity('memory', bytes),
      pods: written.allocatable.pods ?? PODS_PER_NODE,
      ...(others === undefined ? {} : { resources: others }),
      labels: written.labels ?? {},
      taints: (written.taints ?? []).map(({ key, value, effect }) => ({ key, value: value ?? '', effect })),
      unschedulable: written.unschedulable ?? false,
    },
    written.name,
  )
}

/** Ephemeral storage and extended resources; undefined if there are none. */
function otherResources(list: ResourceList): Readonly<Record<string, number>> | undefined {
  const { cpu: _cpu, memory: _memory, pods: _pods, ...others } = list
  const amounts = Object.entries(others).map(([name, value]) => [name, bytes(value)] as const)
  return amounts.length === 0 ? undefined : Object.fromEntries(amounts)
}

/** A copy of a node under another name, with the labels that every kubelet sets; labels that are written win. */
export function renameNode(node: NodeSpec, name: string): NodeSpec {
  const { 'kubernetes.io/hostname': hostname, ...labels } = node.labels
  const own = hostname === undefined || hostname === node.name ? name : hostname
  return {
    ...node,
    name,
    labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux', ...labels, 'kubernetes.io/hostname': own },
  }
}

/** A node of the cluster from a Node object of the manifests. What it does not say is taken from `like`. */
export function nodeFromObject(node: Node, like: NodeSpec): NodeSpec {
  const resources = node.status.allocatable ?? node.status.capacity ?? {}
  const { cpu, memory, pods } = resources
  const others = otherResources(resources)
  return renameNode(
    {
      name: node.metadata.name,
      cpuMillis: cpu === undefined ? like.cpuMillis : cpuMillis(cpu),
      memoryBytes: memory === undefined ? like.memoryBytes : bytes(memory),
      pods: pods === undefined ? like.pods : bytes(pods),
      ...(others === undefined ? {} : { resources: others }),
      labels: node.metadata.labels,
      taints: (node.spec.taints ?? []).map(({ key, value, effect }) => ({ key, value: value ?? '', effect })),
      unschedulable: node.spec.unschedulable ?? false,
    },
    node.metadata.name,
  )
}
