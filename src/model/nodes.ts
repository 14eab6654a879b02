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
  for (const node of added) models.set(node.name, toModel(node, false))
  for (const node of scenario.nodes) models.set(node.name, toModel(node, true))
  return [...models.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
}

function toModel(node: NodeSpec, existsAtStart: boolean): NodeModel {
  const digits = /(\d+)$/.exec(node.name)?.[1] ?? '0'
  const labels = { 'kubernetes.io/hostname': node.name, ...node.labels }
  return { ...node, labels, number: Number(digits), existsAtStart }
}

/** Row of a node; the scenario has checked its name. */
export function nodeRow(nodes: readonly NodeModel[], name: string): NodeId {
  const row = nodes.findIndex((node) => node.name === name)
  if (row < 0) throw new InputError([{ severity: 'error', message: `there is no node ${name}` }])
  return row as NodeId
}

/** A patch of a Node: its labels, taints and spec.unschedulable are what we model. `taints` and `labels` hold the state so far. */
export function evolveNode(
  nodes: readonly NodeModel[],
  taints: (readonly Taint[])[],
  labels: Readonly<Record<string, string>>[],
  name: string,
  patch: unknown,
): TimelessAction[] {
  const node = nodeRow(nodes, name)
  const before = {
    kind: 'Node',
    apiVersion: 'v1',
    metadata: { name, labels: labels[node] },
    spec: { taints: taints[node] },
  }
  const after = strategicMerge(before as unknown as JsonObject, patch as JsonObject)
  const spec = (after['spec'] ?? {}) as { taints?: Partial<Taint>[]; unschedulable?: boolean }
  const actions: TimelessAction[] = []
  const nextLabels = ((after['metadata'] as JsonObject)['labels'] ?? {}) as Record<string, string>
  if (canonicalJson(nextLabels) !== canonicalJson(labels[node])) {
    labels[node] = nextLabels
    actions.push({ type: 'setLabels', node, labels: nextLabels })
  }
  const list = (spec.taints ?? []).map((taint) => ({ value: '', ...taint }) as Taint)
  taints[node] = list
  actions.push({ type: 'setTaints', node, taints: list })
  if (spec.unschedulable !== undefined) actions.push({ type: spec.unschedulable ? 'cordon' : 'uncordon', node })
  return actions
}
