// Spaces as written: what they hold, and what is said about wrong ones.

import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { WEB } from '../../test/examples/scenarioText.ts'
import { formatProblem, InputError } from '../base/errors.ts'
import { parseYaml } from '../manifest/parse.ts'
import { isJsonObject } from '../manifest/types.ts'
import { loadSpace, type LoadedSpace } from './space.ts'
import { spaceJsonSchema } from './spaceSchema.ts'

const readFile = (path: string): string => readFileSync(path, 'utf8')
const publishedSchema = JSON.parse(readFile('scenarios/space.schema.json')) as object

const BASE = `  base:
    manifests: [web.yaml]
    cluster: { nodes: [{ name: node, count: 2, allocatable: { cpu: '8', memory: 8Gi } }] }
    timeline: [{ at: 60s, setImage: { workload: Deployment/web, image: 'web:v2' } }]
`

function load(spec: string, base = BASE): LoadedSpace {
  const text = `apiVersion: rollbench.dev/v1\nkind: ScenarioSpace\nmetadata: { name: many }\nspec:\n${base}${spec}\n`
  const texts: Record<string, string> = { 'web.yaml': WEB, 'base.yaml': baseFile }
  return loadSpace({
    files: [{ file: 's.yaml', text }],
    readFile: (path) => {
      if (texts[path] === undefined) throw new InputError([{ file: path, severity: 'error', message: 'no such file' }])
      return texts[path]
    },
  })
}

const baseFile = `apiVersion: rollbench.dev/v1
kind: Scenario
metadata: { name: one }
spec:
  runs: 7
  timeline: [{ at: 0s, restart: { workload: Deployment/web } }]
---
${WEB}`

function refusals(spec: string, base = BASE): string {
  try {
    load(spec, base)
  } catch (error) {
    if (error instanceof InputError) return error.problems.map(formatProblem).join('\n')
    throw error
  }
  throw new Error('should have been refused')
}

describe('a space', () => {
  it('has its objects inside, wherever the base had them', () => {
    for (const base of [BASE, '  base: base.yaml\n']) {
      const { spec } = load('  parameters: []', base).space
      expect((spec['objects'] as unknown[]).map((object) => isJsonObject(object) && object['kind'])).toEqual([
        'Deployment',
        'Service',
      ])
      expect(spec['manifests']).toBeUndefined()
    }
  })

  it('replaces the arms and faults of its base by its own', () => {
    const own = `  arms: [{ name: recreate, patch: { spec: { strategy: { type: Recreate } } } }]
  faults: [{ nodeCrash: { mtbf: 1h } }]
  parameters: []`
    const { spec } = load(own).space
    expect(spec).toMatchObject({ arms: [{ name: 'recreate' }], faults: [{ nodeCrash: { mtbf: '1h' } }] })
  })

  it('says where values go', () => {
    const { parameters } = load(`  parameters:
    - { name: ready, duration: [1s, 1m], scale: log, set: ['timings.*.ready', { field: 'timings[web:v2].terminate', times: 2 }] }
    - { name: replicas, integer: [1, 9], set: Deployment/web spec.replicas }`).space
    expect(parameters).toEqual([
      {
        name: 'ready',
        range: { type: 'duration', low: 1e6, high: 6e7 },
        scale: 'log',
        unit: '',
        targets: [
          { path: ['timings', '*', 'ready'], times: 1 },
          { path: ['timings', 'web:v2', 'terminate'], times: 2 },
        ],
      },
      {
        name: 'replicas',
        range: { type: 'integer', low: 1, high: 9 },
        scale: 'linear',
        unit: '',
        targets: [{ path: ['objects', 0, 'spec', 'replicas'], times: 1 }],
      },
    ])
  })
})

describe('a wrong space', () => {
  const parameter = (text: string): string => `  parameters:\n    - ${text}`

  it.each([
    ['  parametrs: []', 'unknown field "spec.parametrs" (did you mean "spec.parameters"?)'],
    [
      parameter('{ name: a, integer: [1, 2], choice: [1], set: horizon }'),
      'a parameter has exactly one of integer, number, duration, choice',
    ],
    [
      parameter('{ name: a, integer: [5, 2], set: runs }'),
      's.yaml:10:18  error  ScenarioSpace/many  spec.parameters[0].integer: the lower bound is above the upper one',
    ],
    [
      parameter('{ name: a, duration: [1, 2s], set: horizon }'),
      'spec.parameters[0].duration[0]: a duration needs a unit',
    ],
    [parameter('{ name: a, number: [0, 2], scale: log, set: runs }'), 'a log scale has no 0'],
    [parameter('{ name: a, choice: [1m], scale: log, set: horizon }'), 'a choice has no scale'],
    [
      parameter('{ name: a, integer: [1, 2], set: Deployment/wb spec.replicas }'),
      'spec.parameters[0].set: there is no Deployment/wb (did you mean "Deployment/web"?)',
    ],
    [
      parameter('{ name: a, integer: [1, 2], set: Deployment/web }'),
      '"Deployment/web" names an object without a field',
    ],
    [
      parameter('{ name: a, integer: [1, 2], set: horizn }'),
      'spec.parameters[0].set: unknown field "spec.horizn" (did you mean "spec.horizon"?)',
    ],
    [
      parameter("{ name: a, integer: [1, 2], set: 'cluster.nodes[1].count' }"),
      'cluster.nodes is a list of 1: it has no [1]',
    ],
    [
      parameter('{ name: a, choice: [ideal, typicl], set: profile }'),
      'spec.profile there is no profile "typicl" (did you mean "typical"?)',
    ],
    [
      '  parameters: [{ name: a, integer: [1, 2], set: runs }, { name: a, integer: [1, 2], set: seed }]',
      'there is already a parameter a',
    ],
    ['  parameters: []\n  winBy: [speed]', 'spec.winBy[0]: expected complete or lostRequests'],
  ])('%s', (spec, refusal) => {
    expect(refusals(spec)).toContain(refusal)
  })

  it('whose base is wrong says so with the place in the base', () => {
    expect(refusals('  parameters: []', BASE.replace('setImage', 'setImge'))).toContain('s.yaml:8:')
    expect(refusals('  parameters: []', '  base: none.yaml\n')).toContain('spec.base: none.yaml no such file')
    expect(refusals('  parameters: []', '  base: web.yaml\n')).toContain('spec.base: holds no Scenario')
  })
})

describe('the space that ships', () => {
  const file = 'scenarios/spaces/web.yaml'

  it('loads, and fits the published schema', () => {
    const text = readFile(file)
    expect(loadSpace({ files: [{ file, text }], readFile }).problems).toEqual([])
    const accepts = new Ajv({ allowUnionTypes: true }).compile(publishedSchema)
    expect(accepts(parseYaml({ file, text }).documents[0].value) || accepts.errors).toBe(true)
  })

  it('has a schema that is current (else: npm run build && node scripts/update-schema.mjs)', () => {
    expect(publishedSchema).toEqual(spaceJsonSchema())
  })
})
