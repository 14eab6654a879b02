import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { InputError } from '../base/errors.ts'
import { parseYaml } from '../manifest/parse.ts'
import { findScenario, listScenarios } from './catalog.ts'
import { loadScenario } from './load.ts'
import { scenarioJsonSchema } from './schema.ts'

const readFile = (path: string): string => readFileSync(path, 'utf8')
const publishedSchema = JSON.parse(readFile('scenarios/scenario.schema.json')) as object

describe('the published JSON Schema', () => {
  it('is current (else: npm run build && node scripts/update-schema.mjs)', () => {
    expect(publishedSchema).toEqual(scenarioJsonSchema())
  })

  it('refuses what the loader refuses: a unit that is missing, an unknown key', () => {
    const accepts = new Ajv().compile(publishedSchema)
    const scenario = (spec: object) => ({
      apiVersion: 'rollbench.dev/v1',
      kind: 'Scenario',
      metadata: { name: 'a' },
      spec,
    })
    expect(accepts(scenario({ horizon: '20m', timings: { '*': { ready: 'never' } } }))).toBe(true)
    expect(accepts(scenario({ horizon: 20 }))).toBe(false)
    expect(accepts(scenario({ horizn: '20m' }))).toBe(false)
    expect(accepts(scenario({ timings: { '*': { ready: { fixed: '1s', list: ['1s'] } } } }))).toBe(false)
  })
})

describe('the scenarios that ship', () => {
  const entries = listScenarios()

  it('are listed by name, each with a description and a size', () => {
    expect(entries.map(({ name }) => name)).toEqual([
      'agents',
      'autoscaler',
      'bad-release',
      'batch',
      'canary-analysis',
      'checkout',
      'drain',
      'full-cluster',
      'node-failure',
      'paused',
      'quorum',
      'quorum-20',
      'quorum-3',
      'quorum-bad',
      'quorum-bad-gate',
      'quorum-freed',
      'rollback',
      'rollover',
      'strategies',
    ])
    for (const { description, labels } of entries) {
      expect(description).not.toBe('')
      expect(labels.every((label) => ['smoke', 'full'].includes(label))).toBe(true)
    }
  })

  it.each(entries)(
    '$name loads under its own name, fits the schema, and warns of nothing but holes in its grid',
    ({ name, file }) => {
      const { scenario, problems } = loadScenario({ file, text: readFile(file), readFile })
      expect(scenario.name).toBe(name)
      expect(scenario.thresholds.length).toBeGreaterThan(0)
      expect(problems.filter(({ message }) => !message.includes('is left out'))).toEqual([])
      const accepts = new Ajv().compile(publishedSchema)
      expect(accepts(parseYaml({ file, text: readFile(file) }).documents[0].value) || accepts.errors).toBe(true)
    },
  )

  it('are found by name, and a misspelt name is met with a suggestion', () => {
    expect(findScenario('checkout')).toBe('scenarios/checkout/checkout.yaml')
    expect(() => findScenario('chekout')).toThrow(InputError)
    expect(() => findScenario('chekout')).toThrow(
      'there is no scenario "chekout" (did you mean "checkout"?); there are agents, autoscaler, bad-release, ',
    )
  })

  it('are all in the index', () => {
    const index = readFile('scenarios/README.md')
    for (const { name, file } of entries) expect(index).toContain(`[${name}](${file.replace('scenarios/', '')})`)
  })
})

describe('the main job', () => {
  const file = findScenario('checkout')
  const { scenario } = loadScenario({ file, text: readFile(file), readFile })

  it('compares Recreate with 12 settings of RollingUpdate and more, 1,000 times each', () => {
    const rolling = scenario.arms.filter(({ name }) => name.startsWith('rolling-'))
    expect(scenario.arms.map(({ name }) => name)).toContain('recreate')
    expect(rolling.length).toBeGreaterThanOrEqual(12)
    expect(scenario.runs).toBeGreaterThanOrEqual(1_000)
    expect(scenario.traffic).toMatchObject([
      { to: { kind: 'Service', name: 'checkout' }, requestsPerSecond: 2_000, endpointDelayUs: 1_000_000 },
    ])
  })
})
