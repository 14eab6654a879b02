// Nodes that fail and are drained, in whole runs: the times that the defaults of the real controllers add up to, what
// budgets guarantee, and that healthy nodes cost no events.

import { describe, expect, test } from 'vitest'
import { NONE } from '../src/base/columns.ts'
import { EventKind } from '../src/cluster/codes.ts'
import { isActive } from '../src/cluster/pods.ts'
import type { RecordedScenario, RecordedStep } from '../src/conform/translate.ts'
import { translate } from '../src/conform/translate.ts'
import { replay } from '../src/conform/conform.ts'
import { Player } from '../src/engine/engine.ts'
import { compileModel } from '../src/model/compile.ts'
import { Choices } from './twins/random.ts'

const NODE_KINDS: readonly number[] = [
  EventKind.LeaseRenewal,
  EventKind.NodeMonitorPass,
  EventKind.TaintPass,
  EventKind.TaintTimer,
  EventKind.PodGcPass,
  EventKind.DrainRetry,
]

function node(index: number): Record<string, unknown> {
  return {
    kind: 'Node',
    metadata: { name: `node-${index}` },
    status: { allocatable: { cpu: '64', memory: '64Gi', pods: '110' } },
  }
}

function web(replicas: number): Record<string, unknown> {
  const spec = { containers: [{ name: 'app', image: 'web:v1' }], terminationGracePeriodSeconds: 30 }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec },
    },
  }
}

function recorded(nodes: number, objects: readonly unknown[], steps: readonly RecordedStep[]): RecordedScenario {
  return {
    id: 'test',
    placements: true,
    objects: [...Array.from({ length: nodes }, (_, i) => node(i + 1)), ...objects] as RecordedScenario['objects'],
    timings: { 'web:v1': { startSeconds: [1], readySeconds: [3, 5, 2], terminateSeconds: [4, 9] } },
    steps,
    untilSeconds: 1000,
  }
}

/** Events of each kind that a run takes from the queue. */
function countEvents(scenario: RecordedScenario): Map<number, number> {
  const { scenario: ours, arm } = translate(scenario)
  const player = new Player(compileModel(ours, arm))
  const { events } = player.machine
  const counts = new Map<number, number>()
  const pop = events.pop.bind(events)
  events.pop = () => {
    pop()
    counts.set(events.what & 0xff, (counts.get(events.what & 0xff) ?? 0) + 1)
  }
  player.run(1)
  return counts
}

/** When the node's line in the trace first was this text, in seconds. */
function firstAt(scenario: RecordedScenario, name: string, text: string | undefined, after = 0): number | undefined {
  return replay(scenario).find(({ t, state }) => {
    const nodes = (state['nodes'] ?? {}) as Record<string, string>
    return t > after && nodes[name] === text
  })?.t
}

describe('healthy nodes', () => {
  test('cost no events, also while others join and are cordoned', () => {
    const steps = [
      { at: 100, op: 'apply', patch: node(9) as never },
      { at: 200, op: 'cordon', node: 'node-1' },
      { at: 300, op: 'uncordon', node: 'node-1' },
    ]
    const counts = countEvents(recorded(3, [web(4)], steps))
    for (const kind of NODE_KINDS) expect([kind, counts.get(kind)]).toEqual([kind, undefined])
  })

  test('one that fails for good costs some passes, and then none', () => {
    const counts = countEvents(recorded(3, [web(4)], [{ at: 100.5, op: 'nodeDown', node: 'node-1' }]))
    expect(counts.get(EventKind.NodeMonitorPass)).toBeLessThan(8)
    expect(counts.get(EventKind.TaintPass)).toBe(1)
  })
})

describe('a node that falls silent', () => {
  const down = { at: 101, op: 'nodeDown', node: 'node-1' }

  test('is Unknown 50 s after the pass that saw its last renewal, and tainted at the next look', () => {
    const scenario = recorded(3, [web(4)], [down])
    expect(firstAt(scenario, 'node-1', 'Unknown unreachable:NoSchedule')).toBe(150.005)
    expect(firstAt(scenario, 'node-1', 'Unknown unreachable:NoExecute,unreachable:NoSchedule')).toBe(150.105)
  })

  test('loses its pods 300 s later, and they stay terminating', () => {
    const trace = replay(recorded(3, [web(3)], [down]))
    const lost = trace.find(({ state }) => 'web:v1 node-1 terminating' in (state['pods'] as object))
    expect(lost?.t).toBe(450.105)
    expect(trace.at(-1)!.state['pods']).toHaveProperty('web:v1 node-1 terminating')
  })

  test('is Ready at its first renewal after its return, and untainted at the pass after that', () => {
    const scenario = recorded(3, [web(4)], [down, { at: 203, op: 'nodeUp', node: 'node-1' }])
    expect(firstAt(scenario, 'node-1', 'True unreachable:NoExecute')).toBe(210)
    expect(firstAt(scenario, 'node-1', undefined, 210)).toBe(210.005)
  })

  test('together with all others loses nothing until one returns', () => {
    const steps = [1, 2, 3].map((i) => ({ at: 100 + i, op: 'nodeDown', node: `node-${i}` }))
    const trace = replay(recorded(3, [web(4)], steps))
    for (const { state } of trace) expect(JSON.stringify(state)).not.toContain('NoExecute')
    expect(trace.at(-1)!.state['pods']).toEqual({
      'web:v1 node-1 running': 2,
      'web:v1 node-2 running': 1,
      'web:v1 node-3 running': 1,
    })
  })
})

describe('drains', () => {
  test('never take more than the budget gives', () => {
    const choices = new Choices(7)
    for (let seed = 0; seed < 60; seed++) {
      const replicas = choices.integer(2, 9)
      const minAvailable = choices.integer(1, replicas)
      const budget = {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'web' },
        spec: { selector: { matchLabels: { app: 'web' } }, minAvailable },
      }
      const drained = [1, 2, 3].slice(0, choices.integer(1, 3))
      const steps = drained.map((i, k) => ({
        at: 100 + 3.01 * k * choices.integer(0, 9),
        op: 'drain',
        node: `node-${i}`,
      }))
      const { scenario, arm } = translate(recorded(4, [web(replicas), budget], steps))
      let fewest = Infinity
      const player: Player = new Player(compileModel(scenario, arm), (nowUs) => {
        if (nowUs < 90e6) return
        const { pods } = player.machine.cluster
        let healthy = 0
        for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
          if (pods.ready[pod] === 1 && isActive(pods, pod)) healthy++
        fewest = Math.min(fewest, healthy)
      })
      player.run(1)
      expect([seed, fewest >= minAvailable]).toEqual([seed, true])
    }
  })
})
