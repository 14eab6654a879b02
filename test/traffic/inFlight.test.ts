// Requests under way when a pod ends, and requests above what pods can answer.

import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { exponentialRest, lognormalRest, normalCdf, uniformRest } from '../../src/kernel/expectations.ts'
import { exponential, lognormal, normalQuantile, uniform } from '../../src/kernel/distributions.ts'
import { RandomStreams } from '../../src/kernel/random.ts'
import type { RunRow } from '../../src/metrics/types.ts'
import type { DurationSpec } from '../../src/scenario/types.ts'
import { seconds, simpleScenario, type SimpleOptions } from '../scenarios.ts'

test('the normal distribution function undoes its quantile', () => {
  for (const p of [1e-12, 1e-6, 0.001, 0.1, 0.5, 0.77, 0.999])
    expect(normalCdf(normalQuantile(p)) / p).toBeCloseTo(1, 7)
})

test.each([
  ['uniform', (u: number) => uniform(u, 1, 3), (x: number) => uniformRest(x, 1, 3)],
  ['exponential', (u: number) => exponential(u, 2), (x: number) => exponentialRest(x, 2)],
  ['lognormal', (u: number) => lognormal(u, 1, 4), (x: number) => lognormalRest(x, 1, 4)],
])('what is left of a %s duration is what its draws leave', (_, draw, rest) => {
  const random = new RandomStreams()
  random.reset(1)
  const stream = random.stream('test')
  for (const x of [0, 0.5, 1.5, 2.5]) {
    let sum = 0
    for (let k = 0; k < 200_000; k++) sum += Math.max(0, draw(stream.at(k)) - x)
    expect(sum / 200_000 / rest(x)).toBeCloseTo(1, 1)
  }
})

function run(options: SimpleOptions, duration: DurationSpec): RunRow {
  const scenario = simpleScenario(options)
  const [traffic] = scenario.traffic
  const slow = { ...scenario, traffic: [{ ...traffic, duration, timeoutUs: 2_000_000 }] }
  return { ...createEngine(slow, slow.arms[0]).run(1).rows[0] }
}

const surge: SimpleOptions = {
  replicas: 10,
  maxSurge: 1,
  maxUnavailable: 0,
  timings: { '*': { start: seconds(2), ready: seconds(4), terminate: seconds(0) } },
}

test('a pod that is killed at once cuts what is under way: rate × mean duration', () => {
  // Senders hear at once, so a pod's share at the kill is the one that it had before: 1 of 10, or of 11 when the new pod
  // is known first.
  const row = run({ ...surge, endpointDelayUs: 1_000_000 }, seconds(0.05))
  expect(row.lostKilledInFlight).toBeCloseTo(10 * (2000 / 10) * 0.05, 6)
  expect(row.lostRefusedAfterTermination).toBeCloseTo(2000, 5)
})

test('one that drains cuts only what lasts longer than it drains', () => {
  const timings = { '*': { start: seconds(2), ready: seconds(4), terminate: seconds(0.1) } }
  const exponentialDuration: DurationSpec = { type: 'exponential', meanUs: 50_000 }
  const row = run({ ...surge, endpointDelayUs: 1_000_000, timings }, exponentialDuration)
  const rest = exponentialRest(0.1, 0.05) - exponentialRest(2, 0.05)
  expect(row.lostKilledInFlight).toBeCloseTo(10 * 200 * rest, 5)
  expect(run({ ...surge, endpointDelayUs: 1_000_000, timings }, seconds(0.1)).lostKilledInFlight).toBe(0)
})

test('preStop lets all senders go away first, so that nothing is cut', () => {
  const row = run({ ...surge, endpointDelayUs: 1_000_000, preStopSeconds: 5 }, seconds(0.05))
  expect(row.lostRequests).toBe(0)
})
