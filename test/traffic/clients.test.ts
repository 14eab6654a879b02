// What clients do: connections that they keep, tries after a loss, and session affinity, against closed forms.

import { expect, test } from 'vitest'
import { LOSS_COLUMNS, type RequestBooks } from '../../src/base/losses.ts'
import { createEngine } from '../../src/engine/engine.ts'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import type { RunRow } from '../../src/metrics/types.ts'
import type { KeepAliveSpec, Scenario, Step, TrafficSpec } from '../../src/scenario/types.ts'
import { followClients, type FreeClients } from '../../src/traffic/clients/pinning.ts'
import { RetryBudget } from '../../src/traffic/clients/retryBudget.ts'
import { seconds, simpleScenario, type SimpleOptions } from '../scenarios.ts'

const second = 1_000_000

type Habits = Partial<Pick<TrafficSpec, 'duration' | 'keepAlive' | 'retries' | 'sources' | 'timeoutUs'>>

function run(options: SimpleOptions, habits: Habits, change: (scenario: Scenario) => Scenario = (it) => it): RunRow {
  const made = simpleScenario(options)
  const scenario = change({ ...made, traffic: made.traffic.map((each) => ({ ...each, ...habits })) })
  const row = { ...createEngine(scenario, scenario.arms[0]).run(1).rows[0] }
  expectBalance(row)
  return row
}

function expectBalance(row: RequestBooks): void {
  const millionths = (value: number): number => Math.round(value * 1e6)
  const lost = LOSS_COLUMNS.reduce((sum, column) => sum + millionths(row[column]), 0)
  expect(millionths(row.answeredRequests) + lost).toBe(millionths(row.requests))
  expect(lost).toBe(millionths(row.lostRequests))
  for (const column of LOSS_COLUMNS) expect(row[column]).toBeGreaterThanOrEqual(0)
  expect(row.retriedRequests).toBeLessThanOrEqual(row.answeredRequests)
}

/** Connections that are open for ever, and closed within 10 ms of the client's time. */
const kept: KeepAliveSpec = { share: 1, lifetimeUs: Infinity, intervalUs: second, noticeUs: 10_000 }

function step(at: number, rest: object): Step {
  return { atUs: at * second, ...rest } as Step
}

const onePodAtATime: SimpleOptions = {
  replicas: 10,
  maxSurge: 1,
  maxUnavailable: 0,
  timings: { '*': { start: seconds(2), ready: seconds(4), terminate: seconds(3) } },
}

test('free clients follow the differential equation: against many small steps', () => {
  const out: FreeClients = { freeUs: 0, heldUs: 0, left: 1, gained: 0, gainedUs: 0 }
  for (const [choices, ends, chance, us] of [
    [1, 0.1, 0.8, 3],
    [0.5, 0, 1, 2],
    [2, 0.3, 0, 1.5],
    [0, 0, 1, 4],
    [1e-6, 1e-12, 0.5, 1e5],
  ]) {
    followClients({ choices, ends }, 0.7, chance, us, out)
    const steps = 400_000
    const dt = us / steps
    let [free, pin, held, freeUs, pinUs, heldUs] = [0.7, 0, 1, 0, 0, 0]
    for (let i = 0; i < steps; i++) {
      freeUs += free * dt
      pinUs += pin * dt
      heldUs += held * dt
      const change = choices * free - pin * ends
      free += dt * (ends * (1 - free) - choices * chance * free)
      pin += dt * change
      held -= dt * held * ends
    }
    expect(out.freeUs / freeUs).toBeCloseTo(1, 4)
    expect(out.heldUs / heldUs).toBeCloseTo(1, 4)
    expect(out.left / held).toBeCloseTo(1, 4)
    // Where no choice pins anyone, there is nobody to ask for.
    expect(out.gained - (chance === 0 ? 0 : pin)).toBeCloseTo(0, 4)
    expect((out.gainedUs - (chance === 0 ? 0 : pinUs)) / us).toBeCloseTo(0, 4)
  }
})

/** Ten pods with a tenth of the clients each end one after the other; those of each move to ten others, evenly: the sum. */
function closedShares(): number {
  const pinned = Array.from({ length: 10 }, () => 0.1)
  let closed = 0
  for (let i = 0; i < 10; i++) {
    closed += pinned[i]
    for (let j = i + 1; j < 10; j++) pinned[j] += pinned[i] / 10
  }
  return closed
}

test('a closed connection loses what is sent until its client notices: rate × pinned × notice, for each pod', () => {
  // Each of ten old pods closes its connections once. Those of the first have a tenth of the clients; they then go to the
  // others and to the new pod, a tenth each, so the second has 0.1 + 0.1 × 0.1 of them. p' = p + p(closing) / 10.
  const row = run(onePodAtATime, { keepAlive: kept })
  expect(row.lostRequests).toBe(row.lostConnectionReset)
  const closed = closedShares()
  expect(row.lostConnectionReset / (2000 * 0.01 * closed)).toBeCloseTo(1, 2)
})

test('preStop does not help kept connections, and a shorter notice does', () => {
  const late = run({ ...onePodAtATime, endpointDelayUs: second, preStopSeconds: 5 }, { keepAlive: kept })
  expect(late.lostRefusedAfterTermination).toBe(0)
  expect(late.lostConnectionReset).toBeGreaterThan(10)
  const soon = run(
    { ...onePodAtATime, endpointDelayUs: second, preStopSeconds: 5 },
    { keepAlive: { ...kept, noticeUs: 1000 } },
  )
  expect(late.lostConnectionReset / soon.lostConnectionReset).toBeCloseTo(10, 1)
})

test('connections stay with a pod that has left the endpoints, until their lifetime ends', () => {
  // 30 s of preStop: with connections of 1 s nobody is left on the pod when it closes.
  const options = { ...onePodAtATime, replicas: 2, preStopSeconds: 30 }
  const forever = run(options, { keepAlive: kept })
  const short = run(options, { keepAlive: { ...kept, lifetimeUs: second } })
  expect(forever.lostConnectionReset).toBeGreaterThan(19)
  expect(short.lostConnectionReset).toBeLessThan(1e-6)
  // And both versions serve together as long as the old pods live.
  expect(forever.versionOverlapSeconds).toBeGreaterThan(short.versionOverlapSeconds + 10)
})

const nodeDown: SimpleOptions = {
  replicas: 3,
  endpointDelayUs: 0,
  timeline: [step(10, { op: 'nodeDown', node: 'node-01' })],
  horizonSeconds: 300,
}

test('requests on silent connections are lost until the time-out: rate × pinned × time-out', () => {
  const out = run(nodeDown, { keepAlive: { ...kept, intervalUs: 1000 }, timeoutUs: 2 * second })
  const without = run(nodeDown, {})
  // A third of the clients waits 2 s. Those who choose again land on the dead endpoint with 1/3 as long as it is in the
  // set, and make 1.5 choices of 1 ms each on average: 1.5 × 1/3 ms of requests lost beside.
  expect(out.lostStaleEndpoint).toBeCloseTo((2000 / 3) * 2 + (2000 / 3) * 0.001 * 0.5, 1)
  expect(without.lostStaleEndpoint).toBeGreaterThan(20 * 2000 * (1 / 3))
})

test('retries leave loss × failure^attempts, and say how many they answered', () => {
  const none = run(nodeDown, {})
  const two = run(nodeDown, { retries: { attempts: 2, budget: 1 } })
  expect(two.lostRequests / none.lostRequests).toBeCloseTo(1 / 9, 9)
  expect(two.retriedRequests + two.lostRequests).toBeCloseTo(none.lostRequests, 4)
  expect(two.lostRequests).toBe(two.lostStaleEndpoint)
})

test('a budget caps the retries: the share that it lets in, and ten seconds of it saved up', () => {
  // A third is lost and would cost 1/3 of retries; 0.1 is let in, and 1 s of retries is saved up: they succeed with 2/3.
  const none = run(nodeDown, {})
  const capped = run(nodeDown, { retries: { attempts: 1, budget: 0.1 } })
  const outSeconds = none.lostStaleEndpoint / (2000 / 3)
  expect(outSeconds).toBeGreaterThan(35)
  expect(capped.retriedRequests).toBeCloseTo(2000 * (1 + 0.1 * outSeconds) * (2 / 3), 4)
  const budget = new RetryBudget(0.1)
  expect(budget.admit(2e6, 4e6)).toBeCloseTo(0.7, 12)
  expect(budget.admit(1e6, 1e6)).toBeCloseTo(0.1, 12)
})

test('requests that are cut are tried again', () => {
  const options = { ...onePodAtATime, endpointDelayUs: 0, timings: { '*': { start: seconds(2), ready: seconds(4) } } }
  const none = run(options, { duration: seconds(0.05) })
  const once = run(options, { duration: seconds(0.05), retries: { attempts: 1, budget: 1 } })
  expect(none.lostKilledInFlight).toBeGreaterThan(90)
  expect(once.lostRequests).toBe(0)
  expect(once.retriedRequests).toBeCloseTo(none.lostRequests, 5)
})

function withAffinity(scenario: Scenario): Scenario {
  const raw = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, sessionAffinity: 'ClientIP', ports: [{ port: 80 }] },
  }
  const [arm] = scenario.arms
  const service = applyDefaults(structuredClone(raw))
  return {
    ...scenario,
    traffic: scenario.traffic.map((each) => ({ ...each, to: { kind: 'Service', name: 'web' } })),
    arms: [{ ...arm, rawObjects: [...arm.rawObjects, raw], objects: [...arm.objects, service] }],
  }
}

test('a client of a dead endpoint goes on failing until removal, however often it tries', () => {
  // Retries are other draws only where nothing pins the client.
  const none = run(nodeDown, { sources: 100 }, withAffinity)
  const plain = run(nodeDown, {}, withAffinity)
  expect(none.lostStaleEndpoint).toBeCloseTo(plain.lostStaleEndpoint, 4)
  const tries = run(nodeDown, { sources: 100, retries: { attempts: 5, budget: 1 } }, withAffinity)
  expect(tries.lostStaleEndpoint).toBeCloseTo(none.lostStaleEndpoint, 4)
})

test('affinity leaves new pods out: clients of removed endpoints move, the others stay', () => {
  const row = run({ ...onePodAtATime, endpointDelayUs: second }, { sources: 1000 }, withAffinity)
  // Each old pod refuses its own clients for a second, and has those that moved to it beside the tenth it had at first.
  const closed = closedShares()
  expect(closed).toBeGreaterThan(1.5)
  expect(row.lostRefusedAfterTermination / (2000 * closed)).toBeCloseTo(1, 4)
  expect(row.lostRequests).toBe(row.lostRefusedAfterTermination)
})

test('what pods can answer and no more: the rest is overload, rate - capacity per pod', () => {
  // Four pods of 400/s get 500/s each: a fifth is lost, and as much of those on kept connections.
  const row = run(
    {
      replicas: 4,
      timeline: [step(10, { op: 'pause', workload: { kind: 'Deployment', name: 'web' } })],
      horizonSeconds: 110,
    },
    {},
    (it) => ({ ...it, applications: { '*': { capacity: 400 } } }),
  )
  expect(row.lostOverload).toBeCloseTo(row.requests / 5, 5)
  const kept500 = run(
    {
      replicas: 4,
      timeline: [step(10, { op: 'pause', workload: { kind: 'Deployment', name: 'web' } })],
      horizonSeconds: 110,
    },
    { keepAlive: kept },
    (it) => ({ ...it, applications: { '*': { capacity: 400 } } }),
  )
  expect(kept500.lostOverload).toBeCloseTo(row.lostOverload, 3)
})
