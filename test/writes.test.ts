// Writes of specs that change nothing, and what a refused undo leaves behind.

import { describe, expect, test } from 'vitest'
import { Player } from '../src/engine/engine.ts'
import { applyDefaults } from '../src/manifest/defaults.ts'
import type { JsonObject } from '../src/manifest/types.ts'
import { compileModel } from '../src/model/compile.ts'
import type { DeploymentId } from '../src/model/types.ts'
import type { Scenario, Step } from '../src/scenario/types.ts'
import { simpleScenario } from './scenarios.ts'

const second = 1_000_000
const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'app', image: 'web:v1' }], restartPolicy: 'Always' },
}
const workload = { replicas: 2, selector: { matchLabels: { app: 'web' } }, template }
const jobSpec = { parallelism: 1, template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } }

const SPECS: Readonly<Record<string, readonly [string, JsonObject]>> = {
  Deployment: ['apps/v1', workload],
  StatefulSet: ['apps/v1', { ...workload, serviceName: 'web' }],
  DaemonSet: ['apps/v1', { selector: workload.selector, template }],
  ReplicaSet: ['apps/v1', workload],
  Job: ['batch/v1', jobSpec],
  CronJob: ['batch/v1', { schedule: '0 0 1 1 *', jobTemplate: { spec: jobSpec } }],
  PodDisruptionBudget: ['policy/v1', { minAvailable: 1, selector: workload.selector }],
}

const objectOf = (kind: string): JsonObject => ({
  apiVersion: SPECS[kind][0],
  kind,
  metadata: { name: 'web' },
  spec: SPECS[kind][1],
})

function withObject(raw: JsonObject, timeline: readonly Step[]): Scenario {
  const arm = { name: 'arm', label: 'arm', rawObjects: [raw], objects: [applyDefaults(structuredClone(raw))] }
  return { ...simpleScenario({ timeline, horizonSeconds: 400 }), warmUpUs: 0, traffic: [], arms: [arm] }
}

describe('an apply of what is there already', () => {
  test.each(Object.keys(SPECS))('%s: wakes nobody and leaves the generation', (kind) => {
    const raw = objectOf(kind)
    const scenario = withObject(raw, [{ atUs: 100 * second, op: 'apply', object: structuredClone(raw) }])
    const player = new Player(compileModel(scenario, scenario.arms[0]))
    const { cluster } = player.machine
    const { budgets, daemonSets, deployments, jobs, replicaSets, statefulSets } = cluster
    let news = 0
    const count = (): void => {
      if (cluster.nowUs >= 100 * second) news++
    }
    cluster.watch.add({ specChanged: count, statusChanged: count, podAdded: count, replicaSetChanged: count })
    player.run(1)
    expect(news).toBe(0)
    const tables = [deployments, statefulSets, daemonSets, replicaSets, jobs, budgets]
    for (const { exists, generation } of tables) if (exists[0 as never] === 1) expect(generation[0 as never]).toBe(1)
  })
})

describe('a refused undo', () => {
  const ref = { kind: 'Deployment', name: 'web' }
  const image = (at: number, name: string): Step => ({
    atUs: at * second,
    op: 'setImage',
    workload: ref,
    container: 'app',
    image: name,
  })
  const undo: Step = { atUs: 100 * second, op: 'undo', workload: ref, toRevision: 0 }
  const scale = (at: number, replicas: number): Step => ({ atUs: at * second, op: 'scale', workload: ref, replicas })

  /** The image and size at the end of a run that keeps so many old ReplicaSets. */
  function lastOf(revisionHistoryLimit: number, ...timeline: Step[]): [string, number, number] {
    const raw = objectOf('Deployment')
    const scenario = withObject({ ...raw, spec: { ...workload, revisionHistoryLimit } }, timeline)
    const model = compileModel(scenario, scenario.arms[0])
    const player = new Player(model)
    player.run(1)
    player.run(2)
    const { deployments } = player.machine.cluster
    const row = 0 as DeploymentId
    const { image: id } = model.templates[deployments.template[row]]
    return [model.images[id].name, deployments.replicas[row], deployments.generation[row]]
  }

  test('leaves the template to the steps after it', () => {
    expect(lastOf(0, image(10, 'web:v2'), undo, scale(200, 3))).toEqual(['web:v2', 3, 3])
    expect(lastOf(0, image(10, 'web:v2'), undo, scale(200, 2))).toEqual(['web:v2', 2, 2])
    expect(lastOf(5, image(10, 'web:v2'), undo, scale(200, 3))).toEqual(['web:v1', 3, 4])
  })

  test('does not stand in the way of who sets that image', () => {
    expect(lastOf(0, image(10, 'web:v2'), undo, image(150, 'web:v1'), scale(200, 3))).toEqual(['web:v1', 3, 4])
  })

  test('is forgotten with the object', () => {
    const gone: Step = { atUs: 120 * second, op: 'delete', object: ref, cascade: 'background' }
    const again: Step = { atUs: 130 * second, op: 'apply', object: objectOf('Deployment') }
    expect(lastOf(0, image(10, 'web:v2'), undo, gone, again, scale(200, 3)).slice(0, 2)).toEqual(['web:v1', 3])
  })
})
