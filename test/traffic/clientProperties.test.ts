// Random rollouts whose clients keep connections and try again: what holds for all of them.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { LOSS_COLUMNS } from '../../src/base/losses.ts'
import { createEngine } from '../../src/engine/engine.ts'
import type { RunRow } from '../../src/metrics/types.ts'
import type { Scenario, TrafficSpec } from '../../src/scenario/types.ts'
import { EVERY_STEP, type RolloutCase, rolloutCases, scenarioOf } from '../properties/rolloutCases.ts'

type Habits = Pick<TrafficSpec, 'duration' | 'keepAlive' | 'retries' | 'timeoutUs'>

const second = 1_000_000

const keepAlive = fc.record({
  share: fc.constantFrom(0, 0.3, 1),
  lifetimeUs: fc.constantFrom(Infinity, second, 90 * second),
  intervalUs: fc.constantFrom(1000, 100_000, second),
  noticeUs: fc.constantFrom(0, 1000, 2 * second),
})

const habits: fc.Arbitrary<Habits> = fc.record(
  {
    keepAlive,
    retries: fc.record({ attempts: fc.integer({ min: 1, max: 4 }), budget: fc.constantFrom(0, 0.01, 0.2, 1) }),
    duration: fc.constantFrom<NonNullable<TrafficSpec['duration']>>(
      { type: 'fixed', us: 200_000 },
      { type: 'exponential', meanUs: 1e6 },
    ),
    timeoutUs: fc.constantFrom(second, 30 * second),
  },
  { requiredKeys: [] },
)

function withHabits(it: RolloutCase, of: Habits, rate: number): Scenario {
  const scenario = scenarioOf(it)
  const traffic = scenario.traffic.map((each) => ({ ...each, ...of, requestsPerSecond: rate }))
  return { ...scenario, traffic }
}

function rowOf(scenario: Scenario): RunRow {
  return { ...createEngine(scenario, scenario.arms[0]).run(1).rows[0] }
}

test('books balance exactly, nothing is negative, and twice the rate loses twice as much of each cause', () => {
  const check = (it: RolloutCase, of: Habits): void => {
    const once = rowOf(withHabits(it, of, 1000))
    const millionths = (value: number): number => Math.round(value * 1e6)
    const lost = LOSS_COLUMNS.reduce((sum, column) => sum + millionths(once[column]), 0)
    expect(millionths(once.answeredRequests) + lost).toBe(millionths(once.requests))
    expect(lost).toBe(millionths(once.lostRequests))
    for (const column of LOSS_COLUMNS) expect(once[column], column).toBeGreaterThanOrEqual(0)
    expect(once.retriedRequests).toBeLessThanOrEqual(once.answeredRequests)
    // What is let in, and the ten seconds that had been saved up.
    const { budget = 0 } = of.retries ?? {}
    expect(once.retriedRequests).toBeLessThanOrEqual(budget * (once.requests + 1000 * 10) + 1e-5)
    const twice = rowOf(withHabits(it, of, 2000))
    for (const column of [...LOSS_COLUMNS, 'retriedRequests'] as const)
      expect(Math.abs(twice[column] - 2 * once[column]), column).toBeLessThan(1e-4)
    expect(twice.downtimeSeconds).toBe(once.downtimeSeconds)
  }
  fc.assert(fc.property(rolloutCases({ steps: EVERY_STEP, replicasMax: 8 }), habits, check), { seed: 1, numRuns: 60 })
})

test('more tries never lose more, and clients change nothing about the rollout', () => {
  const check = (it: RolloutCase, of: Habits): void => {
    const attempts = (n: number): RunRow => rowOf(withHabits(it, { ...of, retries: { attempts: n, budget: 1 } }, 1000))
    const { retries, ...without } = of
    const none = rowOf(withHabits(it, without, 1000))
    const one = attempts(1)
    const more = attempts(retries?.attempts ?? 2)
    expect(one.lostRequests).toBeLessThanOrEqual(none.lostRequests + 1e-5)
    expect(one.retriedRequests + one.lostRequests - none.lostRequests).toBeCloseTo(0, 4)
    expect(more.rolloutSeconds).toEqual(none.rolloutSeconds)
    expect(more.downtimeSeconds).toBe(none.downtimeSeconds)
  }
  fc.assert(fc.property(rolloutCases({ steps: EVERY_STEP, replicasMax: 8 }), habits, check), { seed: 2, numRuns: 40 })
})

test('more preStop never has more new connections refused', () => {
  const check = (drawn: RolloutCase, endpointDelayUs: number): void => {
    // With a ready pod at all times: without one, terminating ones are chosen, and one that ends is refused once more.
    const fences = { recreate: false, maxSurge: 1, maxUnavailable: 0 }
    const it = { ...drawn, ...fences, podsPerNode: 500, graceSeconds: 60, endpointDelayUs }
    const first = { op: 'image' as const, version: 2 }
    const refused = [0, 1, 3, 10].map(
      (preStopSeconds) => rowOf(withHabits({ ...it, first, preStopSeconds }, {}, 1000)).lostRefusedAfterTermination,
    )
    for (let i = 1; i < refused.length; i++) expect(refused[i]).toBeLessThanOrEqual(refused[i - 1] + 1e-6)
    // 10 s are longer than any of the delays.
    expect(refused[3]).toBe(0)
  }
  const delays = fc.constantFrom(500_000, 2_000_001, 9_000_001)
  fc.assert(fc.property(rolloutCases({ steps: [], replicasMax: 8 }), delays, check), { seed: 3, numRuns: 40 })
})
