// Single requests in a whole cluster: against queueing theory, against what can be counted by hand, and against the
// expectation that the fluid mode integrates.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LOSS_COLUMNS } from '../src/base/losses.ts'
import { createEngine } from '../src/engine/engine.ts'
import type { RunRow } from '../src/metrics/types.ts'
import { loadScenario } from '../src/scenario/load.ts'
import type { Scenario } from '../src/scenario/types.ts'
import { meanInterval } from '../src/statistics/interval.ts'
import { summarise } from '../src/statistics/summary.ts'
import { EVERY_STEP, type RolloutCase, rolloutCases, scenarioOf } from './properties/rolloutCases.ts'

interface Setting {
  readonly applications: string
  readonly rate: number
  readonly replicas?: number
  readonly requests?: string
  readonly timeline?: string
  readonly horizon?: string
}

function load({ applications, rate, replicas = 3, ...more }: Setting): Scenario {
  const text = `apiVersion: rollbench.dev/v1
kind: Scenario
metadata: { name: web }
spec:
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: ${String(replicas)}
        strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            containers: [{ name: web, image: "web:v1", readinessProbe: { httpGet: { path: /, port: 1 } } }]
  cluster: { kubelet: scripted, nodes: [{ name: node, count: 4, allocatable: { cpu: "8", memory: 32Gi } }] }
  profile: ideal
  timings: { "*": { ready: 2s, terminate: 3s } }
  applications: ${applications}
  traffic: [{ to: Deployment/web, requestsPerSecond: ${String(rate)}, endpointDelay: 0s }]
  requests: ${more.requests ?? '{ mode: requests }'}
  timeline: ${more.timeline ?? '[{ at: 10s, pause: { workload: Deployment/web } }]'}
  horizon: ${more.horizon ?? '2m'}
`
  return loadScenario({ file: 'web.yaml', text, readFile: () => '' }).scenario
}

function rowsOf(scenario: Scenario, runs: number): RunRow[] {
  const engine = createEngine(scenario, scenario.arms[0])
  return Array.from({ length: runs }, (_, i) => ({ ...engine.run(i + 1).rows[0] }))
}

function expectWithin(values: readonly number[], expected: number): void {
  const { low, high } = meanInterval(summarise(values), 0.999)
  expect(low).toBeLessThanOrEqual(expected + 1e-9)
  expect(high).toBeGreaterThanOrEqual(expected - 1e-9)
}

describe('latency', () => {
  test('of pods with one server and exponential times is that of M/M/1', () => {
    // Two pods of 100/s each get 160/s: each is an M/M/1 queue at rho = 0.8, whose time in the system is exponential with
    // mean 10 ms / (1 - 0.8) = 50 ms: half are below 50 ms × ln 2, 99 % below 50 ms × ln 100.
    const applications = '{ "*": { serviceTime: { exponential: { mean: 10ms } }, concurrency: 1, queue: 65536 } }'
    const rows = rowsOf(load({ applications, rate: 160, replicas: 2, horizon: '10m10s' }), 20)
    expectWithin(
      rows.map(({ latencyP50Ms }) => latencyP50Ms),
      50 * Math.LN2,
    )
    expect(summarise(rows.map(({ latencyP99Ms }) => latencyP99Ms)).mean).toBeCloseTo(50 * Math.log(100), -1.4)
    for (const row of rows) expect(row.lostRequests).toBe(0)
  })

  test('without a queue is the service time: the median of a log-normal one', () => {
    const [row] = rowsOf(load({ applications: '{}', rate: 1000 }), 1)
    expect(row.latencyP50Ms).toBeGreaterThan(48)
    expect(row.latencyP50Ms).toBeLessThan(52)
    expect(row.requests).toBeGreaterThan(105_000)
  })

  test('is empty where requests are an expectation', () => {
    const [row] = rowsOf(load({ applications: '{}', rate: 1000, requests: '{ mode: fluid }' }), 1)
    expect(row.latencyP50Ms).toBeNaN()
    expect(row.requests).toBe(110_000)
  })
})

describe('losses', () => {
  test('requests that come evenly are as many as the rate says', () => {
    const [row] = rowsOf(load({ applications: '{}', rate: 1000, requests: '{ mode: requests, arrivals: even }' }), 1)
    expect(Math.abs(row.requests - 110_000)).toBeLessThanOrEqual(1)
    expect(row.lostRequests).toBe(0)
  })

  test('three pods that fail after 3 requests each give 9 good answers and no more', () => {
    // web:v2 replaces web:v1 within some seconds; from then on nothing is answered.
    const applications = '{ "web:v2": { failsAfter: 3 } }'
    const timeline = '[{ at: 10s, setImage: { workload: Deployment/web, image: "web:v2" } }]'
    const good = (horizon: string): number =>
      rowsOf(load({ applications, rate: 1000, timeline, horizon }), 1)[0].answeredRequests
    // Each pod is replaced 2 s after the one before: v1 is gone after 6 s.
    expect(good('1m') - good('17s')).toBe(0)
    const [row] = rowsOf(load({ applications, rate: 1000, timeline, horizon: '1m' }), 1)
    const v1 = rowsOf(load({ applications: '{ "web:v2": { failsAfter: 0 } }', rate: 1000, timeline, horizon: '1m' }), 1)
    expect(row.answeredRequests - v1[0].answeredRequests).toBe(9)
  })

  test('a pod above its capacity loses what is above it', () => {
    const applications = '{ "*": { capacity: 100, queue: 20, serviceTime: { exponential: { mean: 10ms } } } }'
    const [row] = rowsOf(load({ applications, rate: 450 }), 1)
    // 3 pods answer 300 of 450 a second.
    expect(row.lostOverload / row.requests).toBeCloseTo(1 / 3, 1.7)
    expect(row.lostOverload).toBe(row.lostRequests)
  })

  test('a bad version loses its share', () => {
    const rows = rowsOf(load({ applications: '{ "*": { errorRate: 0.25 } }', rate: 100 }), 20)
    expectWithin(
      rows.map(({ lostBadVersion, requests }) => lostBadVersion / requests),
      0.25,
    )
  })

  test('requests that take longer than a pod has to end are killed in flight', () => {
    // Each of 3 pods gets 100 requests a second of 10 s each. They get SIGTERM 2, 4 and 6 s after the window begins and
    // exit 3 s later, when none of the window's requests is answered yet: 100 × (2 + 4 + 6), give or take five times
    // the square root.
    const applications = '{ "web:v1": { serviceTime: 10s } }'
    const timeline = '[{ at: 10s, setImage: { workload: Deployment/web, image: "web:v2" } }]'
    const rows = rowsOf(load({ applications, rate: 300, timeline }), 1)
    expect(Math.abs(rows[0].lostKilledInFlight - 1200)).toBeLessThan(5 * Math.sqrt(1200))
    expect(rows[0].lostKilledInFlight).toBe(rows[0].lostRequests)
  })
})

describe('the two modes', () => {
  test('agree on what is lost for each cause, within the noise of counting', () => {
    const check = (it: RolloutCase): void => {
      const made = scenarioOf(it)
      const scenario = { ...made, traffic: made.traffic.map((each) => ({ ...each, requestsPerSecond: 200 })) }
      const fluid = createEngine(scenario, scenario.arms[0])
      const single = { ...scenario, requests: { arrivals: 'random' } } as const
      const counted = createEngine(single, single.arms[0])
      for (let seed = 1; seed <= 3; seed++) {
        const expected = { ...fluid.run(seed).rows[0] }
        const row = counted.run(seed).rows[0]
        const lost = LOSS_COLUMNS.reduce((sum, column) => sum + row[column], 0)
        expect(row.requests).toBe(row.answeredRequests + lost)
        expect(Number.isInteger(row.requests)).toBe(true)
        for (const column of [
          'requests',
          'lostRefusedAfterTermination',
          'lostStaleEndpoint',
          'lostNoEndpoint',
        ] as const)
          // Counts are Poisson given the run: five standard deviations, and one more where few are expected.
          expect(Math.abs(row[column] - expected[column]), column).toBeLessThan(5 * Math.sqrt(expected[column]) + 6)
        expect(row.downtimeSeconds).toBe(expected.downtimeSeconds)
        expect(row.rolloutSeconds).toEqual(expected.rolloutSeconds)
      }
    }
    fc.assert(fc.property(rolloutCases({ steps: EVERY_STEP, replicasMax: 8 }), check), { seed: 1, numRuns: 20 })
  })

  test('give the same bytes for the same seed, whatever ran before', () => {
    const applications = '{ "*": { capacity: 100, errorRate: 0.1 } }'
    const timeline = '[{ at: 10s, setImage: { workload: Deployment/web, image: "web:v2" } }]'
    const scenario = load({ applications, rate: 200, timeline })
    const engine = createEngine(scenario, scenario.arms[0])
    const first = JSON.stringify(engine.run(1).rows)
    const second = JSON.stringify(engine.run(2).rows)
    expect(JSON.stringify(engine.run(1).rows)).toBe(first)
    expect(second).not.toBe(first)
  })
})
