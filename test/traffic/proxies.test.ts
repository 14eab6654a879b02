// Endpoints on their way through the EndpointSlice controller and kube-proxies: what comes out where every step takes a
// fixed time.

import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import type { JsonObject } from '../../src/manifest/types.ts'
import type { RunRow } from '../../src/metrics/types.ts'
import type { NetworkSpec, Scenario } from '../../src/scenario/types.ts'
import { seconds, simpleScenario, type SimpleOptions } from '../scenarios.ts'

const network: NetworkSpec = {
  watch: seconds(0),
  sliceSync: seconds(0),
  proxyRun: seconds(0.1),
  minSyncUs: 1_000_000,
}

/** The simple scenario behind kube-proxies, through a Service with some fields of its own. */
function proxied(options: SimpleOptions, over: Partial<NetworkSpec> = {}, service: JsonObject = {}): Scenario {
  const scenario = simpleScenario(options)
  const raw: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...service },
  }
  const [arm] = scenario.arms
  return {
    ...scenario,
    surroundings: { ...scenario.surroundings, network: { ...network, ...over } },
    traffic: [{ to: { kind: 'Service', name: 'web' }, requestsPerSecond: 2000, endpointDelayUs: 'kube-proxy' }],
    arms: [{ ...arm, objects: [...arm.objects, applyDefaults(structuredClone(raw))] }],
  }
}

function run(scenario: Scenario, seed = 1): RunRow {
  return { ...createEngine(scenario, scenario.arms[0]).run(seed).rows[0] }
}

const surge: SimpleOptions = {
  replicas: 10,
  maxSurge: 1,
  maxUnavailable: 0,
  timings: { '*': { start: seconds(2), ready: seconds(4), terminate: seconds(3) } },
}

test('an idle proxy is behind by one run', () => {
  // Each new pod is ready 4 s after it was listed: the proxies have cooled down. An old pod refuses for 0.1 s.
  const row = run(proxied(surge))
  expect(row.lostRefusedAfterTermination).toBe(10 * 2000 * 0.1 * (1 / 10))
  expect(row.lostRequests).toBe(row.lostRefusedAfterTermination)
})

test('a proxy that has just run waits for minSyncPeriod from the end of that run', () => {
  // Listed at 0, run until 0.1; ready at 0.5, when the old pod goes; next run 1.1 to 1.2: 0.7 s of refusals each.
  const timings = { '*': { start: seconds(2), ready: seconds(0.5), terminate: seconds(3) } }
  expect(run(proxied({ ...surge, timings })).lostRefusedAfterTermination).toBe(10 * 2000 * 0.7 * (1 / 10))
  // With ipvs there is no minSyncPeriod.
  expect(run(proxied({ ...surge, timings }, { minSyncUs: 0 })).lostRefusedAfterTermination).toBe(200)
})

test('watches and the sync of the controller add to it', () => {
  // Pod to controller 0.02, CPU 0.01, slice to proxy 0.02, run 0.1.
  const slow = { watch: seconds(0.02), sliceSync: seconds(0.01) }
  expect(run(proxied(surge, slow)).lostRefusedAfterTermination).toBe(10 * 2000 * 0.15 * (1 / 10))
})

test('preStop that is as long as the slowest proxy loses nothing', () => {
  const slow = { watch: seconds(0.4), sliceSync: seconds(0.1) }
  expect(run(proxied({ ...surge, preStopSeconds: 1 }, slow)).lostRequests).toBe(0)
  expect(run(proxied({ ...surge, preStopSeconds: 1 }, { ...slow, proxyRun: seconds(0.2) })).lostRequests).toBe(
    10 * 2000 * 0.1 * (1 / 10),
  )
})

test('internalTrafficPolicy Local loses what arrives on nodes without a pod', () => {
  // 2 pods on 3 nodes: a third of the senders has nobody; the others lose nothing but the refusals.
  const few = { ...surge, replicas: 2, preStopSeconds: 5 }
  expect(run(proxied(few)).lostRequests).toBe(0)
  const local = run(proxied(few, {}, { internalTrafficPolicy: 'Local' }))
  expect(local.lostNoEndpoint).toBeGreaterThan((local.requests / 3) * 0.9)
})

test('a selector that matches no pod has no endpoints, while every pod is ready', () => {
  const row = run(proxied(surge, {}, { selector: { app: 'wbe' } }))
  expect(row.requests).toBeGreaterThan(0)
  expect(row.lostNoEndpoint).toBe(row.requests)
  expect(row.minReadyPercent).toBe(100)
})

test('many nodes are followed by a few proxies, each for an equal share', () => {
  const timings = { '*': { start: seconds(10), ready: seconds(10), terminate: seconds(3) } }
  const scenario = proxied(
    { ...surge, nodes: 100, timings },
    { proxyRun: { type: 'uniform', lowUs: 0, highUs: 2_000_000 } },
  )
  const lost = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => run(scenario, seed).lostRequests)
  // 1 s in the mean: 10 pods × 2000/s × 1 s / 10 endpoints, averaged over 16 proxies and 10 pods in each run.
  const mean = lost.reduce((sum, value) => sum + value, 0) / lost.length
  expect(mean).toBeGreaterThan(1850)
  expect(mean).toBeLessThan(2150)
})
