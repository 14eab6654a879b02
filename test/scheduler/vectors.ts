// Check vectors of the real scheduler (test/data/scheduler): small clusters, and what it says of each node for one pod.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { NONE } from '../../src/base/columns.ts'
import { Agenda } from '../../src/cluster/agenda.ts'
import { applyBudgetSpec } from '../../src/cluster/budgetWrites.ts'
import { Cluster } from '../../src/cluster/cluster.ts'
import { DeletionReason } from '../../src/cluster/codes.ts'
import type { PodId } from '../../src/cluster/pods.ts'
import { bindPod, insertPod, removePod } from '../../src/cluster/podWrites.ts'
import { RunnableControllers } from '../../src/engine/runnable.ts'
import { EventQueue } from '../../src/kernel/eventQueue.ts'
import { RandomStreams } from '../../src/kernel/random.ts'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import type { JsonObject, Node } from '../../src/manifest/types.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type BudgetId, Kind, type Model, type NodeId } from '../../src/model/types.ts'
import { nodeFromObject } from '../../src/scenario/nodes.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import type { ImageStates } from '../../src/scheduler/plugins/imageLocality.ts'
import { VolumeBinder } from '../../src/scheduler/plugins/volumeBinder.ts'
import { volumeFilter } from '../../src/scheduler/plugins/volumes.ts'
import { Scheduler } from '../../src/scheduler/scheduler.ts'
import { normalizedImageName } from '../../src/model/scheduling.ts'
import { simpleScenario } from '../scenarios.ts'

export interface NodeResult {
  readonly code: string
  readonly plugin?: string
  readonly reasons?: readonly string[]
  readonly scores?: Readonly<Record<string, number>>
  readonly total?: number
  readonly victims?: readonly string[]
  readonly violated?: number
}

interface VectorNode extends Node {
  readonly status: Node['status'] & { readonly images?: readonly { names: readonly string[]; sizeBytes: number }[] }
}

interface VectorPod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }
  readonly spec: { readonly nodeName?: string; readonly topologySpreadConstraints?: readonly unknown[] }
  readonly status: { readonly startTime?: string }
}

export interface Vector {
  readonly seed: number
  readonly nodes: readonly VectorNode[]
  readonly services?: readonly JsonObject[]
  readonly budgets?: readonly (JsonObject & { readonly status: { readonly disruptionsAllowed: number } })[]
  readonly pods: readonly VectorPod[] | null
  readonly incoming: VectorPod
  readonly order: readonly string[]
  readonly result: Readonly<Record<string, NodeResult>>
  readonly message?: string
}

export function readVectors(): Vector[] {
  const text = gunzipSync(readFileSync(new URL('../data/scheduler/vectors.jsonl.gz', import.meta.url))).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Vector)
}

/** A scheduler that has seen the vector's nodes and pods, and the pod to be placed. */
export interface Stage {
  readonly scheduler: Scheduler
  readonly model: Model
  readonly incoming: PodId
  nameOf(pod: PodId): string
}

export function stageVector(vector: Vector): Stage {
  const { budgets = [], nodes, services = [] } = vector
  const pods = [...(vector.pods ?? []), vector.incoming]
  const objects = [
    ...services.map((raw) => ({ apiVersion: 'v1', kind: 'Service', ...raw })),
    ...budgets.map((raw) => ({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', ...raw })),
    ...pods.map((raw) => ({ apiVersion: 'v1', kind: 'Pod', ...raw })),
  ] as unknown as JsonObject[]
  const base = simpleScenario({})
  const like = base.nodes[0]
  const scenario: Scenario = {
    ...base,
    nodes: nodes.map((node) => {
      const { labels, ...rest } = nodeFromObject({ ...node, spec: node.spec ?? {} }, like)
      // The vectors' nodes have no labels but those that are written.
      const { 'kubernetes.io/arch': _arch, 'kubernetes.io/os': _os, ...own } = labels
      return { ...rest, labels: own }
    }),
    timeline: [],
    traffic: [],
    arms: [
      {
        ...base.arms[0],
        rawObjects: objects,
        objects: objects.map((raw) => applyDefaults(structuredClone(raw))),
      },
    ],
  }
  const model = compileModel(scenario, scenario.arms[0])
  const cluster = new Cluster(
    model,
    new Agenda(new EventQueue(model.capacity.events, model.horizonUs), model.horizonUs),
    new RunnableControllers(),
  )
  const scheduler = new Scheduler(
    cluster,
    new RandomStreams(),
    volumeFilter,
    new VolumeBinder(cluster),
    imagesOf(vector, model),
  )
  cluster.watch.add(scheduler.watcher())
  cluster.reset()
  scheduler.reset()
  budgets.forEach((budget, row) => {
    applyBudgetSpec(cluster, row as BudgetId, 0)
    cluster.budgets.status[row].disruptionsAllowed = budget.status.disruptionsAllowed ?? 0
  })
  const names = new Map<PodId, string>()
  const rows = pods.map((pod, row) => {
    const { template } = model.pods[row].specs[0]
    const id = insertPod(cluster, Kind.None, 0, template, NONE, NONE as NodeId, 0)
    names.set(id, pod.metadata.name)
    const node = model.nodes.findIndex(({ name }) => name === pod.spec.nodeName)
    if (node < 0) return id
    bindPod(cluster, id, node as NodeId)
    const column = cluster.pods.createdAtUs as unknown as Float64Array
    column[id] = Date.parse(pod.status.startTime ?? '') * 1000
    if (pod.metadata.deletionTimestamp !== undefined) removePod(cluster, id, 30, DeletionReason.Step)
    return id
  })
  return { scheduler, model, incoming: rows[rows.length - 1], nameOf: (pod) => names.get(pod) ?? '' }
}

function imagesOf({ nodes }: Vector, model: Model): ImageStates {
  const listed = nodes.map((node) => new Map((node.status.images ?? []).map((each) => [each.names[0], each.sizeBytes])))
  const nameOf = (image: number): string => normalizedImageName(model.images[image].name)
  return {
    sizeBytes: (image) => Math.max(...listed.map((images) => images.get(nameOf(image)) ?? 0)),
    isOnNode: (image, node) => listed[node].has(nameOf(image)),
  }
}
