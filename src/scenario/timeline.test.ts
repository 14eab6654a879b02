import { describe, expect, it } from 'vitest'
import { formatProblem } from '../base/errors.ts'
import { loadSpec } from '../../test/examples/loadText.ts'
import { AGENT, DB, WEB } from '../../test/examples/scenarioText.ts'

const ALL = [WEB, DB, AGENT].join('---\n')

/** The steps of a timeline beside all manifests. */
function steps(timeline: string) {
  return loadSpec(`  timeline:\n${timeline}`, ALL).scenario.timeline
}

const web = { kind: 'Deployment', name: 'web' }
const db = { kind: 'StatefulSet', name: 'db' }

describe('a timeline', () => {
  it('is sorted by time, and keeps the written order within a time', () => {
    const timeline = steps(`
    - { at: 2m, resume: { workload: Deployment/web } }
    - { at: 60s, setImage: { workload: Deployment/web, image: "web:v2" } }
    - { at: 1m, pause: { workload: Deployment/web } }`)
    expect(timeline).toEqual([
      { atUs: 60_000_000, op: 'setImage', workload: web, container: 'app', image: 'web:v2' },
      { atUs: 60_000_000, op: 'pause', workload: web },
      { atUs: 120_000_000, op: 'resume', workload: web },
    ])
  })

  it('may hold every step', () => {
    const timeline = steps(`
    - { at: 1s, patch: { workload: StatefulSet/db, patch: { spec: { replicas: 5 } } } }
    - { at: 2s, scale: { workload: StatefulSet/db, replicas: 2 } }
    - { at: 3s, restart: { workload: DaemonSet/agent } }
    - { at: 4s, undo: { workload: DaemonSet/agent } }
    - { at: 5s, deletePod: { workload: Deployment/web, index: 2, force: true } }
    - { at: 6s, deletePod: { pod: db-0 } }
    - { at: 7s, nodeDown: { node: node-01 } }
    - { at: 8s, nodeUp: { node: node-01 } }
    - { at: 9s, cordon: { node: node-02 } }
    - { at: 10s, uncordon: { node: node-02 } }
    - { at: 11s, drain: { node: node-02 } }
    - { at: 12s, deleteNode: { node: node-02 } }
    - { at: 13s, addNode: { node: node-09 } }
    - { at: 14s, addNode: { node: { name: big, allocatable: { cpu: 16, memory: 64Gi } } } }
    - { at: 15s, drain: { node: big } }
    - { at: 16s, delete: { object: StatefulSet/db, cascade: orphan } }
    - { at: 17s, delete: { object: Service/web } }`)
    expect(timeline.map(({ op }) => op).join(' ')).toBe(
      'patch scale restart undo deletePod deletePod nodeDown nodeUp cordon uncordon drain deleteNode addNode addNode drain delete delete',
    )
    expect(timeline[0]).toMatchObject({ workload: db, patch: { spec: { replicas: 5 } } })
    expect(timeline[3]).toMatchObject({ toRevision: 0 })
    expect(timeline[4]).toEqual({ atUs: 5_000_000, op: 'deletePod', workload: web, index: 2, force: true })
    expect(timeline[5]).toEqual({ atUs: 6_000_000, op: 'deletePod', pod: 'db-0', index: 0, force: false })
    expect(timeline[12]).toMatchObject({
      node: { name: 'node-09', cpuMillis: 4_000, labels: { 'kubernetes.io/hostname': 'node-09' } },
    })
    expect(timeline[13]).toMatchObject({ node: { name: 'big', cpuMillis: 16_000, pods: 110 } })
    expect(timeline[15]).toMatchObject({ object: db, cascade: 'orphan' })
    expect(timeline[16]).toMatchObject({ cascade: 'background' })
  })

  it('may apply objects and act on them afterwards', () => {
    const timeline = steps(`
    - at: 1s
      apply:
        object:
          apiVersion: apps/v1
          kind: Deployment
          metadata: { name: late }
          spec:
            selector: { matchLabels: { app: late } }
            template:
              metadata: { labels: { app: late } }
              spec: { containers: [{ name: c, image: "late:1" }, { name: side, image: "side:1" }] }
    - { at: 2s, setImage: { workload: Deployment/late, container: side, image: "side:2" } }`)
    expect(timeline[1]).toMatchObject({ workload: { kind: 'Deployment', name: 'late' }, container: 'side' })
  })

  it('undoes to a revision by its number', () => {
    const timeline = steps(`
    - { at: 1s, setImage: { workload: Deployment/web, image: "web:v2" } }
    - { at: 2s, setImage: { workload: Deployment/web, image: "web:v3" } }
    - { at: 3s, undo: { workload: Deployment/web, toRevision: 1 } }
    - { at: 4s, undo: { workload: Deployment/web, toRevision: 4 } }`)
    expect(timeline.map((step) => (step.op === 'undo' ? step.toRevision : step.op))).toEqual([
      'setImage',
      'setImage',
      1,
      4,
    ])
  })
})

describe('feature gates', () => {
  it('that change nothing are warned of', () => {
    const gates = '{ MaxUnavailableStatefulSet: true, MaxUnavailableStatefulset: true }'
    const { problems, scenario } = loadSpec(`  profile: ideal\n  cluster: { featureGates: ${gates} }`)
    expect(scenario.featureGates).toHaveProperty('MaxUnavailableStatefulSet', true)
    expect(problems.map(formatProblem)).toEqual([
      's.yaml:6:63  warning  Scenario/example  spec.cluster.featureGates.MaxUnavailableStatefulset: not modelled, so without effect (did you mean "MaxUnavailableStatefulSet"?); modelled is MaxUnavailableStatefulSet',
    ])
  })
})

describe('images', () => {
  it('that have timings and never occur are warned of', () => {
    const { problems } = loadSpec(
      '  timeline: [{ at: 0s, setImage: { workload: Deployment/web, image: "web:v2" } }]\n  timings: { "web:v3": { ready: never }, "web:v1": { ready: 1s } }',
    )
    expect(problems.map(formatProblem)).toEqual([
      's.yaml:6:14  warning  Scenario/example  spec.timings.web:v3: no container ever has this image (did you mean "web:v1"?)',
    ])
  })
})
