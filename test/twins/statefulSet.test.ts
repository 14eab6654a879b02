// 100,000 random states of a StatefulSet: one sync of ours and one of the plain-object twin send the same API calls at
// the same times.

import { describe, expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import type { ClaimId } from '../../src/cluster/claims.ts'
import { EventKind, PodPhase } from '../../src/cluster/codes.ts'
import type { PodId } from '../../src/cluster/pods.ts'
import { insertPod } from '../../src/cluster/podWrites.ts'
import { applyStatefulSetSpec, putClaim, putRevision } from '../../src/cluster/statefulSetWrites.ts'
import { Write } from '../../src/cluster/writes.ts'
import { syncStatefulSet } from '../../src/controllers/statefulset/statefulSetController.ts'
import { type Machine, wireMachine } from '../../src/engine/wiring.ts'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import { compileModel } from '../../src/model/compile.ts'
import { Kind, type NodeId, type StatefulSetId, type TemplateId } from '../../src/model/types.ts'
import type { Scenario } from '../../src/scenario/types.ts'
import { simpleScenario } from '../scenarios.ts'
import { Choices } from './random.ts'
import { syncTwin, type TwinClaim, type TwinPod, type TwinResult, type TwinState } from './statefulSetTwin.ts'

const STATES = 100_000
const set = 0 as StatefulSetId
const TEMPLATES = ['data', 'logs']
const REVISIONS = 4
const ORDINALS = 10

function machine(): Machine {
  const raw = (version: number) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: ORDINALS,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: {
        metadata: { labels: { app: 'db' } },
        spec: { containers: [{ name: 'app', image: `db:v${version}` }] },
      },
      volumeClaimTemplates: TEMPLATES.map((name) => ({ metadata: { name }, spec: {} })),
    },
  })
  // States are made row by row, with templates that no scheduler has a plan for.
  const base: Scenario = { ...simpleScenario({ apiWriteUs: 1 }), placement: 'scripted' }
  const arm = { ...base.arms[0], objects: [applyDefaults(raw(0))], rawObjects: [raw(0)] }
  const timeline = [1, 2, 3].map((version) => ({ atUs: version * 1e6, op: 'apply' as const, object: raw(version) }))
  return wireMachine(compileModel({ ...base, traffic: [], timeline, arms: [arm] }, arm))
}

function randomState(choices: Choices): TwinState {
  const now = choices.integer(100, 120)
  const replicas = choices.integer(0, 6)
  const start = choices.chance(0.7) ? 0 : choices.integer(1, 3)
  // All at one or two revisions and mostly healthy: only so does a sync come as far as the rollout.
  const healthy = choices.pick([0.5, 0.9, 0.98])
  const template = choices.integer(0, REVISIONS - 1)
  const old = choices.integer(0, REVISIONS - 1)
  const pods: TwinPod[] = []
  const taken: number[] = []
  for (let ordinal = 0; ordinal < ORDINALS; ordinal++) {
    const wanted = ordinal >= start && ordinal < start + replicas
    if (!choices.chance(wanted ? (1 + healthy) / 2 : 0.15)) {
      if (choices.chance(0.03)) taken.push(ordinal)
      continue
    }
    const ok = choices.chance(healthy)
    const phase = ok ? 'Running' : choices.pick(['Pending', 'Running', 'Running', 'Succeeded', 'Failed'] as const)
    pods.push({
      ordinal,
      revision: choices.chance(0.1) ? choices.integer(0, REVISIONS - 1) : choices.pick([template, old]),
      phase,
      ready: phase === 'Running' && (ok || choices.chance(0.5)),
      readySince: now - choices.pick([100, 100, 30, 10, 5, 0]),
      terminating: !ok && choices.chance(0.4),
      uid: pods.length,
    })
  }
  const live = pods.filter(({ terminating }) => !terminating)
  const vary = (value: number): number => (choices.chance(0.85) ? value : choices.integer(0, 6))
  const generation = choices.integer(1, 3)
  const order = [0, 1, 2, 3].sort(() => (choices.chance(0.5) ? 1 : -1)).slice(choices.integer(0, 3))
  return {
    now,
    uid: 1,
    generation,
    replicas,
    start,
    template,
    parallel: choices.chance(0.4),
    strategy: choices.pick([
      { type: 'OnDelete' },
      { type: 'RollingUpdate' },
      { type: 'RollingUpdate', partition: choices.chance(0.6) ? 0 : choices.integer(1, 7) },
      { type: 'RollingUpdate', partition: 0 },
    ]),
    gate: choices.chance(0.4),
    maxUnavailable: choices.integer(1, 4),
    minReadySeconds: choices.chance(0.6) ? 0 : choices.pick([5, 10, 20]),
    historyLimit: choices.pick([undefined, 0, 1, 10]),
    whenScaled: choices.pick(['Retain', 'Delete']),
    whenDeleted: choices.pick(['Retain', 'Delete']),
    templates: choices.chance(0.5) ? TEMPLATES : [],
    status: {
      observed: choices.chance(0.8) ? generation : generation - 1,
      replicas: vary(pods.length),
      ready: vary(pods.filter(({ ready }) => ready).length),
      available: vary(pods.filter(({ ready }) => ready).length),
      current: vary(live.filter(({ revision }) => revision === old).length),
      updated: vary(live.filter(({ revision }) => revision === template).length),
      currentRevision: choices.chance(0.9) ? old : template,
      updateRevision: template,
    },
    revisions: order.map((each, i) => ({ template: each, number: 3 + i })),
    pods,
    taken,
    claims: randomClaims(choices, pods),
  }
}

function randomClaims(choices: Choices, pods: readonly TwinPod[]): Map<string, TwinClaim> {
  const claims = new Map<string, TwinClaim>()
  for (const template of TEMPLATES) {
    for (let ordinal = 0; ordinal < ORDINALS; ordinal++) {
      if (choices.chance(0.2)) continue
      const pod = pods.find((each) => each.ordinal === ordinal)?.uid
      const owners = choices.integer(0, 9)
      claims.set(`${template}-${ordinal}`, {
        ...(owners < 4 && { set: owners === 0 ? ('former' as const) : ('mine' as const) }),
        ...(owners >= 3 && owners < 6 && { pod: pod === undefined || owners === 3 ? 77 : pod }),
      })
    }
  }
  return claims
}

/** Puts a twin's state into the tables. */
function load({ cluster, events }: Machine, state: TwinState): void {
  cluster.reset()
  cluster.nowUs = state.now * 1e6
  applyStatefulSetSpec(cluster, set, 0, cluster.model.statefulSets[set].specs[0])
  const put = (column: unknown, value: number, row: number = set): void => {
    ;(column as Int32Array)[row] = value
  }
  const table = cluster.statefulSets
  const { strategy } = state
  put(table.uid, state.uid)
  put(table.generation, state.generation)
  put(table.replicas, state.replicas)
  put(table.startOrdinal, state.start)
  put(table.template, state.template)
  put(table.parallel, state.parallel ? 1 : 0)
  put(table.onDelete, strategy.type === 'OnDelete' ? 1 : 0)
  put(table.partition, strategy.type === 'OnDelete' ? NONE : (strategy.partition ?? NONE))
  put(table.maxUnavailable, state.maxUnavailable)
  put(table.minReadySeconds, state.minReadySeconds)
  put(table.revisionHistoryLimit, state.historyLimit ?? NONE)
  put(table.deletesClaimsWhenScaled, state.whenScaled === 'Delete' ? 1 : 0)
  put(table.deletesClaimsWhenDeleted, state.whenDeleted === 'Delete' ? 1 : 0)
  ;(cluster.model.featureGates as Record<string, boolean>)['MaxUnavailableStatefulSet'] = state.gate
  ;(cluster.claims as unknown as { templatesNow: number[][] }).templatesNow[set] = state.templates.map((_, i) => i)
  const { observed, ready, available, current, updated, replicas, ...names } = state.status
  Object.assign(table.status[set], {
    observedGeneration: observed,
    replicas,
    readyReplicas: ready,
    availableReplicas: available,
    currentReplicas: current,
    updatedReplicas: updated,
    ...names,
  })
  for (const { template, number } of state.revisions) putRevision(cluster, set, template as TemplateId, number)
  const { pods } = cluster
  for (const pod of state.pods) {
    const row = insertPod(cluster, Kind.StatefulSet, set, pod.revision as TemplateId, pod.ordinal, NONE as NodeId, 0)
    put(pods.phase, PodPhase[pod.phase as keyof typeof PodPhase], row)
    put(pods.ready, pod.ready ? 1 : 0, row)
    put(pods.readyTransitionSeconds, pod.readySince, row)
    put(pods.deletionMark, pod.terminating ? 1 : 0, row)
  }
  for (const ordinal of state.taken) {
    const row = insertPod(cluster, Kind.StatefulSet, set, 0 as TemplateId, ordinal, NONE as NodeId, 0)
    put(pods.ownerUid, 0, row)
  }
  for (const [key, claim] of state.claims) {
    const [template = '', ordinal] = key.split('-')
    const owner = claim.set === undefined ? NONE : claim.set === 'mine' ? state.uid : 55
    const id = cluster.claims.claimOf(set, TEMPLATES.indexOf(template), Number(ordinal))
    putClaim(cluster, set, id, owner, claim.pod ?? NONE)
  }
  events.reset()
}

/** One sync of ours, as the calls that it has put on the event queue. */
function syncOurs({ cluster, events }: Machine): TwinResult {
  cluster.api.begin(2)
  const outcome = syncStatefulSet(cluster, set)
  const tookUs = cluster.api.end()
  const calls: string[] = []
  // A call that is refused changes nothing, so it is not on the queue; its time is.
  while (!events.isEmpty()) {
    const atUs = events.peekTimeUs() - cluster.nowUs
    events.pop()
    const kind = events.what & 0xff
    if (kind === EventKind.ApiSend) cluster.api.send(events.detail, events.timeUs)
    else if (kind === EventKind.QueueTimer) calls.push(`${atUs} check again`)
    else calls.push(`${atUs} ${describeWrite(cluster, (events.what >>> 8) as Write, events.detail)}`)
  }
  return { calls: calls.sort(), failed: outcome === 'retry', tookUs }
}

function describeWrite(cluster: Machine['cluster'], write: Write, slot: number): string {
  const { api, claims } = cluster
  const field = (index: number): number => api.field(slot, index)
  switch (write) {
    case Write.CreatePod:
      return `create ${field(3)} ${field(2)}`
    case Write.DeletePod:
      return `delete ${cluster.pods.ordinal[field(0) as PodId]}`
    case Write.DeletePodOfOrdinal:
      return `delete ${field(1)}`
    case Write.PutRevision:
      return `revision ${field(1)} ${field(2)}`
    case Write.RemoveRevision:
      return `forget ${field(1)}`
    case Write.PutClaim: {
      const claim = field(1) as ClaimId
      const index = claim % TEMPLATES.length
      const ordinal = (claim - index) / TEMPLATES.length
      expect(claims.claimOf(set, index, ordinal)).toBe(claim)
      const owners = { ...(field(2) !== NONE && { set: 'mine' }), ...(field(3) !== NONE && { pod: field(3) }) }
      return `claim ${TEMPLATES[index]}-${ordinal} ${JSON.stringify(owners)}`
    }
    default: {
      const [observed, replicas, ready, available, current, updated, currentRevision, updateRevision] = [
        1, 2, 3, 4, 5, 6, 7, 8,
      ].map(field)
      return `status ${JSON.stringify({ observed, replicas, ready, available, current, updated, currentRevision, updateRevision })}`
    }
  }
}

describe('a StatefulSet', () => {
  test(`has a twin that agrees in ${STATES} random states`, () => {
    const ours = machine()
    const choices = new Choices(0)
    const seen = new Map<string, number>()
    for (let seed = 0; seed < STATES; seed++) {
      choices.reset(seed)
      const state = randomState(choices)
      load(ours, state)
      const wanted = syncTwin(state)
      const calls = wanted.calls.filter((call) => {
        const [, verb = '', ordinal] = call.split(' ')
        seen.set(verb, (seen.get(verb) ?? 0) + 1)
        return verb !== 'create' || !state.taken.includes(Number(ordinal))
      })
      const got = syncOurs(ours)
      if (JSON.stringify(got) !== JSON.stringify({ ...wanted, calls }))
        expect({ seed, ...got }).toEqual({ seed, ...wanted, calls })
    }
    // The states are worth something only if every kind of call is met often.
    for (const verb of ['create', 'delete', 'claim', 'revision', 'forget', 'status', 'check'])
      expect(seen.get(verb)).toBeGreaterThan(1_000)
  }, 60_000)
})
