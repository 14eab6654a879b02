import { describe, expect, it } from 'vitest'
import { formatProblem } from '../base/errors.ts'
import { loadSpec, loadTexts } from '../../test/examples/loadText.ts'
import { DB, scenarioText, WEB } from '../../test/examples/scenarioText.ts'
import { loadInputs } from './load.ts'

const setImage = '  timeline: [{ at: 1m, setImage: { workload: Deployment/web, image: "web:v2" } }]'

describe('the objects of a scenario', () => {
  const kinds = (given: Record<string, string>, named = {}) =>
    loadTexts(given, named).scenario.arms[0].objects.map((object) => object.kind)

  it('stand in files that it names, relative to its own', () => {
    expect(
      kinds({ 'a/b/s.yaml': scenarioText(`${setImage}\n  manifests: [../web.yaml]`) }, { 'a/web.yaml': WEB }),
    ).toEqual(['Deployment', 'Service'])
  })

  it('or beside it in the same file, or in other files, or in all of these', () => {
    const scenario = scenarioText(`${setImage}\n  manifests: [db.yaml]`)
    expect(kinds({ 's.yaml': `${scenario}---\n${WEB}` }, { 'db.yaml': DB })).toEqual([
      'Deployment',
      'Service',
      'StatefulSet',
    ])
    expect(kinds({ 'web.yaml': WEB, 's.yaml': scenario }, { 'db.yaml': DB })).toEqual([
      'Deployment',
      'Service',
      'StatefulSet',
    ])
  })

  it('or inline, with their places in the scenario file', () => {
    const inline = `${setImage}
  objects:
    - apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web }
      spec:
        replicas: 2
        selector: { matchLabels: { app: web } }
        template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: app, image: "web:v1" }] } }`
    expect(kinds({ 's.yaml': scenarioText(inline) })).toEqual(['Deployment'])
    const wrong = scenarioText(inline.replace('replicas: 2', 'replicas: -2'))
    expect(() => loadTexts({ 's.yaml': wrong })).toThrow(
      's.yaml:11:19  error  Deployment/web  spec.replicas: Invalid value: -2',
    )
  })

  it('may be nodes, if the scenario names none', () => {
    const node =
      'apiVersion: v1\nkind: Node\nmetadata: { name: worker, labels: { zone: a } }\nstatus: { allocatable: { cpu: "2", memory: 4Gi, pods: "20" } }\n'
    const { scenario } = loadTexts({ 's.yaml': `${scenarioText(setImage)}---\n${WEB}---\n${node}` })
    expect(scenario.nodes).toEqual([
      expect.objectContaining({ name: 'worker', cpuMillis: 2_000, memoryBytes: 4 * 2 ** 30, pods: 20 }),
    ])
    expect(scenario.nodes[0].labels).toMatchObject({ zone: 'a' })
    expect(scenario.arms[0].objects.map(({ kind }) => kind)).toEqual(['Deployment', 'Service'])
  })

  it('of another version of Kubernetes are simulated as 1.36, with a warning', () => {
    const { scenario, problems } = loadSpec(`${setImage}\n  cluster: { kubernetes: "1.33" }`)
    expect(scenario.kubernetes).toBe('1.33')
    expect(problems.map(formatProblem)).toEqual([
      's.yaml:6:26  warning  Scenario/example  spec.cluster.kubernetes: manifests are checked with the schema of 1.33, and simulated as 1.36',
    ])
  })
})

describe('what is not said', () => {
  it('has defaults', () => {
    const { scenario } = loadSpec(setImage)
    expect(scenario).toMatchObject({
      name: 'example',
      kubernetes: '1.36',
      featureGates: {},
      profile: 'typical',
      placement: 'real',
      kubelet: 'real',
      warmUpUs: 600_000_000,
      horizonUs: 1_200_000_000,
      runs: 1_000,
      seed: 1,
      thresholds: [],
    })
  })

  it('about the timeline is a new image for every workload', () => {
    const { scenario } = loadSpec('  profile: ideal')
    expect(scenario.timeline).toMatchObject([{ atUs: 0, op: 'setImage', image: 'web:v1-next' }])
    expect(scenario.assumptions.some((text) => text.startsWith('Profile'))).toBe(false)
  })
})

describe('the hash', () => {
  const hash = (spec: string) => loadSpec(`${setImage}\n${spec}`).scenario.hash

  it('does not depend on how often and from where runs are drawn, on words, or on the layout of files', () => {
    const plain = hash('  runs: 10')
    expect(hash('  runs: 20\n  seed: 7\n  description: other')).toBe(plain)
    expect(hash('  thresholds: ["*: requests max > 0"]')).toBe(plain)
    expect(hash('  warmUp: 600s')).toBe(plain)
    expect(loadTexts({ 'x.yaml': `${WEB}---\n${scenarioText(setImage)}` }).scenario.hash).toBe(plain)
  })

  it.each([
    '  warmUp: 601s',
    '  profile: ideal',
    '  traffic: []',
    '  arms: [{ name: other }]',
    '  timings: { "*": { pull: 1s } }',
  ])('depends on %s', (spec) => {
    expect(hash(spec)).not.toBe(hash('  runs: 10'))
  })
})

describe('flags', () => {
  it('have the last word about runs and seed', () => {
    const files = [{ file: 's.yaml', text: `${scenarioText(`${setImage}\n  runs: 10\n  seed: 3`)}---\n${WEB}` }]
    const { scenario } = loadInputs({ files, readFile: () => '', seeds: 50, firstSeed: 9 })
    expect([scenario.runs, scenario.seed]).toEqual([50, 9])
  })
})
