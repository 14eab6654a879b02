// How applications behave, one behaviour at a time, against what can be worked out with a pencil.

import { describe, expect, test } from 'vitest'
import { AppState } from '../src/cluster/applications.ts'
import { answersProbe, setLoad } from '../src/cluster/applicationWrites.ts'
import type { Cluster } from '../src/cluster/cluster.ts'
import { nameOf } from '../src/cluster/codes.ts'
import type { PodId } from '../src/cluster/pods.ts'
import type { Watcher } from '../src/cluster/watch.ts'
import { Player } from '../src/engine/engine.ts'
import { compileModel } from '../src/model/compile.ts'
import { loadScenario } from '../src/scenario/load.ts'

interface Setting {
  readonly applications: string
  readonly workload?: 'Deployment' | 'StatefulSet'
  readonly replicas?: number
  readonly container?: string
  readonly spec?: string
  readonly timings?: string
  readonly timeline?: string
}

/** A workload `web` of 3 pods that are there from the start; time counts from their creation. */
function load({ applications, workload = 'Deployment', replicas = 3, container = '', ...more }: Setting): Player {
  const text = `apiVersion: rollbench.dev/v1
kind: Scenario
metadata: { name: web }
spec:
  objects:
    - apiVersion: apps/v1
      kind: ${workload}
      metadata: { name: web }
      spec:
        replicas: ${String(replicas)}
        ${workload === 'StatefulSet' ? 'serviceName: web' : ''}
        ${more.spec ?? ''}
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers: [{ name: web, image: "web:v1", ${container} readinessProbe: { httpGet: { path: /, port: 1 } } }]
  cluster: { kubelet: scripted, nodes: [{ name: node, count: 4, allocatable: { cpu: "8", memory: 32Gi, pods: 500 } }] }
  profile: ideal
  timings: { "*": { ${more.timings ?? 'ready: 2s'} } }
  applications: ${applications}
  traffic: []
  warmUp: 0s
  timeline: ${more.timeline ?? '[]'}
  horizon: 10m
`
  const { scenario } = loadScenario({ file: 'web.yaml', text, readFile: () => '' })
  return new Player(compileModel(scenario, scenario.arms[0]))
}

/** When the objects are created; the pods of the ideal profile start at once. */
const CREATED_S = 1

/** Plays a run and notes what every application does, as `pod: seconds since the creation, state`. */
function play(setting: Setting, extra?: (cluster: Cluster) => Watcher): { log: string[]; cluster: Cluster } {
  const player = load(setting)
  const { cluster } = player.machine
  const log: string[] = []
  cluster.watch.add({
    applicationChanged: (pod, before) => {
      const state = cluster.applications.state[pod]
      if (state === before) return
      log.push(`${String(cluster.pods.drawIndex[pod])}: ${String(seconds(cluster))} ${nameOf(AppState, state)}`)
    },
  })
  if (extra) cluster.watch.add(extra(cluster))
  player.run(1)
  return { log, cluster }
}

function seconds(cluster: Cluster): number {
  return cluster.nowUs / 1e6 - CREATED_S
}

/** Gives each pod requests from the moment it serves. */
function loaded(perSecond: number): (cluster: Cluster) => Watcher {
  return (cluster) => ({
    applicationChanged: (pod) => {
      setLoad(cluster, pod, cluster.applications.state[pod] === AppState.Serving ? perSecond : 0)
    },
  })
}

describe('failsAfter', () => {
  const applications = '{ "web:v1": { failsAfter: 3 } }'

  test('three pods with 3 good answers each are used up by 1000 requests a second after 9 ms', () => {
    const failedAt: number[] = []
    play({ applications }, (cluster) => ({
      applicationChanged: (pod, before) => {
        if (cluster.applications.state[pod] !== AppState.Serving) return
        if (before !== AppState.Serving) setLoad(cluster, pod, 1000 / 3)
        else if (cluster.applications.errorShare[pod] === 1) failedAt.push(seconds(cluster))
      },
    }))
    expect(failedAt).toEqual([2.009, 2.009, 2.009])
  })

  test('what a changed load leaves is used up at the new rate', () => {
    // 100 answers: 50 in 5 s at 10/s, the other 50 in 2 s at 25/s.
    let failedAt = 0
    const slower = '{ "web:v1": { failsAfter: 100 }, "*": { hang: { after: 5s } } }'
    play({ applications: slower, replicas: 1 }, (cluster) => ({
      applicationChanged: (pod, before) => {
        const { errorShare, state } = cluster.applications
        if (state[pod] === AppState.Serving && before === AppState.Starting) setLoad(cluster, pod, 10)
        if (state[pod] === AppState.Hung && before === AppState.Serving) setLoad(cluster, pod, 25)
        if (errorShare[pod] === 1 && failedAt === 0) failedAt = seconds(cluster)
      },
    }))
    expect(failedAt).toBe(2 + 5 + 2)
  })

  test('an HTTP probe uses up an answer, others do not', () => {
    const answers: boolean[] = []
    const player = load({ applications, replicas: 1 })
    const { cluster } = player.machine
    player.run(1)
    const pod = cluster.pods.first
    for (let i = 0; i < 2; i++) answers.push(answersProbe(cluster, pod, 'http'), answersProbe(cluster, pod, 'tcp'))
    expect(answers).toEqual([true, true, true, true])
    expect(cluster.applications.errorShare[pod]).toBe(0)
  })

  test('with 0 the first answer is an error, and a restart brings the answers back', () => {
    const { cluster } = play({ applications: '{ "web:v1": { failsAfter: 0 } }' })
    expect(cluster.applications.errorShare[cluster.pods.first]).toBe(1)
    const shares: number[] = []
    play({ applications: '{ "web:v1": { failsAfter: 10, crash: { after: 60s } } }', replicas: 1 }, (each) => ({
      applicationChanged: (pod, before) => {
        if (before === AppState.Starting) setLoad(each, pod, 1)
        if (before === AppState.None) shares.push(each.applications.errorShare[pod])
      },
    }))
    // It starts at 0, 60, … 600 s.
    expect(shares.length).toBe(11)
    expect(new Set(shares)).toEqual(new Set([0]))
  })
})

describe('memoryLeak', () => {
  test('kills a container when its limit is reached: 80 Mi at 1 Mi a second', () => {
    const container = 'resources: { limits: { memory: 100Mi, cpu: "1" } },'
    const applications = '{ "web:v1": { memoryLeak: { base: 20Mi, perSecond: 1Mi } } }'
    const { log, cluster } = play({ applications, container, replicas: 1 })
    expect(log.slice(0, 6)).toEqual([
      '0: 0 Starting',
      '0: 2 Serving',
      '0: 80 None',
      '0: 80 Starting',
      '0: 82 Serving',
      '0: 160 None',
    ])
    // The horizon is 600 s after the creation.
    expect(cluster.pods.restarts[cluster.pods.first]).toBe(7)
  })

  test('by requests: 10 a second of 1 Mi each from second 2 on, and 1 Mi a second of its own', () => {
    const applications = '{ "web:v1": { memoryLeak: { perRequest: 1Mi, perSecond: 1Mi, limit: 112Mi } } }'
    const { log } = play({ applications, replicas: 1 }, loaded(10))
    expect(log).toContain('0: 12 None')
  })

  test('without a limit is refused', () => {
    const applications = '{ "web:v1": { memoryLeak: { perSecond: 1Mi } } }'
    expect(() => load({ applications })).toThrow(/leaks memory and nothing ends that: write resources.limits.memory/)
  })
})

describe('migration', () => {
  test('with a lock one pod at a time migrates, after it has started up', () => {
    const { log } = play({ applications: '{ "web:v1": { migration: { duration: 10s } } }' })
    expect(log.filter((line) => line.endsWith('Serving'))).toEqual(['0: 12 Serving', '1: 22 Serving', '2: 32 Serving'])
  })

  test('without one they migrate side by side', () => {
    const { log } = play({ applications: '{ "web:v1": { migration: { duration: 10s, lock: false } } }' })
    expect(log.filter((line) => line.endsWith('Serving')).map((line) => line.slice(3))).toEqual(
      Array(3).fill('12 Serving'),
    )
  })

  test('once: the others wait for the first and find all done', () => {
    const { log } = play({ applications: '{ "web:v1": { migration: { duration: 10s, once: true } } }' })
    expect(log.filter((line) => line.endsWith('Serving')).map((line) => line.slice(3))).toEqual(
      Array(3).fill('12 Serving'),
    )
  })

  test('a holder that dies gives the lock to the next in line', () => {
    // Of three pods the first dies 5 s after its start, 3 s into its migration, and asks again 2 s later: last in line.
    const applications =
      '{ "web:v1": { migration: { duration: 10s }, crash: { after: { list: [5s, never, never] } } } }'
    const { log } = play({ applications, timings: 'ready: 2s, start: 0s' })
    expect(log.filter((line) => line.endsWith('Serving')).slice(0, 2)).toEqual(['1: 15 Serving', '2: 25 Serving'])
    expect(log.filter((line) => line.startsWith('0: ')).slice(0, 4)).toEqual([
      '0: 0 Starting',
      '0: 5 None',
      '0: 5 Starting',
      '0: 10 None',
    ])
  })
})

describe('clone', () => {
  const size = '{ size: 6000Mi, bandwidth: 100Mi }'
  const set = { workload: 'StatefulSet', replicas: 3 } as const

  test('takes size / bandwidth from the ordinal below; the first one has nothing to clone', () => {
    const { log } = play({ ...set, applications: `{ "web:v1": { clone: ${size} } }` })
    expect(log.filter((line) => line.endsWith('Serving'))).toEqual(['0: 2 Serving', '1: 64 Serving', '2: 126 Serving'])
  })

  test('two at a time share the bandwidth of their peer', () => {
    // All three start at once. Both others wait for ordinal 0 and share it; each takes 2 × 60 s.
    const { log } = play({ ...set, spec: 'podManagementPolicy: Parallel', applications: `{ "*": { clone: ${size} } }` })
    expect(log.filter((line) => line.endsWith('Serving')).sort()).toEqual([
      '0: 2 Serving',
      '1: 122 Serving',
      '2: 122 Serving',
    ])
  })

  test('a claim keeps the data, a pod without one clones again', () => {
    const again = (spec: string) => {
      const timeline = '[{ at: 200s, deletePod: { pod: web-2 } }]'
      const { log } = play({ ...set, spec, timeline, applications: `{ "web:v1": { clone: ${size} } }` })
      return log.at(-1)?.replace(/^\d+: /, '')
    }
    const claims =
      'volumeClaimTemplates: [{ metadata: { name: d }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 10Gi } } } }]'
    // The step comes 200 s after 0, which is the creation when there is no warm-up; the pod goes at once.
    expect(again('')).toBe(`${String(200 + 62)} Serving`)
    // The disk may follow its pod to another node, which takes less than the copy.
    expect(parseFloat(again(claims) ?? '')).toBeLessThan(200 + 20)
  })

  test('takes a part of the capacity of its peer meanwhile', () => {
    const capacities: string[] = []
    const applications = '{ "web:v1": { capacity: 200, clone: { size: 6000Mi, bandwidth: 100Mi, load: 0.25 } } }'
    play({ ...set, replicas: 2, applications }, (cluster) => ({
      applicationChanged: (pod) => {
        const text = `${String(seconds(cluster))}: ${String(cluster.applications.capacity[pod])}`
        if (cluster.pods.ordinal[pod] === 0 && capacities.at(-1) !== text) capacities.push(text)
      },
    }))
    expect(capacities.slice(-2)).toEqual(['4: 150', '64: 200'])
  })
})

describe('the rest', () => {
  test('capacity warms up evenly: the mean over 40 s from 20 % is 60 %', () => {
    let [answered, sinceS, capacity] = [0, 2, 0]
    const note = (cluster: Cluster, pod: PodId): void => {
      const nowS = seconds(cluster)
      if (nowS > 42 || cluster.applications.state[pod] !== AppState.Serving) return
      answered += capacity * (nowS - sinceS)
      sinceS = nowS
      capacity = cluster.applications.capacity[pod]
    }
    const applications = '{ "web:v1": { capacity: 100, warmUp: { from: 0.2, over: 40s } } }'
    play({ applications, replicas: 1 }, (cluster) => ({ applicationChanged: (pod) => note(cluster, pod) }))
    expect(answered).toBeCloseTo(0.6 * 100 * 40, 6)
    expect(capacity).toBe(100)
  })

  test('a bad version answers a part with errors', () => {
    const { cluster } = play({ applications: '{ "*": { errorRate: 0.25 } }' })
    expect(cluster.applications.errorShare[cluster.pods.first]).toBe(0.25)
  })

  test('a process hangs some time after it listens, and answers no HTTP probe', () => {
    const { log, cluster } = play({ applications: '{ "*": { hang: { after: 30s } } }', replicas: 1 })
    expect(log).toEqual(['0: 0 Starting', '0: 2 Serving', '0: 32 Hung'])
    expect(answersProbe(cluster, cluster.pods.first, 'http')).toBe(false)
    expect(answersProbe(cluster, cluster.pods.first, 'tcp')).toBe(true)
  })

  test('a crash comes with its probability', () => {
    const { cluster } = play({ applications: '{ "*": { crash: { probability: 0.3 } } }', replicas: 1000 })
    let crashed = 0
    for (let pod = cluster.pods.first; pod >= 0; pod = cluster.pods.next[pod])
      if (cluster.pods.restarts[pod] > 0) crashed++
    // Five standard deviations of a binomial with 1000 and 0.3 are 72.
    expect(Math.abs(crashed - 300)).toBeLessThan(72)
  })

  test('a warm-up without a capacity is refused', () => {
    const applications = '{ "web:v1": { warmUp: { from: 0.5, over: 1s } } }'
    expect(() => load({ applications })).toThrow(/write `capacity`, in requests per second, beside it/)
  })
})
