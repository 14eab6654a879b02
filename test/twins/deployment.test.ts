// 100,000 random states of a Deployment: one sync of ours and one of the plain-object twin leave the same behind.

import { describe, expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import type { Cluster } from '../../src/cluster/cluster.ts'
import { ConditionStatus, DeploymentReason, nameOf } from '../../src/cluster/codes.ts'
import type { DeploymentStatus } from '../../src/cluster/deployments.ts'
import { insertPod } from '../../src/cluster/podWrites.ts'
import { insertReplicaSet } from '../../src/cluster/replicaSetWrites.ts'
import { syncDeployment } from '../../src/controllers/deployment/deploymentController.ts'
import { wireMachine } from '../../src/engine/wiring.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type DeploymentId, Kind, type NodeId, type TemplateId } from '../../src/model/types.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { simpleScenario } from '../scenarios.ts'
import { Choices } from './random.ts'
import { syncTwin, type TwinCondition, type TwinReplicaSet, type TwinState } from './deploymentTwin.ts'

const STATES = 100_000
const deployment = 0 as DeploymentId

/** Columns as the test may write them. */
type Writable<T> = { -readonly [K in keyof T]: T[K] }

function machine() {
  const template = { spec: { template: { spec: { containers: [{ name: 'app', image: 'web:v3' }] } } } }
  // States are made row by row, with templates that no scheduler has a plan for.
  const base: Scenario = { ...simpleScenario({}), placement: 'scripted' }
  const step = {
    atUs: 20_000_000,
    op: 'patch' as const,
    workload: { kind: 'Deployment', name: 'web' },
    patch: template,
  }
  const scenario = { ...base, timeline: [...base.timeline, step, { ...step, atUs: 30_000_000 }] }
  const model = compileModel(scenario, scenario.arms[0])
  return wireMachine({ ...model, capacity: { ...model.capacity, replicaSets: 16 } })
}

function randomState(choices: Choices): TwinState {
  const replicas = choices.integer(0, 6)
  const maxSurge = choices.integer(0, 3)
  const maxUnavailable = Math.min(replicas, choices.integer(maxSurge === 0 ? 1 : 0, 3))
  const recreate = choices.chance(0.25)
  const nowSeconds = choices.integer(100, 200)
  const count = choices.integer(0, 4)
  // All current: what a settled cluster looks like, so that completion and clean-up are met often.
  const tidy = choices.chance(0.3)
  const replicaSets: TwinReplicaSet[] = []
  for (let id = 0; id < count; id++) {
    const size = tidy ? (id === count - 1 ? replicas : 0) : choices.integer(0, 6)
    const reported = tidy ? size : choices.integer(0, 6)
    const ready = tidy ? size : choices.integer(0, reported)
    const generation = choices.integer(1, 3)
    replicaSets.push({
      id,
      template: id % 3,
      replicas: size,
      minReadySeconds: choices.chance(0.9) ? 0 : 5,
      desired: choices.chance(0.1) ? undefined : choices.chance(0.7) ? replicas : choices.integer(0, 6),
      max: choices.chance(0.1) ? undefined : replicas + choices.integer(0, 3),
      revision: choices.integer(1, 5),
      generation,
      observed: choices.chance(0.8) ? generation : generation - 1,
      status: {
        replicas: reported,
        ready,
        available: tidy ? size : choices.integer(0, ready),
        terminating: choices.chance(0.1) ? undefined : choices.integer(0, 2),
      },
      runningPods: tidy || choices.chance(0.5) ? 0 : choices.integer(0, 2),
    })
  }
  const total = (pick: (rs: TwinReplicaSet) => number): number => replicaSets.reduce((sum, rs) => sum + pick(rs), 0)
  const template = choices.integer(0, 2)
  const updated = replicaSets.find((rs) => rs.template === template)?.status.replicas ?? 0
  const vary = (value: number): number => (choices.chance(0.7) ? value : choices.integer(0, 6))
  return {
    nowSeconds,
    replicaSets,
    deployment: {
      replicas,
      template,
      recreate,
      maxSurge: recreate ? 0 : maxSurge,
      maxUnavailable: recreate ? 0 : maxUnavailable,
      minReadySeconds: 0,
      deadline: choices.chance(0.15) ? undefined : choices.pick([10, 60, 600]),
      historyLimit: choices.pick([undefined, 0, 1, 10]),
      paused: choices.chance(0.15),
      generation: choices.integer(1, 4),
      status: {
        observed: choices.integer(1, 4),
        replicas: vary(total((rs) => rs.status.replicas)),
        updated: vary(updated),
        ready: vary(total((rs) => rs.status.ready)),
        available: vary(total((rs) => rs.status.available)),
        unavailable: choices.integer(0, 3),
        terminating: choices.chance(0.2) ? undefined : choices.integer(0, 2),
        conditions: randomConditions(choices, nowSeconds),
      },
    },
  }
}

function randomConditions(choices: Choices, now: number): TwinState['deployment']['status']['conditions'] {
  const time = (): number => now - choices.integer(0, 90)
  const conditions: { Available?: TwinCondition; Progressing?: TwinCondition } = {}
  if (choices.chance(0.9)) {
    const enough = choices.chance(0.5)
    conditions.Available = {
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      update: time(),
      transition: time(),
    }
  }
  if (choices.chance(0.9)) {
    const [status, reason] = choices.pick([
      ['True', 'NewReplicaSetCreated'],
      ['True', 'ReplicaSetUpdated'],
      ['True', 'NewReplicaSetAvailable'],
      ['False', 'ProgressDeadlineExceeded'],
      ['Unknown', 'DeploymentPaused'],
      ['Unknown', 'DeploymentResumed'],
    ])
    conditions.Progressing = { status, reason, update: time(), transition: time() }
  }
  return conditions
}

/** Puts a twin's state into the tables. */
function load(cluster: Cluster, state: TwinState): void {
  cluster.reset()
  cluster.nowUs = state.nowSeconds * 1e6
  const d = state.deployment
  const table = cluster.deployments as Writable<typeof cluster.deployments>
  const set = (column: keyof typeof table, value: number): void => {
    ;(table[column] as unknown as Int32Array)[deployment] = value
  }
  set('exists', 1)
  set('replicas', d.replicas)
  set('template', d.template)
  set('recreate', d.recreate ? 1 : 0)
  set('maxSurge', d.maxSurge)
  set('maxUnavailable', d.maxUnavailable)
  set('minReadySeconds', d.minReadySeconds)
  set('progressDeadlineSeconds', d.deadline ?? NONE)
  set('revisionHistoryLimit', d.historyLimit ?? NONE)
  set('paused', d.paused ? 1 : 0)
  set('generation', d.generation)
  for (const rs of state.replicaSets) loadReplicaSet(cluster, rs)
  loadStatus(cluster.deployments.status[deployment], d.status)
}

function loadReplicaSet(cluster: Cluster, rs: TwinReplicaSet): void {
  const t = rs.template as TemplateId
  const row = insertReplicaSet(cluster, deployment, t, rs.replicas, rs.minReadySeconds, NONE, NONE, rs.revision)
  const table = cluster.replicaSets
  const put = (column: unknown, value: number): void => {
    ;(column as Int32Array)[row] = value
  }
  put(table.desiredReplicas, rs.desired ?? NONE)
  put(table.maxReplicas, rs.max ?? NONE)
  put(table.generation, rs.generation)
  put(table.observedGeneration, rs.observed)
  put(table.statusReplicas, rs.status.replicas)
  put(table.readyReplicas, rs.status.ready)
  put(table.availableReplicas, rs.status.available)
  put(table.terminatingReplicas, rs.status.terminating ?? NONE)
  for (let i = 0; i < rs.runningPods; i++) insertPod(cluster, Kind.ReplicaSet, row, t, NONE, NONE as NodeId, 0)
}

function loadStatus(into: DeploymentStatus, from: TwinState['deployment']['status']): void {
  into.clear()
  into.observedGeneration = from.observed
  into.replicas = from.replicas
  into.updatedReplicas = from.updated
  into.readyReplicas = from.ready
  into.availableReplicas = from.available
  into.unavailableReplicas = from.unavailable
  into.terminatingReplicas = from.terminating ?? NONE
  const { Available, Progressing } = from.conditions
  if (Available) {
    into.available = ConditionStatus[Available.status as keyof typeof ConditionStatus]
    into.availableReason = DeploymentReason[Available.reason as keyof typeof DeploymentReason]
  }
  if (Progressing) {
    into.progressing = ConditionStatus[Progressing.status as keyof typeof ConditionStatus]
    into.progressingReason = DeploymentReason[Progressing.reason as keyof typeof DeploymentReason]
    into.progressingUpdateSeconds = Progressing.update
    into.progressingTransitionSeconds = Progressing.transition
  }
}

/** What both sides must agree on, from a twin. */
function viewTwin(state: TwinState): unknown {
  const { status } = state.deployment
  const { Available, Progressing } = status.conditions
  return {
    replicaSets: state.replicaSets.map((rs) => [
      rs.template,
      rs.replicas,
      rs.desired ?? NONE,
      rs.max ?? NONE,
      rs.revision,
      rs.generation,
      rs.minReadySeconds,
    ]),
    counts: [
      status.observed,
      status.replicas,
      status.updated,
      status.ready,
      status.available,
      status.unavailable,
      status.terminating ?? NONE,
    ],
    Available: Available === undefined ? '' : `${Available.status} ${Available.reason}`,
    Progressing:
      Progressing === undefined
        ? ''
        : `${Progressing.status} ${Progressing.reason} ${Progressing.update} ${Progressing.transition}`,
  }
}

/** The same from the tables. */
function viewCluster(cluster: Cluster): unknown {
  const { deployments, replicaSets: t } = cluster
  const status = deployments.status[deployment]
  const list: number[][] = []
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = t.next[rs])
    list.push([
      t.template[rs],
      t.replicas[rs],
      t.desiredReplicas[rs],
      t.maxReplicas[rs],
      t.revision[rs],
      t.generation[rs],
      t.minReadySeconds[rs],
    ])
  const word = (condition: ConditionStatus, reason: DeploymentReason): string =>
    condition === ConditionStatus.Absent
      ? ''
      : `${nameOf(ConditionStatus, condition)} ${nameOf(DeploymentReason, reason)}`
  const progressing = word(status.progressing, status.progressingReason)
  return {
    replicaSets: list,
    counts: [
      status.observedGeneration,
      status.replicas,
      status.updatedReplicas,
      status.readyReplicas,
      status.availableReplicas,
      status.unavailableReplicas,
      status.terminatingReplicas,
    ],
    Available: word(status.available, status.availableReason),
    Progressing:
      progressing === ''
        ? ''
        : `${progressing} ${status.progressingUpdateSeconds} ${status.progressingTransitionSeconds}`,
  }
}

describe('the Deployment controller', () => {
  test(`agrees with its plain-object twin on ${STATES} random states`, () => {
    const { cluster } = machine()
    const choices = new Choices(0)
    const met = new Map<string, number>()
    for (let seed = 0; seed < STATES; seed++) {
      choices.reset(seed)
      const state = randomState(choices)
      load(cluster, state)
      syncDeployment(cluster, deployment)
      const ours = JSON.stringify(viewCluster(cluster))
      const after = syncTwin(state)
      const theirs = JSON.stringify(viewTwin(after))
      if (ours !== theirs) expect(`seed ${seed}: ${ours}`).toBe(`seed ${seed}: ${theirs}`)
      const reason = after.deployment.status.conditions.Progressing?.reason ?? 'none'
      met.set(reason, (met.get(reason) ?? 0) + 1)
    }
    // The states are not all of one sort.
    for (const reason of [
      'NewReplicaSetAvailable',
      'ReplicaSetUpdated',
      'ProgressDeadlineExceeded',
      'DeploymentPaused',
    ])
      expect(met.get(reason) ?? 0, reason).toBeGreaterThan(1000)
  })
})
