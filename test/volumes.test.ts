// Volumes in whole runs: the time lines of a disk that moves, to the microsecond where the rules are exact, and what may
// never happen. Without jitter the loops are on a grid that can be followed by hand: status rounds of nodes at 0, 10, 20 s,
// passes of 0.1 s, looks of pod workers each 0.3 s, polls of drivers after 0.5, 1.025, 1.57625, 2.155063 s.

import { describe, expect, test } from 'vitest'
import { NONE } from '../src/base/columns.ts'
import { type AttachmentId, AttachState } from '../src/cluster/attachments.ts'
import type { Cluster } from '../src/cluster/cluster.ts'
import { nameOf, PodChange } from '../src/cluster/codes.ts'
import type { PodId } from '../src/cluster/pods.ts'
import { Player } from '../src/engine/engine.ts'
import { compileModel } from '../src/model/compile.ts'
import type { RunRow } from '../src/metrics/types.ts'
import { loadScenario } from '../src/scenario/load.ts'

const CLAIM = '{ accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }'

const POD = `
          metadata: { labels: { app: web } }
          spec:
            containers: [{ name: web, image: 'web:v1', readinessProbe: { tcpSocket: { port: 80 } } }]`

const SET = `
    - apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: web }
      spec:
        serviceName: web
        replicas: 1
        selector: { matchLabels: { app: web } }
        template: ${POD}
        volumeClaimTemplates: [{ metadata: { name: data }, spec: ${CLAIM} }]`

/** A Deployment of pods that share a claim. */
function deployment(strategy: string, replicas = 1, claim = CLAIM): string {
  return `
    - { apiVersion: v1, kind: PersistentVolumeClaim, metadata: { name: disk }, spec: ${claim} }
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: ${String(replicas)}
        strategy: ${strategy}
        selector: { matchLabels: { app: web } }
        template: ${POD}
            volumes: [{ name: disk, persistentVolumeClaim: { claimName: disk } }]`
}

interface Setting {
  readonly objects?: string
  readonly timeline: string
  readonly storage?: string
  readonly nodes?: string
  readonly profile?: string
  readonly horizon?: string
}

/** The first pods find node-01 alone; from 0 on node-02 takes pods too. */
const NODES = `
      - { name: node-01, allocatable: { cpu: '4', memory: 8Gi } }
      - { name: node-02, unschedulable: true, allocatable: { cpu: '4', memory: 8Gi } }`

/** A driver that takes 2 s each way, 0.5 s to mount and 1 s to unmount. */
const DRIVER = '{ classes: { "*": { attach: 2s, detach: 2s, mount: 500ms, unmount: 1s } } }'

function load(setting: Setting): Player {
  const { objects = SET, nodes = NODES, storage = DRIVER, profile = 'ideal', horizon = '20m', timeline } = setting
  const text = `
apiVersion: rollbench.dev/v1
kind: Scenario
metadata: { name: volumes }
spec:
  profile: ${profile}
  horizon: ${horizon}
  cluster:
    kubelet: scripted
    nodes: ${nodes}
  ${profile === 'ideal' ? `timings: { "*": { start: 1s, ready: 1s, terminate: 2s } }\n  storage: ${storage}` : ''}
  objects: ${objects}
  timeline:
    - { at: 0s, uncordon: { node: node-02 } }
${timeline}`
  const readFile = (): never => {
    throw new Error('nothing to read')
  }
  const { scenario } = loadScenario({ file: 'volumes.yaml', text, readFile })
  return new Player(compileModel(scenario, scenario.arms[0]))
}

/** What happens from 0 on: seconds, and what. */
function play(setting: Setting, seed = 1): { log: string[]; cluster: Cluster; waitSeconds: number } {
  const player = load(setting)
  const { cluster } = player.machine
  const { attachments, model, nodes, pods } = cluster
  const log: string[] = []
  const note = (what: string): void => {
    const us = cluster.nowUs - model.zeroUs
    if (us >= 0) log.push(`${String(us / 1e6)} ${what}`)
  }
  const named = (pod: PodId): string => `pod ${String(pods.uid[pod])}`
  const placed = (pod: PodId): string => model.nodes[pods.node[pod]].name
  cluster.watch.add({
    podUpdated: (pod, change) => {
      if (change === PodChange.Bound) note(`${named(pod)} bound to ${placed(pod)}`)
      else if (change === PodChange.Started) note(`${named(pod)} started`)
      else if (change === PodChange.DeletionMark) note(`${named(pod)} marked`)
    },
    podDeleted: (pod) => note(`${named(pod)} gone`),
    attachmentChanged: (at) => {
      const where = model.nodes[attachments.node[at]].name
      note(
        `${where}: ${attachments.published[at] === 1 ? 'attached' : 'not attached'}, in use ${String(attachments.inUse[at])}`,
      )
    },
  })
  player.run(seed)
  expect(nodes.count).toBe(2)
  const row = { ...EMPTY_ROW }
  player.machine.meters[0].finish(row)
  return { log, cluster, waitSeconds: row.volumeWaitSeconds }
}

/** What a meter fills. */
const EMPTY_ROW = {} as RunRow

/** The first entry that says so, as seconds. */
function when(log: readonly string[], what: string): number {
  const found = log.find((entry) => entry.endsWith(` ${what}`))
  return found === undefined ? Infinity : Number(found.slice(0, found.indexOf(' ')))
}

describe('a pod of a StatefulSet moves with its disk (6.1)', () => {
  test('each step to the microsecond', () => {
    const { log, waitSeconds } = play({ timeline: '    - { at: 3s, drain: { node: node-01 } }' })
    // 3 + 2 to end; populator 5.1, unpublished 5.2 to 5.7, seen at 5 + 3 x 0.3 = 5.9: the object goes and the next pod comes.
    // Unstaged 5.8 to 6.3; the rounds are at 9 s, because the engine's 0 is 1 s (and the warm-up) before. Detached from
    // 9.1 on, seen after 2.155063; attached from the pass at 11.3, seen after 2.155063, published by the pass at 13.5.
    // Verified 13.6, mounted 13.7 to 14.2, seen at 5.9 + 28 x 0.3 = 14.3; started 1 s later.
    expect(log).toEqual([
      '3 pod 0 marked',
      '5.9 pod 0 gone',
      '5.9 pod 1 bound to node-02',
      '9 node-02: not attached, in use 1',
      '9 node-01: attached, in use 0',
      '9.1 node-01: not attached, in use 0',
      '13.5 node-02: attached, in use 1',
      '15.3 pod 1 started',
    ])
    expect(waitSeconds).toBeCloseTo(14.2 - 5.9, 6)
  })

  test('the same node again keeps the disk: only unmounting and mounting are paid for (6.2)', () => {
    const { log } = play({
      nodes:
        "\n      - { name: node-01, allocatable: { cpu: '4', memory: 8Gi } }\n      - { name: node-02, unschedulable: true, allocatable: { cpu: '1m', memory: 8Gi } }",
      timeline: '    - { at: 3s, deletePod: { pod: web-0 } }',
      objects: SET.replace("image: 'web:v1'", "image: 'web:v1', resources: { requests: { cpu: 100m } }"),
    })
    // Taken in at 6.0, before the volume has been unstaged (5.8 to 6.3); the end of that leads to the tick 6.4; 0.5 to mount.
    expect(log).toEqual([
      '3 pod 0 marked',
      '5.9 pod 0 gone',
      '5.9 pod 1 bound to node-01',
      // The look at 5.9 + 4 x 0.3 = 7.1 sees what was mounted at 6.9.
      '8.1 pod 1 started',
    ])
  })
})

describe('a node that is dead keeps its disk (6.3)', () => {
  const dead = '    - { at: 0s, nodeDown: { node: node-01 } }'

  test('the pod stays, and so does the disk, until somebody acts', () => {
    const { log, cluster } = play({ timeline: dead, horizon: '60m' })
    expect(log.filter((entry) => entry.includes('pod'))).toEqual([expect.stringMatching(/^349.* pod 0 marked$/)])
    expect(cluster.attachments.count).toBe(1)
  })

  test('deleted by force at 400 s, the disk comes 360 s after the controller first wants it back', () => {
    const { log } = play({ timeline: `${dead}\n    - { at: 400s, deletePod: { pod: web-0, force: true } }` })
    expect(when(log, 'pod 1 bound to node-02')).toBe(400)
    // Requested by the pass at 400.1; more than 360 s have passed at 760.2. 2.155063 each way, and the pass after each.
    expect(when(log, 'node-01: not attached, in use 1')).toBe(760.2)
    expect(when(log, 'node-02: attached, in use 1')).toBe(764.6)
  })

  test('deleted by force before the eviction, the 360 s begin earlier', () => {
    const { log } = play({ timeline: `${dead}\n    - { at: 60s, deletePod: { pod: web-0, force: true } }` })
    expect(when(log, 'node-01: not attached, in use 1')).toBe(420.2)
  })

  test('a Node object that is deleted does not shorten the 360 s', () => {
    const { log } = play({ timeline: `${dead}\n    - { at: 400s, deleteNode: { node: node-01 } }`, horizon: '20m' })
    const gone = when(log, 'pod 0 gone')
    expect(gone).toBeGreaterThan(440)
    expect(gone).toBeLessThanOrEqual(480)
    const requestedUs = (Math.floor(gone * 10) + 1) * 100_000
    expect(when(log, 'node-01: not attached, in use 1')).toBe((requestedUs + 360_100_000) / 1e6)
  })

  test('declared out of service it gives the disk back at once', () => {
    const taint = '{ node: node-01, key: node.kubernetes.io/out-of-service, effect: NoExecute }'
    const { log } = play({ timeline: `${dead}\n    - { at: 400s, taintNode: ${taint} }` })
    const gone = when(log, 'pod 0 gone')
    expect(gone).toBeGreaterThan(400)
    expect(gone).toBeLessThanOrEqual(420.005)
    expect(when(log, 'node-01: not attached, in use 1')).toBe((Math.floor(gone * 10) + 1) / 10)
  })

  test('a node that returns ends the pod, unmounts and gives the disk back', () => {
    const { log, cluster } = play({ timeline: `${dead}\n    - { at: 400s, nodeUp: { node: node-01 } }` })
    expect(when(log, 'pod 0 gone')).toBeLessThan(410)
    expect(log.at(-1)).toMatch(/pod 1 started$/)
    expect(cluster.volumes.counter[0 as never]).toBe(2)
  })

  test('a Deployment has its replacement wait as long as the old pod is there (6.5)', () => {
    const objects = deployment('{ type: RollingUpdate }')
    const { log } = play({ objects, timeline: dead, horizon: '60m' })
    expect(log.some((entry) => entry.endsWith('pod 1 bound to node-02'))).toBe(true)
    expect(when(log, 'pod 1 started')).toBe(Infinity)
    const forced = play({
      objects,
      timeline: `${dead}\n    - { at: 400s, deletePod: { workload: Deployment/web, force: true } }`,
      horizon: '60m',
    })
    expect(when(forced.log, 'node-01: not attached, in use 1')).toBe(760.2)
  })
})

describe('a rolling update of a Deployment with one claim (6.4)', () => {
  const update =
    "    - { at: 1s, cordon: { node: node-01 } }\n    - { at: 3s, setImage: { workload: Deployment/web, image: 'web:v2' } }"
  const surge = '{ type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }'

  test('waits for ever on another node', () => {
    const { log, cluster } = play({ objects: deployment(surge), timeline: update, horizon: '60m' })
    expect(when(log, 'pod 1 bound to node-02')).toBe(3)
    expect(when(log, 'pod 1 started')).toBe(Infinity)
    const refused = [...cluster.attachments.live.subarray(0, cluster.attachments.count)].map(
      (at) => cluster.attachments.refused[at as AttachmentId],
    )
    expect(refused.toSorted((a, b) => a - b)).toEqual([0, 1])
  })

  test('goes on with maxUnavailable 1, with Recreate, and where many nodes may have the volume', () => {
    const unavailable = '{ type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }'
    const many = CLAIM.replace('ReadWriteOnce', 'ReadWriteMany')
    for (const objects of [deployment(unavailable), deployment('{ type: Recreate }'), deployment(surge, 1, many)])
      expect(when(play({ objects, timeline: update }).log, 'pod 1 started')).toBeLessThan(30)
  })

  test('leaves the new pod without a node if the claim is for one pod (ReadWriteOncePod)', () => {
    const objects = deployment(surge, 1, CLAIM.replace('ReadWriteOnce', 'ReadWriteOncePod'))
    const { log } = play({ objects, timeline: update, horizon: '60m' })
    expect(log.filter((entry) => entry.includes('bound'))).toEqual([])
  })
})

describe('binding', () => {
  test('a claim that waits for its pod costs at least the first look of PreBind, one second', () => {
    const setting = { timeline: '    - { at: 3s, scale: { workload: StatefulSet/web, replicas: 2 } }' }
    expect(when(play(setting).log, 'pod 1 bound to node-02')).toBe(4)
    const slow = DRIVER.replace('attach', 'provision: 2500ms, attach')
    expect(when(play({ ...setting, storage: slow }).log, 'pod 1 bound to node-02')).toBe(6)
  })

  test('a local volume keeps its pod on its node, which may be lost', () => {
    const terms = '[{ matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [node-01] }] }]'
    const objects = `${SET.replace('accessModes', 'storageClassName: local, accessModes')}
    - apiVersion: storage.k8s.io/v1
      kind: StorageClass
      metadata: { name: local }
      provisioner: kubernetes.io/no-provisioner
      volumeBindingMode: WaitForFirstConsumer
    - apiVersion: v1
      kind: PersistentVolume
      metadata: { name: ssd }
      spec:
        storageClassName: local
        accessModes: [ReadWriteOnce]
        capacity: { storage: 10Gi }
        local: { path: /mnt/ssd }
        nodeAffinity: { required: { nodeSelectorTerms: ${terms} } }`
    const { log, cluster } = play({ objects, timeline: '    - { at: 3s, drain: { node: node-01 } }' })
    expect(log.map((entry) => entry.replace(/^\S+ /, ''))).toEqual(['pod 0 marked', 'pod 0 gone'])
    expect(cluster.attachments.count).toBe(0)
    expect(cluster.pods.pendingCount).toBe(1)
  })

  test('a disk keeps its pod in its zone', () => {
    const zone = (name: string): string => `labels: { topology.kubernetes.io/zone: ${name} }, `
    const nodes = NODES.replace('name: node-01, ', `name: node-01, ${zone('a')}`).replace(
      'name: node-02, ',
      `name: node-02, ${zone('b')}`,
    )
    const { log } = play({ nodes, timeline: '    - { at: 3s, drain: { node: node-01 } }' })
    expect(log.filter((entry) => entry.includes('bound'))).toEqual([])
  })
})

describe('whatever happens', () => {
  const chaos = `
    - { at: 20s, drain: { node: node-01 } }
    - { at: 2m, uncordon: { node: node-01 } }
    - { at: 3m, nodeDown: { node: node-02 } }
    - { at: 5m, deletePod: { workload: StatefulSet/web, index: 0, force: true } }
    - { at: 9m, nodeUp: { node: node-02 } }
    - { at: 14m, restart: { workload: StatefulSet/web } }
    - { at: 20m, deletePod: { workload: StatefulSet/web, index: 1 } }`

  test('a ReadWriteOnce disk is attached to one node at most, and started on by a pod that has it', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const player = load({
        objects: SET.replace('replicas: 1', 'replicas: 3'),
        timeline: chaos,
        profile: 'typical',
        horizon: '60m',
      })
      const { cluster } = player.machine
      const { attachments, pods, volumes } = cluster
      let starts = 0
      cluster.watch.add({
        attachmentChanged: (changed) => {
          let held = 0
          let at = attachments.firstOf[attachments.volume[changed]] as AttachmentId
          for (; at !== NONE; at = attachments.nextOf[at]) if (attachments.state[at] !== AttachState.Detached) held++
          expect(held, nameOf(AttachState, attachments.state[changed])).toBeLessThanOrEqual(1)
        },
        podUpdated: (pod, change) => {
          if (change !== PodChange.Started) return
          starts++
          for (const claim of volumes.claimsOf(pod)) {
            const at = attachments.find(volumes.volumeOf[claim], pods.node[pod])
            expect([attachments.state[at], attachments.published[at], attachments.inUse[at]]).toEqual([2, 1, 1])
          }
        },
      })
      player.run(seed)
      // Every start of an application is on the disk of its ordinal, and nothing is left over.
      expect(
        volumes.counter[0 as never] + volumes.counter[1 as never] + volumes.counter[2 as never],
      ).toBeGreaterThanOrEqual(starts)
      expect(starts).toBeGreaterThanOrEqual(6)
      expect(attachments.count).toBe(3)
    }
  })

  test('a scenario whose volumes are ignored, or has none, has no event of storage', () => {
    const player = load({ timeline: '', storage: '{ volumes: ignored }' })
    expect(player.machine.cluster.model.storage).toBeUndefined()
  })
})
