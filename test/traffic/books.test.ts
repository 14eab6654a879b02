// The books of requests: every cause alone, and their balance whatever happens.

import { expect, test } from 'vitest'
import { LOSS_COLUMNS, type RequestBooks } from '../../src/base/losses.ts'
import { createEngine } from '../../src/engine/engine.ts'
import type { RunRow } from '../../src/metrics/types.ts'
import type { Step } from '../../src/scenario/types.ts'
import { apportion } from '../../src/traffic/apportion.ts'
import { seconds, simpleScenario, type SimpleOptions } from '../scenarios.ts'

/** The row of a run, and what it must satisfy in any case. */
function run(options: SimpleOptions): RunRow {
  const scenario = simpleScenario(options)
  const row = { ...createEngine(scenario, scenario.arms[0]).run(1).rows[0] }
  expectBalance(row)
  return row
}

function expectBalance(row: RequestBooks): void {
  const millionths = (value: number): number => Math.round(value * 1e6)
  const lost = LOSS_COLUMNS.reduce((sum, column) => sum + millionths(row[column]), 0)
  expect(millionths(row.answeredRequests) + lost).toBe(millionths(row.requests))
  expect(lost).toBe(millionths(row.lostRequests))
}

const second = 1_000_000

function step(at: number, rest: object): Step {
  return { atUs: at * second, ...rest } as Step
}

const onePodAtATime: SimpleOptions = {
  replicas: 10,
  maxSurge: 1,
  maxUnavailable: 0,
  endpointDelayUs: second,
  timings: { '*': { start: seconds(2), ready: seconds(4), terminate: seconds(3) } },
}

test('a pod that is shut down before its senders know refuses them: rate × Σ delay / endpoints', () => {
  const row = run(onePodAtATime)
  expect(row.lostRefusedAfterTermination).toBe(2000)
  expect(row.lostRequests).toBe(2000)
})

test('twice the rate loses twice as much of each cause', () => {
  const once = run({ ...onePodAtATime, probe: false })
  const twice = run({ ...onePodAtATime, probe: false, requestsPerSecond: 4000 })
  expect(once.lostRequests).toBeGreaterThan(0)
  for (const column of LOSS_COLUMNS) expect(twice[column]).toBeCloseTo(2 * once[column], 5)
})

test('Recreate has no endpoint until the first new pod is ready, and one that is not known for the delay', () => {
  // Pods are gone at once; senders know it 1 s later, the new pod is ready after 6 s and known 1 s later still.
  const options = { ...onePodAtATime, recreate: true, timings: { '*': { start: seconds(2), ready: seconds(4) } } }
  const row = run(options)
  expect(row.lostRefusedAfterTermination).toBe(2000 * 1)
  expect(row.lostNoEndpoint).toBe(2000 * 5)
  expect(row.lostNotYetRegistered).toBe(2000 * 1)
  expect(row.downtimeSeconds).toBe(7)
})

test('a dead node takes rate × its share × the time until its pods leave the endpoints', () => {
  // 3 pods on 3 nodes. The node controller calls the pods NotReady 40 to 60 s after the last lease; the senders follow.
  const down = step(10, { op: 'nodeDown', node: 'node-01' })
  const row = run({ replicas: 3, endpointDelayUs: second, timeline: [down], horizonSeconds: 300 })
  const outSeconds = row.lostStaleEndpoint / (2000 / 3)
  expect(outSeconds).toBeGreaterThan(35)
  expect(outSeconds).toBeLessThan(60)
  expect(row.lostRequests).toBe(row.lostStaleEndpoint)
})

test('without a readiness probe requests arrive before the application listens', () => {
  const row = run({
    ...onePodAtATime,
    replicas: 1,
    probe: false,
    timings: { '*': { start: seconds(2), ready: seconds(4) } },
  })
  // Ready at its start, known 1 s later: 3 s are left until it listens.
  expect(row.lostNotListening).toBe(2000 * 3)
  expect(row.lostRefusedAfterTermination).toBe(2000 * 1)
})

test('parts are rounded to whole millionths that add up', () => {
  expect(apportion(1, [2 / 3, 1 / 3])).toEqual({ parts: [666_667, 333_333], unit: 1_000_000 })
  expect(apportion(10, [10 - 1e-12, 0, 1e-12])).toEqual({ parts: [10_000_000, 0, 0], unit: 1_000_000 })
  const large = apportion(3e12, [1e12, 2e12])
  expect(large.parts.reduce((sum, part) => sum + part, 0)).toBe(3e12 * large.unit)
})
