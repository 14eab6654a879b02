import { expect, test } from 'vitest'
import { simpleScenario, seconds } from './scenarios.ts'
import { createEngine } from '../src/engine/engine.ts'
import { judgeSensitivity } from '../src/report/sensitivity.ts'
import { inputFactors } from '../src/scenario/inputFactors.ts'
import type { Scenario } from '../src/scenario/types.ts'
import { runSensitivity, sensitivitySeeds } from '../src/sweep/sensitivity.ts'

const timings = { '*': { start: seconds(2), ready: seconds(6), terminate: seconds(3) } }

test('costs at most 30 % of the runs, and has 8 seeds at least', () => {
  for (const inputs of [1, 5, 12]) {
    for (const runs of [300, 1_000, 20_000]) {
      const seeds = sensitivitySeeds(runs, inputs)
      expect(seeds * (2 * inputs + 1) <= 0.3 * runs || seeds === 8).toBe(true)
    }
  }
  expect(sensitivitySeeds(5, 9)).toBe(5)
})

test('inputs are those that the scenario has', () => {
  const names = (scenario: Scenario) => inputFactors(scenario).map(({ name }) => name)
  expect(names(simpleScenario({ timings, endpointDelayUs: 1_000_000 }))).toEqual([
    'container start',
    'start until ready',
    'shutdown after SIGTERM',
    'endpoint propagation',
    'request rate',
    'grace period',
  ])
})

test('a factor changes its input, and no other', () => {
  const scenario = simpleScenario({ timings, endpointDelayUs: 1_000_000, apiWriteUs: 10_000 })
  for (const { scale } of inputFactors(scenario)) {
    const others = inputFactors(scale(2)).map(({ scale: again }) => JSON.stringify(again(0.5)))
    expect(others).toContain(JSON.stringify(scenario))
  }
})

test('Recreate: the rollout is linear in what it waits for, as the pencil says', async () => {
  // Shutdown 3 s, then start 2 s and ready 6 s: 11 s. Twice the 6 s: 17 s, +54.5 %; half of them: 8 s, -27.3 %.
  const scenario = { ...simpleScenario({ recreate: true, replicas: 3, probe: true, timings }), runs: 10 }
  const { seeds, base, variants } = await runSensitivity(scenario, createEngine)
  expect(seeds).toBe(8)
  const report = judgeSensitivity(seeds, base, variants)
  const ready = report?.inputs.find(({ input }) => input === 'start until ready')
  expect(ready?.effects.map(({ time }) => time?.estimate)).toEqual([
    expect.closeTo(-3 / 11, 6),
    expect.closeTo(6 / 11, 6),
  ])
  expect(report?.proportional).toEqual(['request rate'])
})
