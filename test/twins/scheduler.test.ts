// One pass of the scripted scheduler against a plain computation, on 50,000 random clusters: who is tried when, where a pod fits,
// which node takes it.

import { expect, test } from 'vitest'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import { NONE } from '../../src/base/columns.ts'
import { PodPhase } from '../../src/cluster/codes.ts'
import { countPod } from '../../src/cluster/podCounts.ts'
import type { PodId } from '../../src/cluster/pods.ts'
import { insertPod } from '../../src/cluster/podWrites.ts'
import { insertReplicaSet } from '../../src/cluster/replicaSetWrites.ts'
import { type Machine, wireMachine } from '../../src/engine/wiring.ts'
import type { JsonObject } from '../../src/manifest/types.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type DeploymentId, Kind, type NodeId, type TemplateId } from '../../src/model/types.ts'
import type { Scenario, Taint } from '../../src/scenario/types.ts'
import { simpleScenario } from '../scenarios.ts'
import { Choices } from './random.ts'

const STATES = 50_000
const NODES = 4
const GI = 1024 ** 3

/** Two templates: the second is smaller, wants a label and tolerates a taint. */
const WANTS = [
  { cpuMillis: 1000, memoryBytes: GI, disk: '', tolerates: '' },
  { cpuMillis: 500, memoryBytes: 2 * GI, disk: 'ssd', tolerates: 'gpu' },
]

const TAINTS: readonly (readonly Taint[])[] = [
  [],
  [{ key: 'gpu', value: '', effect: 'NoSchedule' }],
  [{ key: 'old', value: '', effect: 'PreferNoSchedule' }],
  [{ key: 'gone', value: '', effect: 'NoExecute' }],
]

interface TwinPod {
  readonly id: number
  readonly template: number
  /** 0, 1: ReplicaSets of the Deployment; 2: one without a Deployment. */
  readonly owner: number
  readonly createdSeconds: number
  readonly terminating: boolean
  readonly failed: boolean
  node: number | undefined
}

interface TwinNode {
  readonly exists: boolean
  readonly cordoned: boolean
  readonly taints: number
  readonly ssd: boolean
}

interface TwinState {
  readonly nodes: readonly TwinNode[]
  readonly pods: readonly TwinPod[]
}

function makeScenario(): Scenario {
  const base = simpleScenario({ nodes: NODES, replicas: 8 })
  const raw = structuredClone(base.arms[0].rawObjects[0]) as JsonObject
  const spec = (raw['spec'] as { template: { spec: { containers: JsonObject[] } } }).template.spec
  spec.containers[0]['resources'] = { requests: { cpu: '1', memory: '1Gi' } }
  const patched = {
    nodeSelector: { disk: 'ssd' },
    tolerations: [{ key: 'gpu', operator: 'Exists', effect: 'NoSchedule' }],
    containers: [{ name: 'app', resources: { requests: { cpu: '500m', memory: '2Gi' } } }],
  }
  const patch = { spec: { template: { spec: patched } } }
  return {
    ...base,
    placement: 'scripted',
    nodes: base.nodes.map((node) => ({ ...node, cpuMillis: 3000, memoryBytes: 5 * GI, pods: 4 })),
    timeline: [{ atUs: 10_000_000, op: 'patch', workload: { kind: 'Deployment', name: 'web' }, patch }],
    arms: [{ ...base.arms[0], rawObjects: [raw], objects: [applyDefaults(structuredClone(raw))] }],
  }
}

function randomState(choices: Choices): TwinState {
  const nodes = Array.from({ length: NODES }, () => ({
    exists: choices.chance(0.9),
    cordoned: choices.chance(0.15),
    taints: choices.chance(0.6) ? 0 : choices.integer(1, 3),
    ssd: choices.chance(0.6),
  }))
  const pods = Array.from({ length: choices.integer(1, 10) }, (_, id) => {
    const node = choices.chance(0.5) ? choices.integer(0, NODES - 1) : undefined
    return {
      id,
      template: choices.integer(0, 1),
      owner: choices.integer(0, 2),
      createdSeconds: choices.integer(1, 3),
      terminating: node !== undefined && choices.chance(0.2),
      failed: choices.chance(0.1),
      node,
    }
  })
  return { nodes, pods }
}

function schedulePlainly({ nodes, pods: before }: TwinState): (number | undefined)[] {
  const pods = before.map((pod) => ({ ...pod }))
  const pending = pods.filter((pod) => pod.node === undefined && !pod.failed)
  pending.sort((a, b) => a.createdSeconds - b.createdSeconds || a.id - b.id)
  for (const pod of pending) {
    const wants = WANTS[pod.template]
    const on = (node: number): TwinPod[] => pods.filter((other) => other.node === node && !other.failed)
    const fits = (node: number): boolean => {
      const all = [...on(node), pod]
      const cpu = all.reduce((sum, { template }) => sum + WANTS[template].cpuMillis, 0)
      const memory = all.reduce((sum, { template }) => sum + WANTS[template].memoryBytes, 0)
      return all.length <= 4 && cpu <= 3000 && memory <= 5 * GI
    }
    const admits = ({ cordoned, exists, ssd, taints }: TwinNode): boolean => {
      const refused = TAINTS[taints].some(({ effect, key }) => effect !== 'PreferNoSchedule' && key !== wants.tolerates)
      return exists && !cordoned && !refused && (wants.disk === '' || ssd)
    }
    const rank = (node: number): number[] => [on(node).length, node]
    const choice = nodes
      .map((_, node) => node)
      .filter((node) => fits(node) && admits(nodes[node]))
      .map(rank)
      .sort((a, b) => a[0] - b[0] || a[1] - b[1])[0]
    pod.node = choice?.[1]
  }
  return pods.map(({ node }) => node)
}

const put = (column: unknown, row: number, value: number): void => {
  ;(column as Int32Array)[row] = value
}

function scheduleOurs(machine: Machine, state: TwinState): (number | undefined)[] {
  const { cluster, scheduler } = machine
  machine.reset(1)
  cluster.nowUs = 5_000_000
  const { nodes, pods } = cluster
  state.nodes.forEach((node, row) => {
    put(nodes.exists, row, node.exists ? 1 : 0)
    put(nodes.unschedulable, row, node.cordoned ? 1 : 0)
    nodes.taints[row] = TAINTS[node.taints]
    nodes.labels[row] = node.ssd ? { disk: 'ssd' } : {}
  })
  const owners = [0, 0, NONE].map((deployment) =>
    insertReplicaSet(cluster, deployment as DeploymentId, 0 as TemplateId, 0, 0, NONE, NONE, 1),
  )
  const rows = state.pods.map((pod) => {
    const row = insertPod(
      cluster,
      Kind.ReplicaSet,
      owners[pod.owner],
      pod.template as TemplateId,
      NONE,
      NONE as NodeId,
      0,
    )
    countPod(cluster, row, -1)
    put(pods.node, row, pod.node ?? NONE)
    put(pods.createdAtUs, row, pod.createdSeconds * 1e6)
    put(pods.deletionMark, row, pod.terminating ? 1 : 0)
    if (pod.failed) put(pods.phase, row, PodPhase.Failed)
    if (pod.node !== undefined || pod.failed) pods.pendingCount--
    countPod(cluster, row, 1)
    return row
  })
  scheduler.pass()
  return rows.map((row: PodId) => (pods.node[row] === NONE ? undefined : pods.node[row]))
}

test('a pass of the scripted scheduler agrees with a plain computation', () => {
  const scenario = makeScenario()
  const machine = wireMachine(compileModel(scenario, scenario.arms[0]))
  const choices = new Choices(0)
  let bound = 0
  for (let seed = 0; seed < STATES; seed++) {
    choices.reset(seed)
    const state = randomState(choices)
    const ours = scheduleOurs(machine, state)
    const plain = schedulePlainly(state)
    if (ours.join() !== plain.join()) expect(`seed ${seed}: ${ours.join()}`).toBe(`seed ${seed}: ${plain.join()}`)
    bound += plain.filter((node, i) => node !== state.pods[i].node).length
  }
  expect(bound).toBeGreaterThan(STATES / 2)
})
