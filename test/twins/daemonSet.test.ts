// 100,000 random states of nodes and pods: the DaemonSet controller's decisions are those of its plain-object twin.

import { expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import { Agenda } from '../../src/cluster/agenda.ts'
import { Cluster } from '../../src/cluster/cluster.ts'
import { DeletionReason, PodPhase } from '../../src/cluster/codes.ts'
import { applyDaemonSetSpec } from '../../src/cluster/daemonSetWrites.ts'
import { bindPod, insertPod, markFinished, markReady, markStarted, removePod } from '../../src/cluster/podWrites.ts'
import { translate } from '../../src/conform/translate.ts'
import { decideBasicState } from '../../src/controllers/daemonset/manage.ts'
import { decideRollingUpdate } from '../../src/controllers/daemonset/rollingUpdate.ts'
import { calculateStatus } from '../../src/controllers/daemonset/status.ts'
import type { Changes } from '../../src/controllers/daemonset/syncNodes.ts'
import { EventQueue } from '../../src/kernel/eventQueue.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type DaemonSetId, Kind, type NodeId, type TemplateId } from '../../src/model/types.ts'
import {
  type TwinNode,
  type TwinPod,
  type TwinSet,
  twinBasicState,
  twinRollingUpdate,
  twinStatus,
} from './daemonSetTwin.ts'
import { Choices } from './random.ts'

const STATES = 100_000
const NODES = 4
const DS = 0 as DaemonSetId
const NOW_US = 60_000_000
const MIN_READY_SECONDS = 10

const allocatable = { cpu: '64', memory: '64Gi', pods: '110' }
const nodes = Array.from({ length: NODES }, (_, i) => ({
  kind: 'Node',
  metadata: { name: `node-0${i + 1}` },
  status: { allocatable },
}))

function daemonSet(image: string): Record<string, unknown> {
  const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'app', image }] } }
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: image.slice(0, 5) },
    spec: { selector: { matchLabels: { app: 'a' } }, template },
  }
}

function emptyCluster(): Cluster {
  const objects = [...nodes, daemonSet('agent:v1'), daemonSet('other:v1')]
  const { arm, scenario } = translate({ id: 'twin', objects, timings: {}, steps: [], untilSeconds: 1_000 } as never)
  // Nobody watches, and nothing comes of what is scheduled.
  const cluster = new Cluster(compileModel(scenario, arm), new Agenda(new EventQueue(1, 1), -1), { wake() {} })
  cluster.reset()
  return cluster
}

const TAINTS = { run: [], keep: ['NoSchedule'], none: ['NoExecute'] } as const

function drawNode(cluster: Cluster, choices: Choices, node: NodeId): TwinNode {
  const wants = choices.pick(['run', 'run', 'run', 'keep', 'none'] as const)
  const exists = choices.chance(0.93)
  cluster.nodes.exists[node] = exists ? 1 : 0
  cluster.nodes.taints[node] = TAINTS[wants].map((effect) => ({ key: 'x', value: '', effect }))
  return { exists, wants }
}

/** A pod brought to a random state by the writes that bring pods there. */
function drawPod(cluster: Cluster, choices: Choices): TwinPod {
  const { pods } = cluster
  const node = choices.integer(0, NODES - 1) as NodeId
  const updated = choices.chance(0.5)
  const createdSeconds = choices.integer(1, 3)
  const readySeconds = choices.integer(45, 55)
  const bound = choices.chance(0.85)
  cluster.nowUs = createdSeconds * 1_000_000
  const pod = insertPod(cluster, Kind.DaemonSet, DS, (updated ? 0 : 1) as TemplateId, NONE, node, 0)
  const id = pods.uid[pod]
  let phase: TwinPod['phase'] = 'Pending'
  let ready = false
  if (bound) bindPod(cluster, pod, node)
  if (bound && choices.chance(0.8)) {
    phase = 'Running'
    markStarted(cluster, pod)
    ready = choices.chance(0.7)
    cluster.nowUs = readySeconds * 1_000_000
    if (ready) markReady(cluster, pod, true)
  }
  const terminating = bound && choices.chance(0.2)
  if (terminating) removePod(cluster, pod, NONE, DeletionReason.Step)
  if (phase === 'Running' && choices.chance(0.15)) {
    phase = choices.pick(['Failed', 'Succeeded'] as const)
    ready = false
    markFinished(cluster, pod, PodPhase[phase])
  }
  const available = ready && readySeconds + MIN_READY_SECONDS <= NOW_US / 1_000_000
  return { id, node, bound, createdSeconds, updated, phase, ready, available, terminating }
}

function idsOf(cluster: Cluster, changes: Changes): { creations: number[]; deletions: number[] } {
  const deletions = changes.deletions.map(({ pod }) => cluster.pods.uid[pod])
  return { creations: [...changes.creations].sort(ascending), deletions: deletions.sort(ascending) }
}

const ascending = (a: number, b: number): number => a - b

test(`agrees with its plain-object twin on ${STATES} random states`, { timeout: 60_000 }, () => {
  const cluster = emptyCluster()
  const choices = new Choices(1)
  const template = cluster.model.daemonSets[0].specs[0].template
  for (let state = 0; state < STATES; state++) {
    const set: TwinSet = choices.pick([
      { surge: 0, unavailable: choices.integer(0, 3), onDelete: false },
      { surge: choices.integer(1, 3), unavailable: 0, onDelete: false },
    ])
    const spec = {
      ...cluster.model.daemonSets[0].specs[0],
      template,
      minReadySeconds: MIN_READY_SECONDS,
      maxSurge: { value: set.surge, percent: false },
      maxUnavailable: { value: set.unavailable, percent: false },
    }
    applyDaemonSetSpec(cluster, DS, spec)
    const twinNodes = Array.from({ length: NODES }, (_, node) => drawNode(cluster, choices, node as NodeId))
    const twinPods = Array.from({ length: choices.integer(0, 7) }, () => drawPod(cluster, choices))
    cluster.nowUs = NOW_US
    cluster.daemonSets.failedPods.reset()
    const sorted = (changes: { creations: number[]; deletions: number[] } | undefined): unknown =>
      changes && { creations: changes.creations.sort(ascending), deletions: changes.deletions.sort(ascending) }
    const basic = idsOf(cluster, decideBasicState(cluster, DS, spec))
    const update = decideRollingUpdate(cluster, DS, spec)
    const status = calculateStatus(cluster, DS, spec)
    const ours = [
      basic,
      update && idsOf(cluster, update),
      [status.desired, status.current, status.misscheduled, status.ready, status.updated, status.available],
    ]
    const twin = [
      sorted(twinBasicState(twinNodes, twinPods, set)),
      sorted(twinRollingUpdate(twinNodes, twinPods, set)),
      twinStatus(twinNodes, twinPods),
    ]
    if (JSON.stringify(ours) !== JSON.stringify(twin))
      expect({ twinNodes, twinPods, ours }).toEqual({ twinNodes, twinPods, ours: twin })
    for (let pod = cluster.pods.first; pod !== NONE; pod = cluster.pods.first)
      removePod(cluster, pod, 0, DeletionReason.Step)
  }
})
