// Scenarios drawn from a space: each depends on its own number alone.

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatYaml } from '../../manifest/formatYaml.ts'
import { loadScenario } from '../../scenario/load.ts'
import { documentOf, loadMade, loadSpace, type ScenarioSpace, type SpaceParameter } from '../../scenario/space.ts'
import { SpaceDraws, valueAt } from './draw.ts'
import type { ScenarioNumbers } from './plan.ts'

const readFile = (path: string): string => readFileSync(path, 'utf8')
const file = 'scenarios/spaces/web.yaml'
const { space } = loadSpace({ files: [{ file, text: readFile(file) }], readFile })
const numbers: ScenarioNumbers = { scenarios: 100, seed: 1, runs: 5, firstSeed: 1 }

test('scenario k is the same whatever is drawn before it, and however many there are', () => {
  const inOrder = new SpaceDraws(space, numbers)
  for (let k = 1; k < 17; k++) inOrder.draw(k)
  const alone = new SpaceDraws(space, { ...numbers, scenarios: 17 }).draw(17)
  expect(alone).toEqual(inOrder.draw(17))
})

test('another parameter moves no draw', () => {
  const more: ScenarioSpace = {
    ...space,
    parameters: [
      { name: 'x', range: { type: 'integer', low: 1, high: 9 }, scale: 'linear', unit: '', targets: [] },
      ...space.parameters,
    ],
  }
  expect(new SpaceDraws(more, numbers).values(5).slice(1)).toEqual(new SpaceDraws(space, numbers).values(5))
})

test('another seed draws other scenarios', () => {
  expect(new SpaceDraws(space, { ...numbers, seed: 2 }).values(1)).not.toEqual(new SpaceDraws(space, numbers).values(1))
})

test('no two scenarios share a seed of their runs', () => {
  const draws = new SpaceDraws(space, numbers)
  expect([1, 2, 3].map((k) => draws.draw(k).spec['seed'])).toEqual([1, 6, 11])
})

test('a scenario that is printed is the scenario that is run', () => {
  const { name, spec } = new SpaceDraws(space, numbers).draw(17)
  const text = formatYaml(documentOf(name, spec))
  expect(loadScenario({ file: 'printed.yaml', text, readFile }).scenario).toEqual(loadMade(name, spec).scenario)
})

function parameter(range: SpaceParameter['range'], scale: 'linear' | 'log' = 'linear'): SpaceParameter {
  return { name: 'p', range, scale, unit: '', targets: [] }
}

const grid = Array.from({ length: 1_000 }, (_, index) => (index + 0.5) / 1_000)
const share = (values: readonly unknown[], wanted: unknown): number =>
  values.filter((value) => value === wanted).length / values.length

test('whole numbers and choices are equally likely, ends included', () => {
  const dice = grid.map((u) => valueAt(parameter({ type: 'integer', low: 1, high: 6 }), u))
  for (const side of [1, 2, 3, 4, 5, 6]) expect(share(dice, side)).toBeCloseTo(1 / 6, 2)
  const coins = grid.map((u) => valueAt(parameter({ type: 'choice', values: ['a', 'b'] }), u))
  expect([share(coins, 'a'), share(coins, 'b')]).toEqual([0.5, 0.5])
})

test('a log scale has as many below the geometric mean as above', () => {
  const values = grid.map((u) => Number(valueAt(parameter({ type: 'duration', low: 1e6, high: 1e8 }, 'log'), u)))
  expect(values.filter((us) => us < 1e7)).toHaveLength(500)
  expect(Math.min(...values)).toBeGreaterThanOrEqual(1e6)
  expect(Math.max(...values)).toBeLessThanOrEqual(1e8)
})
