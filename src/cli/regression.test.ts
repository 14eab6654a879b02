import { expect, test } from 'vitest'
import type { Response } from '../metrics/types.ts'
import { RESPONSES } from '../metrics/types.ts'
import type { Results, RunGroup } from '../report/results.ts'
import { parseBaseline, toBaseline } from './baseline.ts'
import type { Change } from './regression.ts'
import { compareWithBaseline } from './regression.ts'
import { parseTolerances } from './tolerance.ts'

const settings = { tolerances: parseTolerances([]), confidence: 0.95 }

/** Results of one arm with these downtimes, for the seeds from `firstSeed` on; all other columns are 1. */
function resultsWith(downtimes: readonly number[], { firstSeed = 1, incomplete = 0, arm = 'rolling' } = {}): Results {
  const responses = Object.fromEntries(
    RESPONSES.map((name) => [name, Float64Array.from(downtimes, (value) => (name === 'downtimeSeconds' ? value : 1))]),
  ) as Record<Response, Float64Array>
  responses.rolloutSeconds.fill(Infinity, 0, incomplete)
  const group: RunGroup = {
    arm,
    workload: 'Deployment/checkout',
    seeds: Float64Array.from(downtimes, (_, index) => firstSeed + index),
    outcomes: Uint8Array.from(downtimes, (_, index) => (index < incomplete ? 2 : 0)),
    responses,
  }
  return { scenario: 'checkout', arms: [], workloads: [group.workload], groups: [group], availability: [] }
}

function compare(before: Results, after: Results, paired = true): Change[] {
  // The file is written and read again, as it would be between two builds.
  const baseline = parseBaseline('baseline.json', JSON.stringify(toBaseline(before)))
  return compareWithBaseline(paired ? { baseline, runs: before } : { baseline }, after, settings)
}

const downtime = (changes: readonly Change[]) => changes.find((change) => change.column === 'downtimeSeconds')
const values = Array.from({ length: 100 }, (_, index) => 20 + (index % 10))

test('unchanged results are the same, bit for bit, without any interval', () => {
  for (const paired of [true, false]) {
    expect(compare(resultsWith(values), resultsWith(values), paired).every(({ state }) => state === 'same')).toBe(true)
  }
})

test('a difference within the tolerance passes, one beyond it is a regression', () => {
  const plus = (more: number) => resultsWith(values.map((value, index) => value + more + (index % 2) / 10))
  expect(downtime(compare(resultsWith(values), plus(0.5)))).toMatchObject({ state: 'within' })
  expect(downtime(compare(resultsWith(values), plus(5)))).toMatchObject({ state: 'worse', limit: 24.5 * 0.05 })
  expect(downtime(compare(resultsWith(values), plus(-5)))).toMatchObject({ state: 'within' })
})

test('pairing by seed decides what independent samples leave undecided', () => {
  const after = resultsWith(values.map((value) => value + 1))
  expect(downtime(compare(resultsWith(values), after, true))).toMatchObject({ state: 'within', low: 1, high: 1 })
  const unpaired = downtime(compare(resultsWith(values), after, false))
  expect(unpaired).toMatchObject({ state: 'undecided', difference: 1 })
  expect(unpaired?.runsNeeded).toBeGreaterThan(100)
})

test("Welch's interval of two samples with equal deviations is Student's with 198 degrees of freedom", () => {
  const change = downtime(compare(resultsWith(values), resultsWith(values.map((value) => value + 1)), false))
  const deviation = Math.sqrt(((82.5 / 10) * 100) / 99)
  expect(change?.high).toBeCloseTo(1 + 1.972017 * deviation * Math.sqrt(2 / 100), 5)
})

test('a rollout that no longer completes is a regression, and its time is not averaged', () => {
  const changes = compare(resultsWith(values), resultsWith(values, { incomplete: 60 }))
  expect(changes.find(({ column }) => column === 'complete')).toMatchObject({ state: 'worse', before: 100, after: 40 })
  expect(changes.some(({ column }) => column === 'rolloutSeconds')).toBe(false)
})

test('an arm that is gone is missing', () => {
  expect(compare(resultsWith(values), resultsWith(values, { arm: 'other' }))).toMatchObject([{ state: 'missing' }])
})

test.each([
  '{',
  '{}',
  '[]',
  '{"format":"rollbench-baseline/1"}',
  '{"format":"rollbench-baseline/1","scenario":{},"groups":[{}]}',
])('%s is no baseline', (text) => expect(() => parseBaseline('old.json', text)).toThrow('old.json'))
