// StatefulSets in whole runs: what is surprising about them, and what Kubernetes guarantees whatever happens.

import { describe, expect, test } from 'vitest'
import { NONE } from '../src/base/columns.ts'
import type { PodId } from '../src/cluster/pods.ts'
import type { RecordedScenario, RecordedStep } from '../src/conform/translate.ts'
import { translate } from '../src/conform/translate.ts'
import { replay } from '../src/conform/conform.ts'
import { Player } from '../src/engine/engine.ts'
import { isRolledOut } from '../src/metrics/rolloutMeter.ts'
import { compileModel } from '../src/model/compile.ts'
import { Kind, type StatefulSetId } from '../src/model/types.ts'
import { Choices } from './twins/random.ts'

const node = (index: number): unknown => ({
  kind: 'Node',
  metadata: { name: `node-${index}` },
  status: { allocatable: { cpu: '64', memory: '64Gi', pods: '110' } },
})

function db(spec: object): unknown {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: {
      replicas: 3,
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: {
        metadata: { labels: { app: 'db' } },
        spec: { terminationGracePeriodSeconds: 30, containers: [{ name: 'app', image: 'db:v1' }] },
      },
      ...spec,
    },
  }
}

const patch = (at: number, spec: unknown): RecordedStep => ({
  at,
  op: 'patch',
  kind: 'StatefulSet',
  name: 'db',
  patch: { spec } as NonNullable<RecordedStep['patch']>,
})
const setImage = (at: number, image: string): RecordedStep =>
  patch(at, { template: { spec: { containers: [{ name: 'app', image }] } } })

function scenario(spec: object, steps: readonly RecordedStep[]): RecordedScenario {
  const timings = { startSeconds: [1], readySeconds: [2], terminateSeconds: [3] }
  return {
    id: 'test',
    placements: false,
    objects: [node(1), node(2), db(spec)] as RecordedScenario['objects'],
    timings: { 'db:v1': timings, 'db:v2': timings, 'db:bad': { ...timings, readySeconds: [null] } },
    steps,
    untilSeconds: 600,
  }
}

/** The pods at the end: `db-0=db:v1 ready` and so on. */
function lastPods(recorded: RecordedScenario): string[] {
  return Object.keys(replay(recorded).at(-1)?.state['pods'] ?? {}).sort()
}

const lastClaims = (recorded: RecordedScenario): string[] =>
  Object.keys(replay(recorded).at(-1)?.state['claims'] ?? {}).sort()

describe('a bad release', () => {
  const steps = [setImage(50, 'db:bad'), setImage(100, 'db:v1')]

  test('stays after the revert, until somebody deletes the pod', () => {
    const stuck = ['db-0=db:v1 ready', 'db-1=db:v1 ready', 'db-2=db:bad running']
    expect(lastPods(scenario({}, steps))).toEqual(stuck)
    const deleted: RecordedStep = { at: 200, op: 'deletePod', name: 'db-2' }
    expect(lastPods(scenario({}, [...steps, deleted]))).toEqual([...stuck.slice(0, 2), 'db-2=db:v1 ready'])
  })

  test('is taken back at once with Parallel', () => {
    const healed = ['db-0=db:v1 ready', 'db-1=db:v1 ready', 'db-2=db:v1 ready']
    expect(lastPods(scenario({ podManagementPolicy: 'Parallel' }, steps))).toEqual(healed)
  })
})

describe('a pod that is lost in the middle of a rollout', () => {
  const steps: RecordedStep[] = [setImage(50, 'db:bad'), { at: 100, op: 'deletePod', name: 'db-0' }]

  test('comes back new where the manifest names no strategy: the default partition is 0', () => {
    expect(lastPods(scenario({}, steps))[0]).toBe('db-0=db:bad running')
  })

  test('comes back old where the manifest says the type alone', () => {
    expect(lastPods(scenario({ updateStrategy: { type: 'RollingUpdate' } }, steps))[0]).toBe('db-0=db:v1 ready')
  })

  test('comes back old below the partition, and new with OnDelete', () => {
    const partition = { type: 'RollingUpdate', rollingUpdate: { partition: 2 } }
    expect(lastPods(scenario({ updateStrategy: partition }, steps))[0]).toBe('db-0=db:v1 ready')
    expect(lastPods(scenario({ updateStrategy: { type: 'OnDelete' } }, steps))[0]).toBe('db-0=db:bad running')
  })
})

describe('claims', () => {
  const claim = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: {} }] }
  const all = ['data-db-0', 'data-db-1', 'data-db-2']
  const remove: RecordedStep = { at: 200, op: 'delete', kind: 'StatefulSet', name: 'db' }
  const steps = [patch(100, { replicas: 1 })]

  test.each([
    ['Retain', 'Retain', all, all],
    ['Retain', 'Delete', all, []],
    ['Delete', 'Retain', all.slice(0, 1), all.slice(0, 1)],
    ['Delete', 'Delete', all.slice(0, 1), []],
  ])('when scaled %s, when deleted %s', (whenScaled, whenDeleted, scaled, deleted) => {
    const spec = { ...claim, persistentVolumeClaimRetentionPolicy: { whenScaled, whenDeleted } }
    expect(lastClaims(scenario(spec, steps))).toEqual(scaled)
    expect(lastClaims(scenario(spec, [...steps, remove]))).toEqual(deleted)
  })
})

describe('rolled out', () => {
  function isDone(spec: object, steps: readonly RecordedStep[]): boolean {
    const { scenario: ours, arm } = translate(scenario(spec, steps))
    const model = compileModel(ours, arm)
    const player = new Player(model)
    player.run(1)
    return isRolledOut(player.machine.cluster, model.measured[0])
  }
  const release = setImage(50, 'db:v2')

  test('is a partition whose pods from it up are new', () => {
    const partition = (value: number) => ({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: value } },
    })
    expect(isDone(partition(2), [release])).toBe(true)
    expect(isDone(partition(0), [setImage(50, 'db:bad')])).toBe(false)
  })

  test('is OnDelete when every pod has been deleted once', () => {
    const spec = { updateStrategy: { type: 'OnDelete' } }
    const lost = [0, 1, 2].map((i): RecordedStep => ({ at: 100 + 20 * i, op: 'deletePod', name: `db-${i}` }))
    expect(isDone(spec, [release])).toBe(false)
    expect(isDone(spec, [release, ...lost])).toBe(true)
  })

  test('is the type alone when the revisions agree', () => {
    expect(isDone({ updateStrategy: { type: 'RollingUpdate' } }, [release])).toBe(true)
  })
})

test('OrderedReady makes no pod while one below it is missing or not ready', () => {
  const choices = new Choices(1)
  for (let seed = 0; seed < 60; seed++) {
    choices.reset(seed)
    const steps: RecordedStep[] = []
    for (let at = 40; at < 400; at += choices.integer(3, 60))
      steps.push(
        choices.pick([
          setImage(at, choices.pick(['db:v1', 'db:v2', 'db:v2', 'db:bad'])),
          patch(at, { replicas: choices.integer(0, 20) }),
          { at, op: 'deletePod', index: choices.integer(0, 19) },
        ]),
      )
    const { scenario: ours, arm } = translate(scenario({ replicas: choices.integer(1, 20) }, steps))
    const player = new Player(compileModel(ours, arm))
    const { pods, statefulSets, watch } = player.machine.cluster
    const of = (ordinal: number): PodId => {
      let pod = pods.firstOf[Kind.StatefulSet][0] as PodId
      while (pod !== NONE && pods.ordinal[pod] !== ordinal) pod = pods.nextOfOwner[pod]
      return pod
    }
    watch.add({
      podAdded(pod) {
        expect(pods.ordinal[pod]).toBeLessThan(statefulSets.replicas[0 as StatefulSetId])
        for (let below = 0; below < pods.ordinal[pod]; below++) {
          const other = of(below)
          expect(other).not.toBe(NONE)
          expect([pods.ready[other], pods.deletionMark[other]]).toEqual([1, 0])
        }
      },
    })
    player.run(seed)
    expect(pods.created).toBe(pods.count + pods.deleted)
  }
})
