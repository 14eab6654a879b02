// What holds of any cluster once the scheduler has tried every pod: by seed, on small clusters with random pods.

import { expect, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import type { JsonObject } from '../../src/manifest/types.ts'
import { explainUnschedulable } from '../../src/scheduler/explain.ts'
import { Choices } from '../twins/random.ts'
import { container, node, stage } from './stage.ts'

const SEEDS = 400
const selector = { matchLabels: { app: 'web' } }
const apart = [{ labelSelector: selector, topologyKey: 'kubernetes.io/hostname' }]
const KINDS = ['plain', 'apart', 'even'] as const

function specOf(kind: (typeof KINDS)[number], cpuMillis: number): JsonObject {
  const spec: JsonObject = { containers: [container(`${cpuMillis}m`, '1Mi')] }
  if (kind === 'apart')
    spec['affinity'] = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: apart } }
  if (kind === 'even') {
    const constraint = { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'DoNotSchedule' }
    spec['topologySpreadConstraints'] = [{ ...constraint, labelSelector: selector }]
  }
  return spec
}

test('no node gets more than it has, hard constraints hold, and whoever waits fits nowhere and has a reason', () => {
  const choices = new Choices(0)
  let waiting = 0
  for (let seed = 0; seed < SEEDS; seed++) {
    choices.reset(seed)
    const nodes = Array.from({ length: choices.integer(1, 4) }, (_, i) =>
      node(`n${i}`, 'a', choices.integer(5, 30) * 100),
    )
    const kind = choices.pick(KINDS)
    const cpuMillis = choices.integer(2, 9) * 100
    const { cluster, create, scheduler } = stage(nodes, [specOf(kind, cpuMillis)])
    const pods = Array.from({ length: choices.integer(1, 14) }, () => create())
    scheduler.pass()
    const counts = nodes.map((_, row) => pods.filter((pod) => cluster.pods.node[pod] === row).length)
    // What the kind of pod admits, plainly: one more pod on a node that has `count` of them.
    const admits = (count: number): boolean =>
      kind === 'plain' || (kind === 'apart' ? count === 0 : count + 1 - Math.min(...counts) <= 1)
    counts.forEach((count, row) => {
      const at = `seed ${seed}, node ${row}`
      expect(count * cpuMillis, at).toBeLessThanOrEqual(nodes[row].cpuMillis)
      if (kind === 'apart') expect(count, at).toBeLessThanOrEqual(1)
      if (kind === 'even') expect(count - Math.min(...counts), at).toBeLessThanOrEqual(1)
    })
    for (const pod of pods.filter((each) => cluster.pods.node[each] === NONE)) {
      waiting++
      const fits = nodes.some((each, row) => (counts[row] + 1) * cpuMillis <= each.cpuMillis && admits(counts[row]))
      expect(fits, `seed ${seed}`).toBe(false)
      expect(explainUnschedulable(scheduler, pod)).toMatch(/^0\/\d nodes are available: \d .+\.$/)
    }
  }
  expect(waiting).toBeGreaterThan(SEEDS)
})
