// What holds for every row, and that runs repeat.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/engine.ts'
import type { RunResult } from '../../src/engine/types.ts'
import { compileModel } from '../../src/model/compile.ts'
import { type PodTrace, type Trace, traceRun } from '../oracles/trace.ts'
import { simpleScenario, type SimpleOptions } from '../scenarios.ts'
import { EVERY_STEP, rolloutCases, type RolloutCase, scenarioOf } from './rolloutCases.ts'

const disturbed = rolloutCases({ steps: EVERY_STEP, replicasMax: 8 })

/** Distributions instead of lists, so that the seed matters. */
function randomScenario(it: RolloutCase): ReturnType<typeof scenarioOf> {
  const scenario = scenarioOf(it)
  const timings = Object.fromEntries(
    Object.entries(scenario.timings).map(([image, each]) => [
      image,
      {
        ...each,
        start: { type: 'lognormal' as const, medianUs: 2e6, p95Us: 6e6 },
        terminate: { type: 'uniform' as const, lowUs: 0, highUs: 9e6 },
      },
    ]),
  )
  return { ...scenario, timings }
}

const textOf = ({ availability, events, rows }: RunResult): string => JSON.stringify([rows, [...availability], events])

/** Columns that do not apply to a Deployment. */
const OF_STATEFUL_SETS = [
  'ordinalAwayMeanSeconds',
  'ordinalAwayMaxSeconds',
  'noPrimarySeconds',
  'belowQuorumSeconds',
  'lostWrites',
] as const

const MAY_BE_EMPTY: readonly string[] = [
  ...OF_STATEFUL_SETS,
  'rolloutSeconds',
  'fullStrengthSeconds',
  'drainingSeconds',
  'volumeWaitSeconds',
  'recoverySeconds',
  'latencyP50Ms',
  'latencyP99Ms',
]

describe('a run', () => {
  test('gives the same bytes for the same seed, in an engine fresh or used', () => {
    const check = (it: RolloutCase): void => {
      const scenario = randomScenario(it)
      const used = createEngine(scenario, scenario.arms[0])
      const first = textOf(used.run(3))
      used.run(4)
      expect(textOf(used.run(3))).toBe(first)
      expect(textOf(createEngine(scenario, scenario.arms[0]).run(3))).toBe(first)
    }
    fc.assert(fc.property(disturbed, check), { seed: 1, numRuns: 60 })
  })

  test('gives numbers that make sense', () => {
    const check = (it: RolloutCase): void => {
      const scenario = randomScenario(it)
      const { availability, rows } = createEngine(scenario, scenario.arms[0]).run(1)
      const row = rows[0]
      const window = (scenario.horizonUs - scenario.timeline[0].atUs) / 1e6
      for (const [column, value] of Object.entries(row))
        if (typeof value === 'number' && !MAY_BE_EMPTY.includes(column))
          expect(value, column).toSatisfy(Number.isFinite)
      for (const column of OF_STATEFUL_SETS) expect(row[column], column).toBeNaN()
      expect([0, 1]).toContain(row.stuck)
      if (row.stuck === 1 && !(row.drainingSeconds > 0)) expect(row.outcome).not.toBe('complete')
      if (row.fullStrengthSeconds < Infinity) expect(row.fullStrengthSeconds).toBeLessThanOrEqual(window + 1e-9)
      if (!Number.isNaN(row.drainingSeconds)) expect(row.drainingSeconds).toBeLessThanOrEqual(window + 1e-9)
      expect(Number.isFinite(row.rolloutSeconds)).toBe(row.outcome === 'complete')
      expect(row.requests).toBeCloseTo(2000 * window, 6)
      expect(row.lostRequests).toBeGreaterThanOrEqual(0)
      expect(row.lostRequests).toBeLessThanOrEqual(row.requests)
      expect(row.lostRequests).toBeGreaterThanOrEqual(2000 * row.downtimeSeconds - 1e-3)
      for (const seconds of [row.downtimeSeconds, row.degradedSeconds, row.versionOverlapSeconds]) {
        expect(seconds).toBeGreaterThanOrEqual(0)
        expect(seconds).toBeLessThanOrEqual(window + 1e-9)
      }
      expect(row.minReadyPercent).toBeGreaterThanOrEqual(0)
      expect(row.minReadyPercent < 100).toBe(row.degradedSeconds > 0)
      expect(row.terminatingPodSeconds).toBeLessThanOrEqual(row.peakPods * window + 1e-6)
      expect(row.extraPodSeconds).toBeLessThanOrEqual(row.peakPods * window + 1e-6)
      for (const percent of availability) expect(percent).toBeLessThanOrEqual(100)
    }
    fc.assert(fc.property(disturbed, check), { seed: 2, numRuns: 150 })
  })
})

/** Delays that a pod has met, by its place among the pods of its image: bound to started, started to ready, marked to gone. */
function delaysOf(trace: Trace): Map<string, (number | undefined)[]> {
  const since = (
    { states }: PodTrace,
    from: (i: number) => boolean,
    to: (i: number) => boolean,
  ): number | undefined => {
    const a = states.find((_, i) => from(i))
    const b = states.find((_, i) => to(i))
    return a === undefined || b === undefined ? undefined : b.atUs - a.atUs
  }
  return new Map(
    trace.pods.map((pod) => {
      const { states } = pod
      const bound = (i: number): boolean => states[i].node >= 0
      const running = (i: number): boolean => states[i].running
      const ready = (i: number): boolean => states[i].ready
      const marked = (i: number): boolean => states[i].marked
      const gone = (i: number): boolean => states[i].gone
      const delays = [since(pod, bound, running), since(pod, running, ready), since(pod, marked, gone)]
      return [`${trace.model.images[pod.image].name} ${pod.index}`, delays]
    }),
  )
}

describe('common random numbers', () => {
  test('the k-th pod of an image meets the same delays under every strategy', () => {
    const base: SimpleOptions = {
      replicas: 6,
      timings: {
        '*': {
          start: { type: 'lognormal', medianUs: 2e6, p95Us: 6e6 },
          ready: { type: 'uniform', lowUs: 3e6, highUs: 9e6 },
          terminate: { type: 'exponential', meanUs: 3e6 },
        },
      },
    }
    const strategies: SimpleOptions[] = [
      { recreate: true },
      { maxSurge: 1, maxUnavailable: 0 },
      { maxSurge: 0, maxUnavailable: 2 },
      { maxSurge: '100%', maxUnavailable: '50%', endpointDelayUs: 1e6 },
    ]
    for (let seed = 1; seed <= 25; seed++) {
      const known = new Map<string, (number | undefined)[]>()
      let compared = 0
      for (const strategy of strategies) {
        const scenario = simpleScenario({ ...base, ...strategy })
        for (const [pod, delays] of delaysOf(traceRun(compileModel(scenario, scenario.arms[0]), seed))) {
          const before = known.get(pod) ?? [undefined, undefined, undefined]
          delays.forEach((delay, i) => {
            if (delay === undefined || before[i] === undefined) return
            compared++
            expect(delay, `seed ${seed}, pod ${pod}, delay ${i}`).toBe(before[i])
          })
          known.set(
            pod,
            delays.map((delay, i) => before[i] ?? delay),
          )
        }
      }
      expect(compared).toBeGreaterThan(60)
    }
  })
})
