// Random failures as written: which nodes they concern, and what is said about wrong ones.

import { describe, expect, it } from 'vitest'
import { loadSpec, refusalsOf } from '../../test/examples/loadText.ts'
import type { FaultSpec } from './types.ts'

const HEAD = `  manifests: [web.yaml]
  cluster:
    nodes:
      - { name: a, count: 2, allocatable: { cpu: '4', memory: 8Gi }, labels: { topology.kubernetes.io/zone: east } }
      - { name: b, count: 1, allocatable: { cpu: '4', memory: 8Gi }, labels: { topology.kubernetes.io/zone: west } }
      - { name: lone, allocatable: { cpu: '4', memory: 8Gi } }
  timeline: [{ at: 60s, setImage: { workload: Deployment/web, image: 'web:v2' } }]
`
const withFaults = (faults: string): string => `${HEAD.replace('  manifests: [web.yaml]\n', '')}  faults: ${faults}`
const faultsOf = (faults: string): readonly FaultSpec[] => loadSpec(withFaults(faults)).scenario.faults

describe('faults', () => {
  it('concern every node, each by itself, unless nodes or groups of nodes are named', () => {
    const [all, some] = faultsOf(
      '[{ nodeCrash: { mtbf: 1h } }, { partition: { nodes: [a, lone], mtbf: 2h, repair: 30s } }]',
    )
    const names = (fault: FaultSpec | undefined) =>
      fault && 'groups' in fault ? fault.groups.map(({ name }) => name) : []
    expect(names(all)).toEqual(['a-01', 'a-02', 'b-01', 'lone'])
    expect(some).toEqual({
      type: 'partition',
      groups: ['a-01', 'a-02', 'lone'].map((name) => ({ name, nodes: [name] })),
      mtbfUs: 7_200_000_000,
      repair: { type: 'fixed', us: 30_000_000 },
    })
  })

  it('take a zone at once', () => {
    const [outage] = faultsOf('[{ zoneOutage: { mtbf: 1h, repair: 5m } }]')
    expect(outage).toMatchObject({
      groups: [
        { name: 'east', nodes: ['a-01', 'a-02'] },
        { name: 'west', nodes: ['b-01'] },
      ],
    })
  })

  it('drain in turn, once where nothing else is said', () => {
    const [drain] = faultsOf('[{ drain: { nodes: [b], first: 5m } }]')
    expect(drain).toMatchObject({ nodes: ['b-01'], firstUs: 3e8, everyUs: Infinity, uncordonAfterUs: Infinity })
  })

  it('say what they assume', () => {
    const { assumptions } = loadSpec(
      withFaults('[{ nodeCrash: { mtbf: 1h } }, { partition: { mtbf: 1h, repair: 1s } }]'),
    ).scenario
    expect(assumptions.filter((text) => text.startsWith('Repair'))).toEqual([
      'Repair of a nodeCrash: 1m30s in the median.',
    ])
  })

  it('change the hash only if there are any', () => {
    const none = loadSpec(HEAD.replace('  manifests: [web.yaml]\n', '')).scenario.hash
    expect(loadSpec(withFaults('[]')).scenario.hash).toBe(none)
    expect(loadSpec(withFaults('[{ podCrash: { mtbf: 1h } }]')).scenario.hash).not.toBe(none)
  })

  it.each([
    [
      '[{ nodeCrsh: { mtbf: 1h } }]',
      'unknown field "spec.faults[0].nodeCrsh" (did you mean "spec.faults[0].nodeCrash"?)',
    ],
    [
      '[{}]',
      'spec.faults[0]: a fault is exactly one of nodeCrash, zoneOutage, partition, kubeletRestart, drain, podCrash',
    ],
    ['[{ nodeCrash: {} }]', 'spec.faults[0].nodeCrash.mtbf: is missing'],
    ['[{ nodeCrash: { mtbf: 100ms } }]', 'spec.faults[0].nodeCrash.mtbf: must be at least 1s, got "100ms"'],
    [
      '[{ nodeCrash: { mtbf: 1h, repair: { uniform: [9s, 3s] } } }]',
      'repair.uniform: the lower bound is above the upper one',
    ],
    [
      '[{ nodeCrash: { nodes: [aa], mtbf: 1h } }]',
      'nodes[0]: there is no node and no group of nodes "aa" (did you mean "a"?)',
    ],
    [
      '[{ zoneOutage: { zones: [est], mtbf: 1h } }]',
      'zones[0]: there is no zone "est" (did you mean "east"?); the zones are east, west',
    ],
    ['[{ drain: { first: 2h } }]', 'spec.faults[0].drain.first: 2h is not before the horizon, 20m'],
    [
      '[{ podCrash: { workload: Deployment/wb, mtbf: 1h } }]',
      'there is no Deployment/wb (did you mean "Deployment/web"?)',
    ],
    ['[{ podCrash: { workload: Service/web, mtbf: 1h } }]', 'a Service has no pods'],
  ])('%s is refused', (faults, refusal) => {
    expect(refusalsOf(() => loadSpec(withFaults(faults))).join('\n')).toContain(refusal)
  })

  it('refuses failures that would fill the memory', () => {
    const text = `${withFaults('[{ nodeCrash: { mtbf: 1s } }]')}\n  horizon: 700h`
    expect(refusalsOf(() => loadSpec(text)).join('\n')).toMatch(/is about \d+ failures in one run; at most 100000/)
  })

  it('needs labels for zones', () => {
    const text =
      '  timeline: [{ at: 0s, restart: { workload: Deployment/web } }]\n  faults: [{ zoneOutage: { mtbf: 1h } }]'
    expect(refusalsOf(() => loadSpec(text)).join('\n')).toContain('no node has the label topology.kubernetes.io/zone')
  })
})
