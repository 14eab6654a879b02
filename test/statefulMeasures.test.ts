// What is measured of a StatefulSet, a node failure and a drain, against closed forms: fixed delays, nothing else takes time.

import { expect, test } from 'vitest'
import { createEngine } from '../src/engine/engine.ts'
import { loadScenario } from '../src/scenario/load.ts'

/** A pod is away for 2 s of termination and 3 s until it is ready again. */
const AWAY = 5

interface Setting {
  readonly replicas?: number
  readonly policy?: string
  readonly maxUnavailable?: number
  readonly preStopSeconds?: number
  readonly primaries?: string
  readonly step?: string
  readonly budget?: string
}

function play(setting: Setting) {
  const { replicas = 3, policy = 'OrderedReady', maxUnavailable = 1, preStopSeconds, budget = '' } = setting
  const hook =
    preStopSeconds === undefined ? '' : `lifecycle: { preStop: { sleep: { seconds: ${String(preStopSeconds)} } } }, `
  const text = `apiVersion: rollbench.dev/v1
kind: Scenario
metadata: { name: db }
spec:
  objects:
    - apiVersion: apps/v1
      kind: StatefulSet
      metadata: { name: db }
      spec:
        serviceName: db
        replicas: ${String(replicas)}
        podManagementPolicy: ${policy}
        updateStrategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: ${String(maxUnavailable)} } }
        selector: { matchLabels: { app: db } }
        template:
          metadata: { labels: { app: db } }
          spec:
            containers: [{ name: db, image: "db:v1", ${hook}readinessProbe: { tcpSocket: { port: 1 } } }]
${budget}
  cluster:
    kubelet: scripted
    featureGates: { MaxUnavailableStatefulSet: true }
    nodes: [{ name: node, count: ${String(replicas)}, allocatable: { cpu: "4", memory: 8Gi } }]
  profile: ideal
  timings: { "*": { ready: 3s, terminate: 2s } }
  traffic: []
  ${setting.primaries ?? ''}
  timeline: [{ at: 60s, ${setting.step ?? 'setImage: { workload: StatefulSet/db, image: "db:v2" }'} }]
  horizon: 30m
`
  const { scenario } = loadScenario({ file: 'db.yaml', text, readFile: () => '' })
  const { rows, ordinals } = createEngine(scenario, scenario.arms[0]).run(1)
  return { row: rows[0], away: ordinals.map(({ awaySeconds }) => awaySeconds) }
}

const lease = (election: string): string =>
  `primaries: [{ workload: StatefulSet/db, lease: { election: ${election} } }]`

test('one at a time: each ordinal is away once, the first one is the primary, a majority is there', () => {
  const { row, away } = play({})
  expect(away).toEqual([AWAY, AWAY, AWAY])
  expect(row).toMatchObject({ ordinalAwayMeanSeconds: AWAY, ordinalAwayMaxSeconds: AWAY, noPrimarySeconds: AWAY })
  expect(row).toMatchObject({ belowQuorumSeconds: 0, stuck: 0, fullStrengthSeconds: NaN, drainingSeconds: NaN })
})

test('two of three at once: no majority until one is back', () => {
  expect(play({ maxUnavailable: 2, policy: 'Parallel' }).row.belowQuorumSeconds).toBe(AWAY)
  // Of the two, OrderedReady creates the second when the first is ready: ordinal 2 is away for 3 s more.
  const { row, away } = play({ maxUnavailable: 2 })
  expect(away).toEqual([AWAY, AWAY, AWAY + 3])
  // Ordinal 0 goes while 1 is back and 2 is not: until 2 is back there is one of three.
  expect(row.belowQuorumSeconds).toBeGreaterThanOrEqual(AWAY)
})

test('a pod serves while its preStop hook keeps it', () => {
  expect(play({ preStopSeconds: 10 }).away).toEqual([AWAY, AWAY, AWAY])
})

test('a lease moves once where the lowest ordinal goes last, and takes an election', () => {
  const { row } = play({ primaries: lease('1s') })
  expect(row.noPrimarySeconds).toBe(1)
  expect(play({ primaries: lease('0s') }).row.noPrimarySeconds).toBe(0)
})

test('a lease is not given to pods that are away: with all of them gone it waits for the first one', () => {
  const { row } = play({ primaries: lease('1s'), maxUnavailable: 3, policy: 'Parallel' })
  expect(row).toMatchObject({ noPrimarySeconds: AWAY, belowQuorumSeconds: AWAY })
})

test('a named ordinal is the primary', () => {
  const { row } = play({ primaries: 'primaries: [{ workload: StatefulSet/db, ordinal: 2 }]', replicas: 5 })
  expect(row.noPrimarySeconds).toBe(AWAY)
})

test('a pod on a dead node is away from the failure on, full strength never comes back, and the set is stuck', () => {
  const { row, away } = play({ step: 'nodeDown: { node: node-02 }' })
  expect(away.filter((seconds) => seconds > 0)).toEqual([30 * 60 - 60])
  expect(row).toMatchObject({ fullStrengthSeconds: Infinity, stuck: 1, belowQuorumSeconds: 0 })
})

test('a drain that no budget holds back takes the termination; one that is never allowed is stuck', () => {
  const drain = 'drain: { node: node-02 }'
  expect(play({ step: drain }).row).toMatchObject({ drainingSeconds: 2, stuck: 0 })
  const budget = `    - apiVersion: policy/v1
      kind: PodDisruptionBudget
      metadata: { name: db }
      spec: { maxUnavailable: 0, selector: { matchLabels: { app: db } } }`
  expect(play({ step: drain, budget }).row).toMatchObject({
    drainingSeconds: 30 * 60 - 60,
    stuck: 1,
    outcome: 'complete',
  })
})

test('writes are lost while nobody takes them; a primary that gets SIGTERM hands over what replicas lack', () => {
  const writes = (rule: string): string =>
    `primaries: [{ workload: StatefulSet/db, ${rule}, writes: { perSecond: 100, lag: 200ms } }]`
  expect(play({ primaries: writes('ordinal: 0') }).row.lostWrites).toBe(100 * AWAY)
  expect(play({ primaries: writes('lease: { election: 3s }') }).row.lostWrites).toBe(100 * 3)
  expect(play({}).row.lostWrites).toBeNaN()
})

test('a primary that dies takes with it what replicas lack', () => {
  // 100 writes a second for an election of 3 s, and for the 0.2 s that replicas are behind.
  const primaries =
    'primaries: [{ workload: StatefulSet/db, lease: { election: 3s }, writes: { perSecond: 100, lag: 200ms } }]'
  const { row } = play({ step: 'deletePod: { pod: db-0, force: true }', primaries })
  expect(row).toMatchObject({ noPrimarySeconds: 3, lostWrites: 320 })
})

test('writes that need a majority are lost while there is none, primary or not', () => {
  const primaries = (quorum: boolean): string =>
    `primaries: [{ workload: StatefulSet/db, ordinal: 0, writes: { perSecond: 10, quorum: ${String(quorum)} } }]`
  // Ordinals 2 and 1 are away for 5 s; then 0 for 5 s, with the others there.
  const without = play({ primaries: primaries(false), maxUnavailable: 2, policy: 'Parallel' })
  const needed = play({ primaries: primaries(true), maxUnavailable: 2, policy: 'Parallel' })
  expect(without.row).toMatchObject({ belowQuorumSeconds: AWAY, noPrimarySeconds: AWAY, lostWrites: 10 * AWAY })
  expect(needed.row.lostWrites).toBe(10 * 2 * AWAY)
})

test('a renewed lease is missed for as long as client-go waits', () => {
  const primaries = 'primaries: [{ workload: StatefulSet/db, lease: { duration: 15s, retry: 2s } }]'
  const died = play({ step: 'deletePod: { pod: db-0, force: true }', primaries }).row.noPrimarySeconds
  expect(died).toBeGreaterThan(13)
  expect(died).toBeLessThan(23.8)
  const inOrder = play({ primaries }).row.noPrimarySeconds
  expect(inOrder).toBeGreaterThan(0)
  expect(inOrder).toBeLessThan(4.4)
})
