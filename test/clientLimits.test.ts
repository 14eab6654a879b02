// What the rate limits of the controllers' clients do to a rollout, where a pencil says what must come out.

import { describe, expect, test } from 'vitest'
import { NONE } from '../src/base/columns.ts'
import { Player } from '../src/engine/engine.ts'
import { compileModel } from '../src/model/compile.ts'
import type { ClientLimits, Scenario, Step } from '../src/scenario/types.ts'
import { seconds, simpleScenario, type SimpleOptions } from './scenarios.ts'

const second = 1_000_000
const LIMITS: ClientLimits = {
  controllerManager: { perSecond: 20, burst: 30 },
  kubectl: { perSecond: 5, burst: 10 },
}

function limited(options: SimpleOptions, limits: ClientLimits | 'none' = LIMITS): Scenario {
  const scenario = simpleScenario({ timeline: [], horizonSeconds: 900, ...options })
  return { ...scenario, surroundings: { ...scenario.surroundings, ...(limits !== 'none' && { clientLimits: limits }) } }
}

/** Times at which the number of pods that fulfil something changed, microseconds from the creation of the objects. */
function watchCounts(scenario: Scenario, count: (player: Player) => number): { atUs: number; count: number }[] {
  const seen: { atUs: number; count: number }[] = []
  const player = new Player(compileModel(scenario, scenario.arms[0]), (atUs) => {
    const now = count(player)
    if (now !== (seen.at(-1)?.count ?? 0)) seen.push({ atUs, count: now })
  })
  player.run(1)
  return seen
}

function existing({ machine }: Player): number {
  const { pods } = machine.cluster
  let count = 0
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) count++
  return count
}

function alive({ machine }: Player): number {
  const { pods } = machine.cluster
  let count = 0
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) if (pods.deletionMark[pod] === 0) count++
  return count
}

describe('a ReplicaSet of 100 pods', () => {
  test('has them after 70/20 = 3.5 s: the first 30 at once, then one every 50 ms', () => {
    const seen = watchCounts(limited({ replicas: 100 }), existing)
    const firstUs = seen[0].atUs
    expect(seen[0].count).toBe(30)
    expect(seen.at(-1)).toEqual({ atUs: firstUs + 3.5 * second, count: 100 })
    expect(seen.slice(1, 4).map(({ atUs }) => atUs - firstUs)).toEqual([50_000, 100_000, 150_000])
  })

  test('has them at once without a limit', () => {
    expect(watchCounts(limited({ replicas: 100 }, 'none'), existing)).toHaveLength(1)
  })

  test('with latency as well: batches of 1, 2, 4, … wait for their answers, and for their tokens', () => {
    const seen = watchCounts(limited({ replicas: 100, apiWriteUs: 10_000 }), existing)
    const firstUs = seen[0].atUs
    // 1, 2, 4, 8 and 16 after 0, 10, 20, 30 and 40 ms. Of these 31 the bucket of 30 and the 0.8 tokens of 40 ms pay 30;
    // the 31st waits for 10 ms. The other 69 wait for 69 tokens more.
    expect(seen.slice(0, 4).map(({ atUs, count }) => [atUs - firstUs, count])).toEqual([
      [0, 1],
      [10_000, 3],
      [20_000, 7],
      [30_000, 15],
    ])
    expect(seen.at(-1)).toEqual({ atUs: firstUs + 3.5 * second, count: 100 })
  })
})

describe('taint-based eviction of 50 pods', () => {
  const nodeDown: Step = { atUs: 10 * second, op: 'nodeDown', node: 'node-01' }

  test('takes 6.0 s for 150 calls: of each pod one that reads it, one for its condition, one that deletes it', () => {
    const lengthUs = (limits: ClientLimits | 'none') => {
      const scenario = limited({ replicas: 150, nodes: 3, timeline: [nodeDown] }, limits)
      const marked = watchCounts(scenario, (player) => existing(player) - alive(player)).filter(
        ({ count }) => count > 0,
      )
      const last = marked.find(({ count }) => count === 50)
      // The first deletion is the third call; without a limit it is at the same instant as the last one.
      return (last?.atUs ?? NaN) - marked[0].atUs
    }
    expect(lengthUs(LIMITS)).toBe(6 * second)
    expect(lengthUs('none')).toBe(0)
  })
})

describe('kubectl drain of 50 pods', () => {
  const drain: Step = { atUs: 10 * second, op: 'drain', node: 'node-01' }

  test('sends the last eviction (50 - 10) / 5 = 8 s after the first', () => {
    const times = (limits: ClientLimits | 'none') => {
      const timings = { '*': { terminate: seconds(30) } }
      const scenario = limited({ replicas: 50, nodes: 1, timeline: [drain], timings }, limits)
      const marked = watchCounts(scenario, (player) => existing(player) - alive(player)).filter(
        ({ count }) => count > 0,
      )
      const fifty = marked.find(({ count }) => count === 50)
      return (fifty?.atUs ?? NaN) - marked[0].atUs
    }
    expect(times(LIMITS)).toBe(8 * second)
    expect(times('none')).toBe(0)
  })
})
