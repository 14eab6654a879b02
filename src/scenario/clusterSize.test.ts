import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { podRequests } from '../manifest/defaultsPod.ts'
import type { KubeObject } from '../manifest/types.ts'
import { loadTexts } from '../../test/examples/loadText.ts'
import { AGENT, WEB } from '../../test/examples/scenarioText.ts'
import { assumeNodes } from './clusterSize.ts'

/** The Deployment of the examples with other replicas, requests, surge and node selector. */
function web(replicas: number, cpu: string, memory: string, maxSurge: string | number = 0, selector = ''): KubeObject {
  const text = WEB.replace(
    'replicas: 4',
    `replicas: ${replicas}\n  strategy: { rollingUpdate: { maxSurge: ${maxSurge}, maxUnavailable: 1 } }`,
  )
    .replace('cpu: 500m, memory: 256Mi', `cpu: ${cpu}, memory: ${memory}`)
    .replace('    spec:\n      containers', `    spec:\n${selector}      containers`)
  const [object] = loadTexts({ 'w.yaml': text }).scenario.arms[0].objects
  return object
}

const shape = (nodes: ReturnType<typeof assumeNodes>) =>
  nodes.map(({ cpuMillis, memoryBytes }) => `${cpuMillis} ${memoryBytes / 1024 ** 3}`)

describe('the assumed cluster', () => {
  it('has three nodes at least', () => {
    const nodes = assumeNodes([[web(2, '100m', '64Mi')]])
    expect(nodes.map(({ name }) => name)).toEqual(['node-01', 'node-02', 'node-03'])
    expect(new Set(shape(nodes))).toEqual(new Set(['4000 16']))
  })

  it('has a quarter more than the pods and their surge fill', () => {
    // 30 pods of one core and 50 % surge fill 45 cores: 12 nodes of 4, and a quarter is 15.
    expect(assumeNodes([[web(30, '1', '64Mi', '50%')]])).toHaveLength(15)
    // What an arm or the timeline needs at most decides.
    expect(assumeNodes([[web(30, '1', '64Mi')], [web(30, '1', '64Mi', '50%')]])).toHaveLength(15)
    expect(assumeNodes([[web(30, '1', '64Mi')]], new Map([['Deployment/web', 45]]))).toHaveLength(15)
  })

  it('has nodes of which the largest pod takes half at most', () => {
    expect(new Set(shape(assumeNodes([[web(2, '3', '1Gi')]])))).toEqual(new Set(['8000 32']))
    expect(new Set(shape(assumeNodes([[web(2, '100m', '40Gi')]])))).toEqual(new Set(['32000 128']))
  })

  it('keeps room for the pods of DaemonSets on each node', () => {
    const agent = loadTexts({
      'a.yaml': AGENT.replace('image: "agent:1"', 'image: "agent:1", resources: { requests: { cpu: "1" } }'),
    })
    const daemonSet = agent.scenario.arms[1].objects[0]
    // With its surge the DaemonSet takes 2 of 4 cores, so that 2 pods of one core fit on each node.
    expect(assumeNodes([[daemonSet, web(8, '1', '64Mi')]])).toHaveLength(5)
  })

  it('has labelled nodes for every node selector', () => {
    const nodes = assumeNodes([
      [web(2, '100m', '64Mi', 0, '      nodeSelector: { kubernetes.io/os: linux, disk: ssd }\n')],
      [web(2, '100m', '64Mi', 0, '      nodeSelector: { kubernetes.io/os: linux, disk: ssd }\n')],
    ])
    expect(nodes.map(({ labels }) => labels['disk'])).toEqual(['ssd', 'ssd', 'ssd'])
  })

  it('holds all pods, however they are packed by first fit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 10, max: 9_000 }),
        fc.integer({ min: 1, max: 40_000 }),
        (replicas, cpu, memory) => {
          const object = web(replicas, `${cpu}m`, `${memory}Mi`, '25%')
          if (object.kind !== 'Deployment') throw new Error('a Deployment was made')
          const requests = podRequests(object.spec.template.spec)
          const places = assumeNodes([[object]]).map((node) =>
            Math.min(
              node.pods,
              Math.floor(node.cpuMillis / requests.cpuMillis),
              Math.floor(node.memoryBytes / requests.memoryBytes),
            ),
          )
          expect(places.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(
            1.25 * Math.ceil(1.25 * replicas),
          )
        },
      ),
      { numRuns: 100 },
    )
  })
})
