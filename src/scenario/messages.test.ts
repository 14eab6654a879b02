// What is said about wrong scenario files: the message and its place.

import { describe, expect, it, test } from 'vitest'
import { loadSpec, loadTexts, refusalsOf } from '../../test/examples/loadText.ts'
import { DB, scenarioText, WEB } from '../../test/examples/scenarioText.ts'

const setImage = '  timeline: [{ at: 0s, setImage: { workload: Deployment/web, image: "web:v2" } }]\n'

const rows: readonly (readonly [what: string, spec: string, refusal: string])[] = [
  [
    'an unknown key, with a suggestion',
    '  horizn: 20m',
    's.yaml:5:3  error  Scenario/example  unknown field "spec.horizn" (did you mean "spec.horizon"?)',
  ],
  [
    'an unknown step, with a suggestion',
    '  timeline:\n    - { at: 60s, setImge: { workload: Deployment/web } }',
    's.yaml:6:18  error  Scenario/example  unknown field "spec.timeline[0].setImge" (did you mean "spec.timeline[0].setImage"?)',
  ],
  [
    'two steps in one',
    '  timeline:\n    - { at: 60s, pause: { workload: Deployment/web }, resume: { workload: Deployment/web } }',
    's.yaml:6:7  error  Scenario/example  spec.timeline[0]: a step is a time (at) and exactly one of setImage, patch, apply,',
  ],
  [
    'a step without its time',
    '  timeline:\n    - { pause: { workload: Deployment/web } }',
    'spec.timeline[0].at: is missing: expected a text',
  ],
  [
    'a wrong profile',
    '  profile: idea',
    's.yaml:5:12  error  Scenario/example  spec.profile: there is no profile "idea" (did you mean "ideal"?); write one of edge, ideal, slow-registry, spot-nodes, typical, or the path of a file, such as ./our-cluster.yaml',
  ],
  [
    'a wrong type',
    '  runs: many',
    's.yaml:5:9  error  Scenario/example  spec.runs: expected a number, got string "many"',
  ],
  ['too few runs', '  runs: 0', 'spec.runs: must be at least 1, got integer 0'],
  ['half a run', '  runs: 1.5', 'spec.runs: expected a whole number, got 1.5'],
  [
    'a version that YAML reads as a number',
    '  cluster: { kubernetes: 1.30 }',
    'spec.cluster.kubernetes: write it in quotes: "1.3',
  ],
  [
    'a version without a schema',
    '  cluster: { kubernetes: "1.99" }',
    'there is no schema of Kubernetes 1.99; write one of ',
  ],
  ['an empty list', '  arms: []', 'spec.arms: must not be empty'],
  [
    'a number without a unit',
    `${setImage}  horizon: 20`,
    's.yaml:6:12  error  Scenario/example  spec.horizon: a duration needs a unit, got "20"; write "20s" or "20m"',
  ],
  ['a negative duration', `${setImage}  warmUp: -5m`, 'spec.warmUp: a duration cannot be negative, got "-5m"'],
  ['no time at all', `${setImage}  horizon: 0s`, 'a run needs some time: write for example 20m'],
  ['too much time', `${setImage}  warmUp: 2000h`, 'at most 744h are simulated'],
  [
    'a word that is no duration, deep in a distribution',
    '  timings:\n    "*": { ready: { uniform: [3s, soon] } }',
    's.yaml:6:35  error  Scenario/example  spec.timings.*.ready.uniform[1]: expected a duration such as',
  ],
  [
    'bounds the wrong way round',
    '  timings: { "*": { pull: { uniform: [9s, 3s] } } }',
    'spec.timings.*.pull.uniform: the lower bound is above the upper one: swap them',
  ],
  [
    'a p95 below the median',
    '  timings: { "*": { pull: { lognormal: { median: 9s, p95: 3s } } } }',
    'p95 must not be below the median',
  ],
  [
    'a distribution of two shapes',
    '  timings: { "*": { pull: { fixed: 1s, exponential: { mean: 3s } } } }',
    'a distribution is one of fixed, uniform, lognormal, exponential, list, or a duration, or never',
  ],
  [
    'a distribution of no shape',
    '  timings: { "*": { pull: { normal: { mean: 3s } } } }',
    'unknown field "spec.timings.*.pull.normal"; known here: fixed, uniform, lognormal, exponential, list',
  ],
  ['a list of one bound', '  timings: { "*": { pull: { uniform: [3s] } } }', 'spec.timings.*.pull.uniform'],
  [
    'a distribution of another type',
    '  timings: { "*": { pull: true } }',
    'spec.timings.*.pull: expected a text or a number or a map, got boolean true',
  ],
  [
    'a timing that there is not',
    '  timings: { "*": { redy: 3s } }',
    'unknown field "spec.timings.*.redy" (did you mean "spec.timings.*.ready"?)',
  ],
  ['a probability above 1', '  timings: { "*": { fail: 2 } }', 'spec.timings.*.fail: must be at most 1, got integer 2'],
  [
    'an object that there is not',
    '  timeline:\n    - { at: 0s, setImage: { workload: Deployment/wed, image: x } }',
    's.yaml:6:39  error  Scenario/example  spec.timeline[0].setImage.workload: there is no Deployment/wed (did you mean "Deployment/web"?); the manifests have Deployment/web, Service/web',
  ],
  [
    'a workload without its kind',
    '  timeline: [{ at: 0s, pause: { workload: web } }]',
    '"web" names no object: write Kind/name, such as Deployment/web',
  ],
  [
    'a step that the kind does not have',
    '  timeline: [{ at: 0s, pause: { workload: Service/web } }]',
    'pause does not apply to a Service: it takes a Deployment',
  ],
  [
    'a container that there is not',
    '  timeline: [{ at: 0s, setImage: { workload: Deployment/web, container: ap, image: x } }]',
    'Deployment/web has no container "ap" (did you mean "app"?); it has app',
  ],
  [
    'a node that there is not',
    '  timeline: [{ at: 0s, drain: { node: node-1 } }]',
    'there is no node "node-1" (did you mean "node-01"?); the nodes are node-01, node-02, node-03',
  ],
  [
    'a pod whose name nobody can know',
    '  timeline: [{ at: 0s, deletePod: { pod: web-abc } }]',
    'there is no pod "web-abc": only pods of a StatefulSet and bare pods have names that are known beforehand',
  ],
  [
    'no pod at all',
    '  timeline: [{ at: 0s, deletePod: { index: 1 } }]',
    'say which pod: name a workload, a pod or a node',
  ],
  [
    'a step after the end',
    '  horizon: 5m\n  timeline: [{ at: 5m, restart: { workload: Deployment/web } }]',
    's.yaml:6:20  error  Scenario/example  spec.timeline[0].at: 5m is not before the horizon, 5m',
  ],
  [
    'a step that makes an object invalid',
    '  timeline:\n    - at: 0s\n      patch: { workload: Deployment/web, patch: { spec: { minReadySeconds: 700 } } }',
    's.yaml:7:7  error  Scenario/example  spec.timeline[0].patch: Kubernetes would refuse Deployment/web: spec.progressDeadlineSeconds: ',
  ],
  [
    'a step that changes what cannot be changed',
    '  timeline: [{ at: 0s, patch: { workload: Deployment/web, patch: { spec: { selector: { matchLabels: { tier: a } }, template: { metadata: { labels: { tier: a } } } } } } }]',
    'field is immutable',
  ],
  [
    'an undo without a past',
    '  timeline: [{ at: 0s, undo: { workload: Deployment/web } }]',
    'Deployment/web has no earlier revision to return to at this time; it has 1',
  ],
  [
    'a step on what is gone',
    '  timeline: [{ at: 0s, delete: { object: Deployment/web } }, { at: 1s, restart: { workload: Deployment/web } }]',
    'there is no Deployment/web',
  ],
  [
    'traffic to nowhere',
    `${setImage}  traffic: [{ to: Service/wab }]`,
    'there is no Service/wab that takes requests (did you mean "Service/web"?); traffic can go to Deployment/web, Service/web',
  ],
  [
    'a threshold for an arm that there is not',
    `${setImage}  thresholds: ["manifets: requests max > 0"]`,
    'spec.thresholds[0]: there is no arm "manifets" (did you mean "manifest"?)',
  ],
  [
    'a scale beyond what can be simulated',
    '  timeline: [{ at: 0s, scale: { workload: Deployment/web, replicas: 2000000000 } }]',
    'spec.timeline[0].scale.replicas: must be at most 20000',
  ],
  [
    'a patch beyond what can be simulated',
    `${setImage}  arms: [{ name: a, patch: { spec: { replicas: 2000000000 } } }]`,
    'spec.replicas: 2000000000 pods of a Deployment are more than can be simulated; at most 20000',
  ],
  [
    'a grid of more points than can be compared',
    `${setImage}  arms: [{ name: a, grid: { spec.replicas: [${Array.from({ length: 40 }, (_, i) => i).join(',')}], spec.minReadySeconds: [${Array.from({ length: 40 }, (_, i) => i).join(',')}] } }]`,
    'this grid has 1600 points; at most 1000 arms can be compared',
  ],
  [
    'a name that YAML 1.1 reads as false',
    `${setImage}  arms: [{ name: no }]`,
    'spec.arms[0].name: expected a text, got boolean false; write it in quotes',
  ],
  [
    'a patch that Kubernetes would refuse',
    `${setImage}  arms: [{ name: a, patch: { spec: { replicas: -1 } } }]`,
    'spec.arms[0].patch: Kubernetes would refuse Deployment/web with this patch: spec.replicas: Invalid value: -1',
  ],
  [
    'a patch that renames',
    `${setImage}  arms: [{ name: a, patch: { metadata: { name: b } } }]`,
    'an arm cannot change the kind or name of Deployment/web',
  ],
  [
    'arms of one name',
    `${setImage}  arms: [{ name: a }, { name: a }]`,
    'spec.arms[1].name: there is already an arm a: arms need different names',
  ],
  [
    'a grid along a path that there is not',
    `${setImage}  arms: [{ name: a, grid: { spec.strategy.rollingUpdate.maxSurg: [1, 2] } }]`,
    'no other point of the grid remains: unknown field "spec.strategy.rollingUpdate.maxSurg" (did you mean "spec.strategy.rollingUpdate.maxSurge"?)',
  ],
  [
    'nodes of one name',
    `${setImage}  cluster: { nodes: [{ name: a, allocatable: { cpu: 1, memory: 1Gi } }, { name: a, allocatable: { cpu: 1, memory: 1Gi } }] }`,
    'spec.cluster.nodes[1].name: there is already a node a',
  ],
  [
    'a quantity that is none',
    `${setImage}  cluster: { nodes: [{ name: a, allocatable: { cpu: 1 core, memory: 1Gi } }] }`,
    'spec.cluster.nodes[0].allocatable[cpu]: "1 core" is not a quantity above zero',
  ],
  [
    'a manifest that cannot be read',
    `${setImage}  manifests: [gone.yaml]`,
    's.yaml:6:15  error  Scenario/example  spec.manifests[0]: gone.yaml no such file',
  ],
]

test.each(rows)('%s is refused', (_what, spec, refusal) => {
  const refusals = refusalsOf(() => loadSpec(spec))
  expect(refusals.filter((text) => text.includes('  error  '))).toEqual([expect.stringContaining(refusal)])
})

describe('a scenario that is wrong in several ways', () => {
  it('is told all of them, with those of its manifests', () => {
    const refusals = refusalsOf(() =>
      loadTexts({
        's.yaml': scenarioText('  warmUp: -1s\n  horizon: 5\n  timings: { "*": { pull: x } }'),
        'web.yaml': WEB.replace('replicas:', 'repplicas:'),
      }),
    )
    expect(refusals.map((text) => text.split('  ')[0])).toEqual([
      'web.yaml:5:3',
      's.yaml:7:27',
      's.yaml:5:11',
      's.yaml:6:12',
    ])
  })

  it('is told of every unknown key', () => {
    const refusals = refusalsOf(() => loadSpec('  horizn: 5m\n  sead: 1\n  trafic: []'))
    expect(refusals.map((text) => text.split('  ')[0])).toEqual(['s.yaml:5:3', 's.yaml:6:3', 's.yaml:7:3'])
  })
})

describe('files', () => {
  it('hold one scenario at most', () => {
    const text = scenarioText('  runs: 5')
    expect(refusalsOf(() => loadTexts({ 'a.yaml': text, 'b.yaml': text, 'w.yaml': WEB }))).toEqual([
      'b.yaml:1:1  error  Scenario/example  there is already a scenario in a.yaml; give one at a time',
    ])
  })

  it('hold documents of the right version and kind', () => {
    const refusal = (text: string) => refusalsOf(() => loadTexts({ 'a.yaml': text, 'w.yaml': WEB }))[0]
    expect(refusal(scenarioText('  runs: 5').replace('/v1', '/v2'))).toBe(
      'a.yaml:1:13  error  Scenario/example  apiVersion: a Scenario is of apiVersion rollbench.dev/v1, got rollbench.dev/v2',
    )
    expect(refusal(scenarioText('  runs: 5').replace('Scenario', 'Scenerio'))).toBe(
      'a.yaml:2:7  error  Scenerio/example  kind: there is no kind Scenerio in rollbench.dev/v1 (did you mean "Scenario"?)',
    )
  })

  it('hold something to roll out', () => {
    const service = WEB.slice(WEB.indexOf('---\n') + 4)
    expect(refusalsOf(() => loadTexts({ 'a.yaml': service }))[0]).toContain(
      'no workload to roll out, only Service: give a manifest with one, such as a Deployment',
    )
    expect(refusalsOf(() => loadTexts({ 'a.yaml': scenarioText('  runs: 5') }))[0]).toContain(
      'no workload to roll out, no Kubernetes object: name a manifest with one under spec.manifests',
    )
    expect(refusalsOf(() => loadTexts({ 'a.yaml': '# nothing\n' }))[0]).toContain('holds no Kubernetes object')
  })

  it('of several workloads need arms that say which', () => {
    const spec = '  arms: [{ name: a, patch: { spec: { replicas: 2 } } }]'
    expect(refusalsOf(() => loadSpec(spec, `${WEB}---\n${DB}`))).toEqual([
      's.yaml:5:10  error  Scenario/example  spec.arms[0]: say which workload this arm changes, with target: Kind/name; there are Deployment/web, StatefulSet/db',
    ])
  })
})
