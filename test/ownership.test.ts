// Owners and dependents in whole runs, where the recorder has nothing to say: foreground and orphan propagation,
// ReplicationControllers, measured ReplicaSets. What must come out follows from the code of
// pkg/controller/garbagecollector and pkg/controller/controller_ref_manager.go, Kubernetes v1.36.

import { describe, expect, test } from 'vitest'
import { snapshot } from '../src/conform/snapshot.ts'
import type { State } from '../src/conform/trace.ts'
import { translate } from '../src/conform/translate.ts'
import { createEngine, Player } from '../src/engine/engine.ts'
import type { JsonObject } from '../src/manifest/types.ts'
import { compileModel } from '../src/model/compile.ts'
import type { Step } from '../src/scenario/types.ts'

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node-01', labels: {} },
  status: { allocatable: { cpu: '64', memory: '64Gi', pods: '110' } },
}

/** A workload of 3 pods with the label app=web; its pods start in 1 s, are ready 1 s later, and take 5 s to go. */
function workload(kind: string, extra: JsonObject = {}): JsonObject {
  const isController = kind === 'ReplicationController'
  return {
    apiVersion: isController ? 'v1' : 'apps/v1',
    kind,
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      replicas: 3,
      selector: isController ? { app: 'web' } : { matchLabels: { app: 'web' } },
      template: template('web:v1'),
      ...extra,
    },
  }
}

function template(image: string): JsonObject {
  return {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', image, readinessProbe: { tcpSocket: { port: 80 } } }] },
  }
}

type TimedStep = Step extends infer S ? (S extends Step ? Omit<S, 'atUs'> & { readonly at: number } : never) : never

/** Plays objects and steps, and returns the state at given seconds (half a second after, when all has settled). */
function play(objects: readonly JsonObject[], steps: readonly TimedStep[]): (second: number) => State {
  const timing = { startSeconds: [1], readySeconds: [1], terminateSeconds: [5] }
  const { arm, scenario } = translate({
    id: 'ownership-1',
    objects: [node, ...objects],
    timings: { 'web:v1': timing, 'web:v2': timing },
    steps: [],
    untilSeconds: 200,
  })
  const timeline = steps.map(({ at, ...step }): Step => ({ ...step, atUs: at * 1e6 - 1e6 }))
  const states: { us: number; state: State }[] = []
  const player: Player = new Player(compileModel({ ...scenario, timeline }, arm), (us) => {
    states.push({ us, state: snapshot(player.machine.cluster, false) })
  })
  player.run(1)
  return (second) => states.filter(({ us }) => us <= second * 1e6 + 5e5).at(-1)!.state
}

function deletion(at: number, kind: string, cascade: 'background' | 'foreground' | 'orphan'): TimedStep {
  return { at, op: 'delete', object: { kind, name: 'web' }, cascade }
}

function podsOf(state: State): unknown {
  return state['pods']
}

function workloads(state: State): string[] {
  return Object.keys(state['workloads'] as object)
}

describe('foreground deletion', () => {
  test.each(['Deployment', 'StatefulSet', 'DaemonSet'])('a %s stays until its last pod object is gone', (kind) => {
    const extra = kind === 'StatefulSet' ? { serviceName: 'web' } : {}
    const at = play([workload(kind, extra)], [deletion(100, kind, 'foreground')])
    expect(JSON.stringify(podsOf(at(100)))).toContain('terminating')
    expect(JSON.stringify(podsOf(at(100)))).not.toContain('ready')
    expect(workloads(at(104))).toEqual([`${kind}/web`])
    expect(workloads(at(105))).toEqual([])
    expect(podsOf(at(150))).toBeUndefined()
  })

  test('in background the Deployment is gone at once, and its pods all go at the same time', () => {
    const at = play([workload('Deployment')], [deletion(100, 'Deployment', 'background')])
    expect(workloads(at(100))).toEqual([])
    expect(podsOf(at(100))).toEqual({ 'web:v1 terminating': 3 })
  })

  test('a second, background deletion takes the finalizer off', () => {
    const steps = [deletion(100, 'Deployment', 'foreground'), deletion(102, 'Deployment', 'background')]
    const at = play([workload('Deployment')], steps)
    expect(workloads(at(101))).toEqual(['Deployment/web'])
    expect(workloads(at(102))).toEqual([])
  })

  test('a Deployment that is being deleted makes no pods for those that go', () => {
    const steps: TimedStep[] = [
      deletion(100, 'Deployment', 'foreground'),
      { at: 101, op: 'scale', workload: { kind: 'Deployment', name: 'web' }, replicas: 9 },
    ]
    expect(podsOf(play([workload('Deployment')], steps)(103))).toEqual({ 'web:v1 terminating': 3 })
  })
})

describe('orphans', () => {
  const orphaned = [deletion(100, 'Deployment', 'orphan')]

  test('the ReplicaSet of an orphaning Deployment goes on: a deleted pod is replaced', () => {
    const at = play([workload('Deployment')], [...orphaned, { at: 110, op: 'deletePod', index: 0, force: false }])
    expect(workloads(at(100))).toEqual([])
    expect(podsOf(at(105))).toEqual({ 'web:v1 ready': 3 })
    expect(podsOf(at(120))).toEqual({ 'web:v1 ready': 3 })
  })

  test('a Deployment of equal template adopts and uses it; another one rolls it out', () => {
    const same = play([workload('Deployment')], [...orphaned, { at: 120, op: 'apply', object: workload('Deployment') }])
    expect(same(121)['workloads']).toMatchObject({
      'Deployment/web': { updated: 3, available: 3, replicaSets: { 'web:v1 r1': [3, 3, 3, 3] } },
    })
    const other = workload('Deployment', { template: template('web:v2') })
    const rolled = play([workload('Deployment')], [...orphaned, { at: 120, op: 'apply', object: other }])
    expect(podsOf(rolled(190))).toEqual({ 'web:v2 ready': 3 })
    expect(rolled(190)['workloads']).toMatchObject({ 'Deployment/web': { replicas: 3, updated: 3, available: 3 } })
  })

  test('pods of an orphaning ReplicaSet live on alone, and a ReplicaSet of a matching selector adopts them', () => {
    const orphans = [deletion(100, 'ReplicaSet', 'orphan')]
    const alone = play([workload('ReplicaSet')], [...orphans, { at: 110, op: 'deletePod', index: 0, force: false }])
    expect(podsOf(alone(150))).toEqual({ 'web:v1 ready': 2 })
    const smaller = workload('ReplicaSet', { replicas: 2 })
    const adopted = play([workload('ReplicaSet')], [...orphans, { at: 120, op: 'apply', object: smaller }])
    expect(podsOf(adopted(120))).toEqual({ 'web:v1 ready': 2, 'web:v1 terminating': 1 })
  })

  test('orphans with pod-template-hash are adopted by a Deployment above only through their ReplicaSet', () => {
    const plain = workload('ReplicaSet', { replicas: 1 })
    const at = play([workload('Deployment')], [...orphaned, { at: 110, op: 'apply', object: plain }])
    // The old ReplicaSet still owns its three pods, so the new one makes its own.
    expect(podsOf(at(150))).toEqual({ 'web:v1 ready': 4 })
  })
})

describe('ReplicationControllers', () => {
  test('keep their number of pods, and no Deployment adopts them', () => {
    const controller = workload('ReplicationController')
    const at = play([controller], [{ at: 100, op: 'apply', object: workload('Deployment') }])
    expect(podsOf(at(99))).toEqual({ 'web:v1 ready': 3 })
    expect(podsOf(at(150))).toEqual({ 'web:v1 ready': 6 })
  })
})

describe('measured ReplicaSets', () => {
  test.each(['ReplicaSet', 'ReplicationController'])('a %s that is scaled up has its row', (kind) => {
    const timing = { startSeconds: [1], readySeconds: [1], terminateSeconds: [5] }
    const { arm, scenario } = translate({
      id: 'ownership-2',
      objects: [node, workload(kind)],
      timings: { 'web:v1': timing },
      steps: [{ at: 100, op: 'patch', kind, name: 'web', patch: { spec: { replicas: 6 } } }],
      untilSeconds: 200,
    })
    const { rows } = createEngine(scenario, arm).run(1)
    expect(rows[0]).toMatchObject({ workload: `${kind}/web`, outcome: 'complete', peakPods: 6, minReadyPercent: 50 })
  })

  test('a new template is for new pods only', () => {
    const patch = { spec: { template: template('web:v2') } }
    const change: TimedStep = { at: 100, op: 'patch', workload: { kind: 'ReplicaSet', name: 'web' }, patch }
    const at = play([workload('ReplicaSet')], [change, { at: 110, op: 'deletePod', index: 0, force: false }])
    expect(podsOf(at(150))).toEqual({ 'web:v1 ready': 2, 'web:v2 ready': 1 })
  })
})
