// Nodes of a scenario as rows, in order of name: that order breaks the scheduler's ties.

import { InputError } from '../base/errors.ts'
import { strategicMerge } from '../manifest/patch.ts'
import type { JsonObject } from '../manifest/types.ts'
import { canonicalJson } from '../scenario/hash.ts'
import type { NodeSpec, Scenario, Taint } from '../scenario/types.ts'
import type { NodeId, NodeModel, TimelessAction } from './types.ts'

/** All nodes that exist at the start or that a step adds. */
export function compileNodes(scenario: Scenario): NodeModel[] {
  const added = scenario.timeline.flatMap((step) => (step.op === 'addNode' ? [step.node] : []))
  const models = new Map<string, NodeModel>()
  const zones: string[] = []
  for (const node of added) models.set(node.name, toModel(node, false, zones))
  for (const node of scenario.nodes) models.set(node.name, toModel(node, true, zones))
  return [...models.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function toModel(node: NodeSpec, existsAtStart: boolean, zones: string[]): NodeModel {
  const digits = /(\d+)$/.exec(node.name)?.[1] ?? '0'
  const labels = labelsOf(node)
  const key = zoneKey(labels)
  if (!zones.includes(key)) zones.push(key)
  const excludedFromDisruption = 'node.kubernetes.io/exclude-disruption' in labels
  return { ...node, labels, zone: zones.indexOf(key), excludedFromDisruption, number: Number(digits), existsAtStart }
}

/** A node's labels, with the one that every kubelet sets. */
export function labelsOf(node: NodeSpec): Readonly<Record<string, string>> {
  return { 'kubernetes.io/hostname': node.name, ...node.labels }
}

/** Region and zone; the old labels win (component-helpers/node/topology GetZoneKey, v0.36). */
function zoneKey(labels: Readonly<Record<string, string>>): string {
  const region = labels['failure-domain.beta.kubernetes.io/region'] ?? labels['topology.kubernetes.io/region'] ?? ''
  const zone = labels['failure-domain.beta.kubernetes.io/zone'] ?? labels['topology.kubernetes.io/zone'] ?? ''
  return region === '' && zone === '' ? '' : `${region}:${zone}`
}

/** Row of a node; the scenario has checked its name. */
export function nodeRow(nodes: readonly NodeModel[], name: string): NodeId {
  const row = nodes.findIndex((node) => node.name === name)
  if (row < 0) throw new InputError([{ severity: 'error', message: `there is no node ${name}` }])
  return row as NodeId
}

/**
 * A patch of a Node: its labels, taints and spec.unschedulable are what we model; `labels` holds the state so far.
 * Taints are an atomic list: a patch that names them replaces what is there, also what the node controller has put there.
 */
export function evolveNode(
  nodes: readonly NodeModel[],
  labels: Readonly<Record<string, string>>[],
  name: string,
  patch: unknown,
): TimelessAction[] {
  const node = nodeRow(nodes, name)
  const before = { kind: 'Node', apiVersion: 'v1', metadata: { name, labels: labels[node] } }
  const after = strategicMerge(before, patch as JsonObject)
  const { spec } = patch as { spec?: { taints?: Partial<Taint>[] | null; unschedulable?: boolean | null } }
  const actions: TimelessAction[] = []
  const nextLabels = ((after['metadata'] as JsonObject)['labels'] ?? {}) as Record<string, string>
  if (canonicalJson(nextLabels) !== canonicalJson(labels[node])) {
    labels[node] = nextLabels
    actions.push({ type: 'setLabels', node, labels: nextLabels })
  }
  if (spec?.taints !== undefined) {
    const taints = (spec.taints ?? []).map((taint) => ({ value: '', ...taint }) as Taint)
    actions.push({ type: 'setTaints', node, taints })
  }
  if (spec?.unschedulable !== undefined) actions.push({ type: spec.unschedulable ? 'cordon' : 'uncordon', node })
  return actions
}
