// Results made by hand or by the fake engine, for the tests of report/.

import { AVAILABILITY_POINTS } from '../../src/engine/types.ts'
import type { Response } from '../../src/metrics/types.ts'
import { RESPONSES } from '../../src/metrics/types.ts'
import type { AvailabilitySeries, Results, RunGroup } from '../../src/report/results.ts'
import { OUTCOMES } from '../../src/sweep/types.ts'
import { createFakeEngine } from '../sweep/fakeEngine.mjs'
import { fakeScenario } from '../sweep/fakeScenario.ts'

/** What is known of one arm: one value per run, or the same for all. What is left out is 0. */
export type MadeArm = Partial<Record<Response, readonly number[] | number>>

/** Responses that do not apply to a Deployment in which no node fails. */
const OPTIONAL: readonly Response[] = RESPONSES.slice(RESPONSES.indexOf('stuck') + 1)

/**
 * Results of one workload with the given values; a rollout of Infinity is one that is not complete. Seeds count from 1.
 * Requests are sent unless it says otherwise.
 */
export function makeResults(arms: Readonly<Record<string, MadeArm>>): Results {
  const groups = Object.entries(arms).map(([arm, made]): RunGroup => {
    const lengths = Object.values(made).map((values) => (typeof values === 'number' ? 1 : values.length))
    const runs = Math.max(...lengths)
    const columns = RESPONSES.map((response) => {
      const values = made[response] ?? (OPTIONAL.includes(response) ? NaN : response === 'requests' ? 2_280_000 : 0)
      return [
        response,
        Float64Array.from({ length: runs }, (_, run) => (typeof values === 'number' ? values : (values[run] ?? NaN))),
      ]
    })
    const responses = Object.fromEntries(columns) as Record<Response, Float64Array>
    return {
      arm,
      workload: 'Deployment/checkout',
      seeds: Float64Array.from({ length: runs }, (_, run) => run + 1),
      outcomes: Uint8Array.from(responses.rolloutSeconds, (seconds) => (seconds === Infinity ? 1 : 0)),
      responses,
    }
  })
  return {
    scenario: 'checkout',
    arms: Object.keys(arms).map((name) => ({ name, label: name })),
    workloads: ['Deployment/checkout'],
    groups,
    availability: [],
  }
}

/** Results of the fake engine, without files. */
export function fakeResults(armNames: readonly string[], seeds: number): Results {
  const scenario = fakeScenario(armNames)
  const made: Record<string, Record<Response, number[]>> = {}
  const availability: AvailabilitySeries[] = []
  for (const arm of scenario.arms) {
    const engine = createFakeEngine(scenario, arm)
    const columns = Object.fromEntries(RESPONSES.map((response) => [response, [] as number[]])) as Record<
      Response,
      number[]
    >
    made[arm.name] = columns
    for (let seed = 1; seed <= seeds; seed++) {
      const [row] = engine.run(seed).rows
      for (const response of RESPONSES) {
        const isNever = response === 'rolloutSeconds' && row.outcome !== OUTCOMES[0]
        columns[response].push(isNever ? Infinity : row[response])
      }
    }
    availability.push(sampleAvailability(arm.name, engine.run(1).availability))
  }
  return { ...makeResults(made), availability }
}

function sampleAvailability(arm: string, samples: Uint8Array): AvailabilitySeries {
  const mean = [...samples]
  const seconds = mean.map((_, instant) => (1200 * instant) / (AVAILABILITY_POINTS - 1))
  const shift = (by: number): number[] =>
    mean.map((percent) => Math.min(100, Math.max(0, percent === 100 ? 100 : percent + by)))
  return { arm, seconds, p5: shift(-10), p50: mean, p95: shift(10), mean }
}
