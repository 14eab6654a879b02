import { expect, test } from 'vitest'
import { formatProblem, type Problem } from '../base/errors.ts'
import { expandNodes, nodeName } from './nodes.ts'
import { reporterFor } from './reporter.ts'
import type { WrittenNodeGroup } from './schema.ts'

/** Expands groups, and gives the problems found. */
function expand(...groups: WrittenNodeGroup[]) {
  const problems: Problem[] = []
  const document = { file: 's.yaml', value: {}, locate: () => ({ line: 1, column: 1 }) }
  const nodes = expandNodes(groups, reporterFor(document, 'Scenario/s', problems, ['nodes']))
  return { nodes, problems: problems.map(formatProblem) }
}

const small = { allocatable: { cpu: '500m', memory: '1Gi' } }

test.each([
  ['node', 1, 4, 'node-01'],
  ['node', 12, 12, 'node-12'],
  ['n', 7, 100, 'n-007'],
])('%s %d of %d', (prefix, ordinal, count, name) => {
  expect(nodeName(prefix, ordinal, count)).toBe(name)
})

test('groups become nodes with names, quantities and the labels of a kubelet', () => {
  const { nodes, problems } = expand(
    { name: 'node', count: 2, ...small },
    {
      name: 'big',
      allocatable: { cpu: 16, memory: '64Gi', pods: 30 },
      labels: { disk: 'ssd' },
      taints: [{ key: 'gpu', effect: 'NoSchedule' }],
    },
  )
  expect(problems).toEqual([])
  expect(nodes).toEqual([
    {
      name: 'node-01',
      cpuMillis: 500,
      memoryBytes: 2 ** 30,
      pods: 110,
      labels: { 'kubernetes.io/arch': 'amd64', 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': 'node-01' },
      taints: [],
      unschedulable: false,
    },
    expect.objectContaining({
      name: 'node-02',
      labels: expect.objectContaining({ 'kubernetes.io/hostname': 'node-02' }),
    }),
    expect.objectContaining({
      name: 'big',
      cpuMillis: 16_000,
      pods: 30,
      labels: expect.objectContaining({ disk: 'ssd', 'kubernetes.io/hostname': 'big' }),
      taints: [{ key: 'gpu', value: '', effect: 'NoSchedule' }],
    }),
  ])
})

test('labels that are written win over those of the kubelet, and names are unique', () => {
  expect(
    expand({ name: 'w', labels: { 'kubernetes.io/os': 'windows' }, ...small }).nodes[0].labels['kubernetes.io/os'],
  ).toBe('windows')
  expect(expand({ name: 'a', ...small }, { name: 'a', ...small }).problems).toEqual([
    's.yaml:1:1  error  Scenario/s  nodes[1].name: there is already a node a: give this group another name',
  ])
})
