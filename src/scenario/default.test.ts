import { describe, expect, it, test } from 'vitest'
import { loadTexts, refusalsOf } from '../../test/examples/loadText.ts'
import { AGENT, DB, ONCE, WEB } from '../../test/examples/scenarioText.ts'
import { nextImage } from './default.ts'

test.each([
  ['web:v1', 'web:v1-next'],
  ['web', 'web:next'],
  ['registry.example:5000/team/web', 'registry.example:5000/team/web:next'],
  ['registry.example:5000/team/web:1.2', 'registry.example:5000/team/web:1.2-next'],
  ['web@sha256:0123', 'web:next'],
  ['web:v1@sha256:0123', 'web:v1-next'],
])('the image after %s is %s', (image, next) => {
  expect(nextImage(image)).toBe(next)
})

/** What is assumed about manifests alone. */
function assume(...manifests: string[]) {
  return loadTexts({ 'm.yaml': manifests.join('---\n') }).scenario
}

const recreate = (text: string): string =>
  text.replace('  replicas: 4', '  strategy: { type: Recreate }\n  replicas: 4')
const surging = AGENT.replace(
  'spec:\n  selector',
  'spec:\n  updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }\n  selector',
)
const arms = (...manifests: string[]) => assume(...manifests).arms.map(({ name, label }) => `${name}: ${label}`)

describe('manifests without a scenario', () => {
  it('get a new image tag at 0, in every Deployment, StatefulSet and DaemonSet', () => {
    expect(assume(WEB, DB, AGENT, ONCE).timeline).toEqual([
      {
        atUs: 0,
        op: 'setImage',
        workload: { kind: 'Deployment', name: 'web' },
        container: 'app',
        image: 'web:v1-next',
      },
      { atUs: 0, op: 'setImage', workload: { kind: 'StatefulSet', name: 'db' }, container: 'db', image: 'db:1-next' },
      {
        atUs: 0,
        op: 'setImage',
        workload: { kind: 'DaemonSet', name: 'agent' },
        container: 'agent',
        image: 'agent:1-next',
      },
    ])
  })

  it.each([
    ['a Deployment', [WEB], ['manifest: as in the manifest', 'recreate: Recreate']],
    ['a Deployment of type Recreate', [recreate(WEB)], ['manifest: as in the manifest', 'rolling: RollingUpdate']],
    ['a StatefulSet', [DB], ['ordered: OrderedReady', 'parallel: Parallel']],
    ['a DaemonSet', [AGENT], ['manifest: as in the manifest', 'surge: maxSurge 1, maxUnavailable 0']],
    [
      'a DaemonSet that surges',
      [surging],
      ['manifest: as in the manifest', 'unavailable: maxSurge 0, maxUnavailable 1'],
    ],
    ['a Deployment and a StatefulSet', [WEB, DB], ['manifest: as in the manifest', 'recreate: Recreate, Parallel']],
    [
      'a StatefulSet and a DaemonSet',
      [DB, AGENT],
      ['ordered: OrderedReady', 'parallel: Parallel, maxSurge 1, maxUnavailable 0'],
    ],
  ])('have two arms: %s', (_what, manifests, expected) => {
    expect(arms(...manifests)).toEqual(expected)
  })

  it('are asked for through the Service that selects them, else directly', () => {
    const { traffic } = assume(WEB, DB)
    expect(traffic).toMatchObject([
      { to: { kind: 'Service', name: 'web' }, requestsPerSecond: 100, endpointDelayUs: 'kube-proxy' },
      { to: { kind: 'StatefulSet', name: 'db' }, requestsPerSecond: 100, endpointDelayUs: 'kube-proxy' },
    ])
  })

  it('are named after the only workload that rolls out', () => {
    expect([assume(WEB).name, assume(WEB, DB).name]).toEqual(['web', 'manifests'])
  })

  it('come with every assumption in one sentence', () => {
    expect(assume(WEB).assumptions).toEqual([
      'Timeline: a new image at 0s, Deployment/web from web:v1 to web:v1-next.',
      'Arms: manifest (as in the manifest) against recreate (Recreate).',
      'Nodes: 3 × 4 cores, 16 GiB and 110 pods: room for all pods and the surge of every arm, and a quarter to spare.',
      'Profile: typical (medians: image pull 1.1s, start 600ms, start until ready 2s, shutdown 1s).',
      'Traffic: 100 requests/s to Service/web, which follow its endpoints as kube-proxy does.',
      'Runs: 1000 for each arm, seeds from 1, from 10m before 0 to 20m after it.',
    ])
  })

  it('that roll nothing out are refused', () => {
    expect(refusalsOf(() => loadTexts({ 'm.yaml': ONCE }))[0]).toContain(
      'nothing here rolls out a new image, only Job: write a scenario whose timeline says what happens',
    )
  })
})
