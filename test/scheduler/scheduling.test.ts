// The scheduler's attempts, queues and preemption on clusters small enough to follow by hand.

import { describe, expect, it, test } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import { DeletionReason } from '../../src/cluster/codes.ts'
import { bindPod, removePod } from '../../src/cluster/podWrites.ts'
import { explainUnschedulable } from '../../src/scheduler/explain.ts'
import { Scorer } from '../../src/scheduler/nodeScores.ts'
import { NodePicker } from '../../src/scheduler/pickNode.ts'
import type { ImageStates } from '../../src/scheduler/plugins/imageLocality.ts'
import { nodesToFind } from '../../src/scheduler/scheduleOne.ts'
import { container, node, stage } from './stage.ts'

test('seven pods of a ReplicaSet get the scores and the nodes that the real scheduler gave them', () => {
  const nodes = [node('n0', 'a'), node('n1', 'a'), node('n2', 'b')]
  const images: ImageStates = { sizeBytes: () => 600 * 1024 ** 2, isOnNode: (_, row) => row === 2 }
  const { cluster, create, scheduler } = stage(nodes, [{ containers: [container('500m')] }], images)
  const { cache, one } = scheduler
  expect([...cache.tree.order]).toEqual([0, 2, 1])
  // Fit, spread and totals of n0, n1, n2, and the node that was chosen: measured with 1.36.3.
  const rows = [
    [[90, 90, 90], [200, 200, 200], [663, 663, 681], 2],
    [[90, 90, 81], [200, 200, 132], [663, 663, 604], 0],
    [[81, 90, 81], [154, 200, 154], [608, 663, 626], 1],
    [[81, 81, 81], [180, 180, 200], [634, 634, 672], 2],
    [[81, 81, 71], [200, 200, 166], [654, 654, 628], 0],
    [[71, 81, 71], [184, 200, 200], [628, 654, 662], 2],
    [[71, 81, 62], [186, 200, 160], [630, 654, 613], 1],
  ] as const
  for (const [fit, spread, totals, chosen] of rows) {
    const pod = create()
    const at = one.schedulePod(pod, 'first', 0)
    const inOrder = (column: Float64Array): number[] => nodes.map((_, row) => column[one.feasible.indexOf(row)])
    expect(inOrder(one.scores.columns[Scorer.NodeResourcesFit])).toEqual(fit)
    expect(inOrder(one.scores.columns[Scorer.PodTopologySpread])).toEqual(spread)
    expect(inOrder(one.scores.totals)).toEqual(totals)
    expect(at).toBe(chosen)
    scheduler.queue.remove(pod)
    bindPod(cluster, pod, at)
  }
})

test.each([
  [1, 1],
  [99, 99],
  [100, 100],
  [240, 117],
  [1000, 420],
  [5000, 500],
  [15_000, 750],
])('of %i nodes %i feasible ones are enough', (nodes, wanted) => {
  expect(nodesToFind(nodes)).toBe(wanted)
})

describe('the choice among equals', () => {
  const picker = new NodePicker(8)
  it.each([
    [[5, 5, 5], 0],
    [[1, 5, 5], 1],
    [[1, 1, 5, 5], 3],
    [[1, 1, 1, 1, 1, 1, 9], 6],
  ])('is the top of a heap: of %j place %i', (totals, place) => {
    expect(picker.pick(Float64Array.from(totals), totals.length, 'first', 0.9)).toBe(place)
  })
  it('or any of them, by the number drawn', () => {
    const totals = Float64Array.from([7, 1, 7, 7])
    expect([0.1, 0.5, 0.99].map((u) => picker.pick(totals, 4, 'random', u))).toEqual([0, 2, 3])
  })
})

describe('a pod that fits nowhere', () => {
  it('waits in the pool, says why, and is placed at once when a pod goes', () => {
    const { cluster, create, scheduler } = stage([node('n0', 'a', 1000)], [{ containers: [container('600m')] }])
    const [first, second] = [create(), create()]
    scheduler.pass()
    expect([cluster.pods.node[first], cluster.pods.node[second]]).toEqual([0, NONE])
    expect(scheduler.queue.waiting).toBe(1)
    expect(explainUnschedulable(scheduler, second)).toBe('0/1 nodes are available: 1 Insufficient cpu.')
    removePod(cluster, first, 0, DeletionReason.Step)
    expect(scheduler.wantsPass()).toBe(true)
    scheduler.pass()
    expect(cluster.pods.node[second]).toBe(0)
  })

  it('is not woken by what cannot help: a pod that is bound, a deletion mark', () => {
    const { cluster, create, scheduler } = stage([node('n0', 'a', 1000)], [{ containers: [container('600m')] }])
    const [first] = [create(), create()]
    scheduler.pass()
    removePod(cluster, first, 30, DeletionReason.Step)
    expect(scheduler.wantsPass()).toBe(false)
  })

  it('is tried again after five minutes in the pool at the latest', () => {
    const { cluster, create, scheduler } = stage([node('n0', 'a', 100)], [{ containers: [container('600m')] }])
    create()
    scheduler.pass()
    cluster.nowUs = 300_000_000
    scheduler.queue.flushPool()
    expect(scheduler.wantsPass()).toBe(false)
    cluster.nowUs = 330_000_000
    scheduler.queue.flushPool()
    expect(scheduler.wantsPass()).toBe(true)
  })
})

describe('a pod of higher priority', () => {
  const low = { containers: [container('600m')], priority: 0 }
  it('takes the place of a lesser one, which ends with its own grace', () => {
    const { cluster, create, scheduler } = stage([node('n0', 'a', 1000)], [low, { ...low, priority: 100 }])
    const victim = create(0)
    scheduler.pass()
    const pod = create(1)
    scheduler.pass()
    scheduler.fire(34, 34 | (cluster.pods.uid[pod] << 8), pod)
    expect(cluster.pods.deletionMark[victim]).toBe(1)
    expect(cluster.pods.disruptionTarget[victim]).toBe(1)
    expect(cluster.pods.node[pod]).toBe(NONE)
    removePod(cluster, victim, 0, DeletionReason.None)
    scheduler.pass()
    expect(cluster.pods.node[pod]).toBe(0)
  })

  it('takes nothing from its equals', () => {
    const { cluster, create, scheduler } = stage([node('n0', 'a', 1000)], [low])
    const first = create()
    scheduler.pass()
    create()
    scheduler.pass()
    expect(cluster.pods.deletionMark[first]).toBe(0)
  })
})

test('two pods with one host port need two nodes', () => {
  const ports = [{ containerPort: 80, hostPort: 8080 }]
  const spec = { containers: [container('100m', '1Gi', { ports })] }
  const { cluster, create, scheduler } = stage([node('n0', 'a'), node('n1', 'a')], [spec])
  const pods = [create(), create(), create()]
  scheduler.pass()
  expect(pods.map((pod) => cluster.pods.node[pod]).sort((a, b) => a - b)).toEqual([NONE, 0, 1])
  const last = pods.find((pod) => cluster.pods.node[pod] === NONE)!
  expect(explainUnschedulable(scheduler, last)).toBe(
    "0/2 nodes are available: 2 node(s) didn't have free ports for the requested pod ports.",
  )
})
