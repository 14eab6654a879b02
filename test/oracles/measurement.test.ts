// The engine's rows against the slow computation from a trace, on random rollouts.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import { compileModel } from '../../src/model/compile.ts'
import type { RetriesSpec } from '../../src/scenario/types.ts'
import { EVERY_STEP, rolloutCases, type RolloutCase, scenarioOf } from '../properties/rolloutCases.ts'
import { availabilityCurve, measure } from './measurement.ts'
import { traceRun } from './trace.ts'

function compare(it: RolloutCase, retries?: RetriesSpec): string {
  const made = scenarioOf(it)
  const scenario = { ...made, traffic: made.traffic.map((each) => ({ ...each, ...(retries && { retries }) })) }
  const result = createEngine(scenario, scenario.arms[0]).run(1)
  const row = result.rows[0]
  const trace = traceRun(compileModel(scenario, scenario.arms[0]), 1)
  const expected = measure(trace)
  for (const column of Object.keys(expected) as (keyof typeof expected)[]) {
    const want = expected[column]
    const got = row[column]
    if (typeof want === 'string') expect(got, column).toBe(want)
    // lostRequests is rounded to millionths of a request.
    else if (Number.isNaN(want)) expect(got, column).toBeNaN()
    else expect(Math.abs((got as number) - want), `${column}: ${String(got)}, not ${want}`).toBeLessThan(1e-6)
  }
  expect([...result.availability]).toEqual(availabilityCurve(trace, result.availability.length))
  return row.outcome
}

/** What a case is when nothing else is said. */
const plain: RolloutCase = {
  replicas: 1,
  recreate: true,
  maxSurge: 0,
  maxUnavailable: 1,
  minReadySeconds: 0,
  probe: false,
  preStopSeconds: 0,
  graceSeconds: 2,
  deadlineSeconds: 10,
  endpointDelayUs: 0,
  apiWriteUs: 0,
  nodes: 1,
  podsPerNode: 4,
  images: [0, 0, -1].map((ready) => ({ pull: 0, start: [0], ready: [ready], terminate: [0] })),
  first: { op: 'image', version: 2 },
  steps: [],
  horizonSeconds: 40,
}

/** Cases in which the engine was once wrong. */
const found: [RolloutCase][] = [
  // The last sample of the curve is the state at the horizon, not the sample before it.
  [{ ...plain, replicas: 0, steps: [{ gapMs: 29_873, step: { op: 'scale', replicas: 5 } }] }],
  // A pod that got its deletion mark while its machine was down stops to serve when the kubelet sees it.
  [
    {
      ...plain,
      steps: [
        { gapMs: 1, step: { op: 'nodeDown', place: 0 } },
        { gapMs: 0, step: { op: 'image', version: 1 } },
        { gapMs: 0, step: { op: 'nodeUp', place: 0 } },
      ],
    },
  ],
  // An undo that is refused (Recreate has not yet made the ReplicaSet to return to) changes no template.
  [
    {
      ...plain,
      steps: [
        { gapMs: 0, step: { op: 'image', version: 1 } },
        { gapMs: 0, step: { op: 'undo' } },
      ],
    },
  ],
  // Steps that change no template and no status: done all along.
  [{ ...plain, first: { op: 'nodeUp', place: 0 } }],
]

describe('rows of runs.csv', () => {
  test.each(found)('agree with the slow computation where they once did not (%#)', (it) => void compare(it))

  test('agree with the slow computation on rollouts that nothing disturbs', () => {
    const cases = rolloutCases({ steps: [], replicasMax: 6 })
    fc.assert(
      fc.property(cases, (it) => void compare(it)),
      { seed: 1, numRuns: 60 },
    )
  })

  test('agree with the slow computation on rollouts that people and machines disturb', () => {
    const cases = rolloutCases({ steps: EVERY_STEP, replicasMax: 6 })
    fc.assert(
      fc.property(cases, (it) => void compare(it)),
      { seed: 1, numRuns: 200 },
    )
  })

  test('agree with the slow computation while machines go down and come back', () => {
    const cases = rolloutCases({ steps: ['nodeDown', 'nodeUp', 'nodeUp', 'deletePod', 'image'], replicasMax: 4 })
    fc.assert(
      fc.property(cases, (it) => void compare(it)),
      { seed: 1, numRuns: 100 },
    )
  })
  test('agree with the slow computation where clients try again', () => {
    const cases = rolloutCases({ steps: EVERY_STEP, replicasMax: 6 })
    fc.assert(
      // A budget of one retry for each request never caps a single one.
      fc.property(cases, (it) => void compare(it, { attempts: 1, budget: 1 })),
      { seed: 4, numRuns: 60 },
    )
  })
})
