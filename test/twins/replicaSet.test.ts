// 100,000 random states of a ReplicaSet: one sync of ours and one of the plain-object twin decide the same, and the pods
// that go come before those that stay.

import { expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import { PodPhase } from '../../src/cluster/codes.ts'
import { countPod } from '../../src/cluster/podCounts.ts'
import { insertPod } from '../../src/cluster/podWrites.ts'
import { insertReplicaSet } from '../../src/cluster/replicaSetWrites.ts'
import { Controller } from '../../src/cluster/cluster.ts'
import { syncReplicaSet } from '../../src/controllers/replicaset/replicaSetController.ts'
import { wireMachine } from '../../src/engine/wiring.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type DeploymentId, Kind, type NodeId, type TemplateId } from '../../src/model/types.ts'
import { simpleScenario } from '../scenarios.ts'
import { Choices } from './random.ts'
import { compareVictims, isActive, syncTwin, type TwinPod, type TwinReplicaSet } from './replicaSetTwin.ts'

const STATES = 100_000
const template = 0 as TemplateId
const scenario = simpleScenario({ replicas: 2 })
const machine = wireMachine(compileModel(scenario, scenario.arms[0]))
const { cluster } = machine
const { pods, replicaSets } = cluster

function randomState(choices: Choices): TwinReplicaSet {
  const nowUs = choices.integer(300_000_000, 400_000_000)
  const nowSeconds = Math.floor(nowUs / 1e6)
  // Few distinct values, so that criteria tie and the next one decides.
  const ago = (): number => nowSeconds - choices.pick([0, 1, 2, 4, 5, 6, 8, 9, 17, 18, 60, 68, 70, 250])
  const settled = choices.chance(0.5)
  const pod = (id: number): TwinPod => {
    const node = !settled && choices.chance(0.2) ? undefined : choices.integer(0, 2)
    const phase = settled ? 'Running' : choices.pick(['Pending', 'Running', 'Running', 'Unknown', 'Failed'] as const)
    return {
      id,
      owner: choices.chance(0.75) ? 0 : 1,
      node,
      phase,
      ready: phase === 'Running' && node !== undefined && choices.chance(0.7),
      readySeconds: ago(),
      restarts: choices.chance(0.8) ? 0 : choices.integer(1, 2),
      createdSeconds: ago(),
      terminating: node !== undefined && choices.chance(0.1),
    }
  }
  const open = choices.chance(0.15)
  return {
    nowUs,
    replicas: choices.integer(0, 6),
    minReadySeconds: choices.pick([0, 0, 3, 9]),
    beingDeleted: choices.chance(0.05),
    hasController: choices.chance(0.8),
    expectations: {
      add: open ? choices.integer(-1, 2) : 0,
      del: open ? choices.integer(-1, 2) : 0,
      ageSeconds: choices.pick([0, 299, 301]),
    },
    pods: Array.from({ length: choices.integer(0, 8) }, (_, id) => pod(id)),
  }
}

const put = (column: unknown, row: number, value: number): void => {
  ;(column as Int32Array)[row] = value
}

/** Puts a twin's state into the tables; pod k gets UID k. */
function load(state: TwinReplicaSet): void {
  machine.reset(1)
  cluster.nowUs = state.nowUs
  put(cluster.deployments.exists, 0, 1)
  const owner = (state.hasController ? 0 : NONE) as DeploymentId
  const rows = [0, 1].map(() =>
    insertReplicaSet(cluster, owner, template, state.replicas, state.minReadySeconds, NONE, NONE, 1),
  )
  for (const pod of state.pods) {
    const row = insertPod(cluster, Kind.ReplicaSet, rows[pod.owner], template, NONE, NONE as NodeId, 0)
    countPod(cluster, row, -1)
    put(pods.node, row, pod.node ?? NONE)
    put(pods.phase, row, PodPhase[pod.phase])
    put(pods.ready, row, pod.ready ? 1 : 0)
    put(pods.readyTransitionSeconds, row, pod.readySeconds)
    put(pods.createdAtUs, row, pod.createdSeconds * 1e6)
    put(pods.restarts, row, pod.restarts)
    put(pods.deletionMark, row, pod.terminating ? 1 : 0)
    put(pods.deletionGraceSeconds, row, 30)
    countPod(cluster, row, 1)
  }
  cluster.queues[Controller.ReplicaSet].reset()
  put(replicaSets.deletionMark, 0, state.beingDeleted ? 1 : 0)
  put(replicaSets.expectedCreations, 0, state.expectations.add)
  put(replicaSets.expectedDeletions, 0, state.expectations.del)
  put(replicaSets.expectedSinceUs, 0, state.nowUs - state.expectations.ageSeconds * 1e6)
}

/** What our sync has done: pods created, pods (by UID) deleted, the status, and the timer. */
function syncOurs(state: TwinReplicaSet): { created: number; victims: number[]; status: number[]; againUs: number } {
  const before = pods.created
  syncReplicaSet(cluster, 0 as Parameters<typeof syncReplicaSet>[1])
  const left = new Set<number>()
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
    if (pods.deletionMark[pod] === 0) left.add(pods.uid[pod])
  const queue = cluster.queues[Controller.ReplicaSet] as unknown as { waitingUntilUs: Float64Array }
  return {
    created: pods.created - before,
    victims: state.pods.filter(({ id, terminating }) => !terminating && !left.has(id)).map(({ id }) => id),
    status: [
      replicaSets.statusReplicas[0 as never],
      replicaSets.readyReplicas[0 as never],
      replicaSets.availableReplicas[0 as never],
      replicaSets.terminatingReplicas[0 as never],
    ],
    againUs: queue.waitingUntilUs[0] - state.nowUs,
  }
}

/** The first pod that stays although it comes before one that goes. */
function wrongVictim(state: TwinReplicaSet, victims: readonly number[]): string {
  const active = state.pods.filter((pod) => pod.owner === 0 && isActive(pod))
  const gone = active.filter(({ id }) => victims.includes(id))
  for (const stays of active.filter((pod) => !gone.includes(pod)))
    for (const goes of gone)
      if (compareVictims(state, stays, goes) < 0) return `pod ${stays.id} stays, pod ${goes.id} goes`
  return ''
}

/** Upstream's comparison runs in circles for some pods: equal times fall through, similar ones go by UID. */
function runsInCircles(state: TwinReplicaSet): boolean {
  const active = state.pods.filter((pod) => pod.owner === 0 && isActive(pod))
  const before = (a: TwinPod, b: TwinPod): boolean => compareVictims(state, a, b) < 0
  return active.some((a) => active.some((b) => active.some((c) => before(a, b) && before(b, c) && !before(a, c))))
}

test(`the ReplicaSet controller agrees with its plain-object twin on ${STATES} random states`, () => {
  const choices = new Choices(0)
  let ranked = 0
  let circles = 0
  for (let seed = 0; seed < STATES; seed++) {
    choices.reset(seed)
    const state = randomState(choices)
    load(state)
    const { victims, ...rest } = syncOurs(state)
    const ours = JSON.stringify({ ...rest, deleted: victims.length, again: rest.againUs === Infinity })
    const { created, deleted, status, againUs } = syncTwin(state)
    const theirs = JSON.stringify({ created, status, againUs, deleted, again: againUs === Infinity })
    if (ours !== theirs) expect(`seed ${seed}: ${ours}`).toBe(`seed ${seed}: ${theirs}`)
    const managed = created + deleted > 0
    if (managed && (replicaSets.expectedCreations[0 as never] !== 0 || replicaSets.expectedDeletions[0 as never] !== 0))
      expect(`seed ${seed}: expectations are left`).toBe('')
    if (victims.length === 0 || victims.length === status[0]) continue
    ranked++
    const wrong = wrongVictim(state, victims)
    if (wrong === '') continue
    if (runsInCircles(state)) circles++
    else expect(`seed ${seed}: ${wrong}`).toBe('')
  }
  expect(ranked).toBeGreaterThan(20_000)
  expect(circles).toBeLessThan(ranked / 50)
})
