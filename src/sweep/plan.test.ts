import { describe, expect, test } from 'vitest'
import { fakeScenario } from '../../test/sweep/fakeScenario.ts'
import { BATCH_RUNS, partName, planSweep, runId } from './plan.ts'

const scenario = fakeScenario(['recreate', 'rolling-1-0'])

describe('the plan', () => {
  test('gives every arm the same seeds, each once, by arm and then by seed', () => {
    const plan = planSweep(scenario, { firstSeed: 5, seeds: 2 * BATCH_RUNS + 1 })
    expect(plan).toEqual(
      [0, 1].flatMap((armIndex) => [
        { armIndex, firstSeed: 5, count: BATCH_RUNS },
        { armIndex, firstSeed: 5 + BATCH_RUNS, count: BATCH_RUNS },
        { armIndex, firstSeed: 5 + 2 * BATCH_RUNS, count: 1 },
      ]),
    )
  })
})

describe('names', () => {
  test('the run id depends on the scenario and its seeds', () => {
    const id = runId(scenario, { firstSeed: 1, seeds: 1000 })
    expect(id).toMatch(/^checkout-[0-9a-f]{8}$/)
    expect(runId(scenario, { firstSeed: 1, seeds: 1000 })).toBe(id)
    expect(runId(scenario, { firstSeed: 2, seeds: 1000 })).not.toBe(id)
    expect(runId(scenario, { firstSeed: 1, seeds: 1001 })).not.toBe(id)
    expect(runId({ ...scenario, hash: 'other' }, { firstSeed: 1, seeds: 1000 })).not.toBe(id)
  })

  test('the run id is a plain folder name, whatever the scenario is called', () => {
    const names = ['../../etc', 'a b/c', '', '.hidden', 'ü'].map((name) =>
      runId({ name, hash: '' }, { firstSeed: 1, seeds: 1 }),
    )
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]*-[0-9a-f]{8}$/)
  })

  test('each part of a sweep has its own name', () => {
    const plan = planSweep(scenario, { firstSeed: 1, seeds: 300 })
    expect(new Set(plan.map((batch) => partName(scenario, batch))).size).toBe(plan.length)
  })
})
