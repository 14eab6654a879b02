// Load balancers and DNS before a Service: what comes out where every step takes a fixed time.

import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import type { JsonObject } from '../../src/manifest/types.ts'
import type { RunRow } from '../../src/metrics/types.ts'
import type { FrontSpec } from '../../src/scenario/frontTypes.ts'
import type { EndpointDelay, RequestsSpec, Scenario } from '../../src/scenario/types.ts'
import { seconds, simpleScenario, type SimpleOptions } from '../scenarios.ts'

interface Options extends SimpleOptions {
  readonly front: FrontSpec
  readonly service?: JsonObject
  readonly endpointDelay?: EndpointDelay
  readonly requests?: RequestsSpec
}

/** The simple scenario with a front, at 1000 requests a second. */
function fronted({ front, service = { type: 'LoadBalancer' }, endpointDelay = 0, ...options }: Options): Scenario {
  const scenario = simpleScenario({ nodes: 3, ...options })
  const raw: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...service },
  }
  const [arm] = scenario.arms
  return {
    ...scenario,
    traffic: [{ to: { kind: 'Service', name: 'web' }, requestsPerSecond: 1000, endpointDelayUs: endpointDelay, front }],
    arms: [{ ...arm, objects: [...arm.objects, applyDefaults(structuredClone(raw))] }],
  }
}

function run(options: Options): RunRow {
  const scenario = fronted(options)
  return { ...createEngine(scenario, scenario.arms[0]).run(1).rows[0] }
}

const surge: SimpleOptions = {
  replicas: 4,
  maxSurge: 1,
  maxUnavailable: 0,
  timings: { '*': { start: seconds(2), ready: seconds(4), terminate: seconds(3) } },
}

const pods: FrontSpec = { type: 'podTargets', registrationUs: 0, deregistrationUs: 15_000_000 }

test('a preStop hook as long as deregistration loses nothing; each second less costs its share', () => {
  expect(run({ ...surge, graceSeconds: 60, preStopSeconds: 15, front: pods }).lostRequests).toBe(0)
  // One pod more every 6 s: after the n-th deletion 4, 5, 5 and 5 are known, and one more of them is dying each 6 s.
  // With 14 s each of the four pods refuses for 1 s; 4 live and 3 or fewer dying ones are known meanwhile.
  const { lostRequests, lostRefusedAfterTermination } = run({
    ...surge,
    graceSeconds: 60,
    preStopSeconds: 14,
    front: pods,
  })
  expect(lostRefusedAfterTermination).toBe(lostRequests)
  expect(lostRequests).toBeGreaterThan((4 * 1000) / 7)
  expect(lostRequests).toBeLessThan((4 * 1000) / 5)
})

test('a pod gets no requests before it is registered, however ready it is', () => {
  // One replica: the old pod goes when the new one is ready, and is known for 1 s more; the new one is known 10 s later.
  const front: FrontSpec = { type: 'podTargets', registrationUs: 10_000_000, deregistrationUs: 1_000_000 }
  const row = run({ ...surge, replicas: 1, preStopSeconds: 1, front })
  expect(row.downtimeSeconds).toBe(9)
  expect(row.lostNotYetRegistered).toBe(9000)
  expect(row.lostRequests).toBe(9000)
})

const nodes: FrontSpec = { type: 'nodeTargets', checkUs: 30_000_000 }

test('a node that dies gets its share until its health checks have failed for long enough', () => {
  const timeline = [{ atUs: 10_000_000, op: 'nodeDown', node: 'node-02' }] as const
  const row = run({ replicas: 1, timeline, front: nodes })
  expect(row.lostStaleEndpoint).toBeCloseTo(30 * 1000 * (1 / 3), 3)
  expect(row.lostRequests).toBe(row.lostStaleEndpoint)
})

test('externalTrafficPolicy Local drops what comes to nodes whose last pod has gone, until they fail their checks', () => {
  const local = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }
  const cluster = run({ ...surge, replicas: 1, preStopSeconds: 5, front: nodes })
  expect(cluster.lostRequests).toBe(0)
  const row = run({ ...surge, replicas: 1, preStopSeconds: 5, front: nodes, service: local })
  // The old node is the only target until 30 s after the new pod was ready on another one; 5 s of them it serves on.
  // Then its process refuses for 3 s, and for the rest the node drops.
  expect(row.lostRefusedAfterTermination).toBe(3000)
  expect(row.lostNoEndpoint).toBe(22_000)
  expect(row.lostRequests).toBe(25_000)
  // A preStop hook that outlasts the checks leaves nothing to lose.
  expect(
    run({ ...surge, replicas: 1, preStopSeconds: 30, graceSeconds: 60, front: nodes, service: local }).lostRequests,
  ).toBe(0)
})

test('with DNS the share of those who hold an old answer falls from all to none over its time to live', () => {
  const headless = { clusterIP: 'None' }
  const front: FrontSpec = { type: 'dns', cacheUs: 32_000_000 }
  // One replica that refuses at once: half of 32 s of requests, in steps of 2 s that begin 1 s after the change.
  const row = run({ ...surge, replicas: 1, front, service: headless })
  expect(row.lostRefusedAfterTermination).toBeCloseTo(16_000, 6)
  expect(row.lostRequests).toBe(row.lostRefusedAfterTermination)
  expect(
    run({ ...surge, replicas: 1, front, service: headless, preStopSeconds: 31, graceSeconds: 60 }).lostRequests,
  ).toBe(0)
})
