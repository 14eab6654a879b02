// Random failures played by the engine: drawn beforehand, the same in every arm, and costing what a pencil says.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createEngine, Player } from '../src/engine/engine.ts'
import type { PlannedFault } from '../src/engine/faults.ts'
import type { RunRow } from '../src/metrics/types.ts'
import { compileModel } from '../src/model/compile.ts'
import { loadScenario } from '../src/scenario/load.ts'
import type { FaultSpec, Scenario } from '../src/scenario/types.ts'
import { seconds, simpleScenario, type SimpleOptions } from './scenarios.ts'

const second = 1_000_000
const eachOf = (...names: string[]) => names.map((name) => ({ name, nodes: [name] }))

function withFaults(options: SimpleOptions, ...faults: FaultSpec[]): Scenario {
  return { ...simpleScenario(options), faults }
}

function play(scenario: Scenario, seed = 1): { row: RunRow; planned: readonly PlannedFault[] } {
  const player = new Player(compileModel(scenario, scenario.arms[0]))
  player.run(seed)
  const row = { ...createEngine(scenario, scenario.arms[0]).run(seed).rows[0] }
  return { row, planned: player.machine.faults?.planned ?? [] }
}

const crash: FaultSpec = {
  type: 'nodeCrash',
  groups: eachOf('node-01', 'node-02', 'node-03'),
  mtbfUs: 120 * second,
  repair: { type: 'exponential', meanUs: 20 * second },
}

describe('failures of nodes', () => {
  test('come at the same instants whatever the arm does, and at others for another seed', () => {
    const rolling = play(withFaults({ timings: { '*': { ready: seconds(5) } } }, crash)).planned
    const recreate = play(withFaults({ recreate: true, replicas: 7 }, crash)).planned
    expect(rolling.length).toBeGreaterThan(6)
    expect(recreate).toEqual(rolling)
    expect(play(withFaults({}, crash), 2).planned).not.toEqual(rolling)
  })

  test('stay where they are when failures of another kind, or of another node, are added', () => {
    const partition: FaultSpec = { ...crash, type: 'partition' }
    const alone = play(withFaults({}, crash)).planned
    const both = play(withFaults({}, partition, crash)).planned
    expect(both.filter((fault) => 'cause' in fault && fault.cause === 'crash')).toEqual(alone)
    const one: FaultSpec = { ...crash, groups: eachOf('node-02') }
    expect(play(withFaults({}, one)).planned).toEqual(alone.filter(({ node }) => node === 1))
  })

  test('may be announced: the node is drained first, goes down when the notice is over, and takes pods when it is back', () => {
    const noticeUs = 120 * second
    const one: FaultSpec = { ...crash, groups: eachOf('node-02'), mtbfUs: 60 * second, noticeUs }
    const { planned } = play(withFaults({ horizonSeconds: 3_000 }, one))
    expect(planned.length).toBeGreaterThan(8)
    const round = ['drain', 'begin', 'end', 'uncordon']
    expect(planned.slice(0, 8).map(({ type }) => type)).toEqual([...round, ...round])
    for (let i = 0; i + 3 < planned.length; i += 4) {
      expect(planned[i + 1].atUs - planned[i].atUs).toBe(noticeUs)
      expect(planned[i + 3].atUs).toBe(planned[i + 2].atUs)
    }
  })

  test('with a notice that is long enough cost no request where a surge of pods has room, without one they do', () => {
    const lost = (noticeUs: number): number => {
      const one: FaultSpec = { ...crash, groups: eachOf('node-02'), mtbfUs: 100 * second, noticeUs }
      const timings = { '*': { ready: seconds(2), terminate: seconds(5) } }
      const options: SimpleOptions = { timings, replicas: 6, preStopSeconds: 5, timeline: [], horizonSeconds: 600 }
      return play(withFaults(options, one)).row.lostRequests
    }
    expect(lost(0)).toBeGreaterThan(0)
    expect(lost(120 * second)).toBe(0)
  })

  test('lie between the first step and the horizon', () => {
    const scenario = withFaults({ horizonSeconds: 100 }, { ...crash, mtbfUs: 5 * second })
    const { windowStartUs, horizonUs } = compileModel(scenario, scenario.arms[0])
    const times = play(scenario).planned.map(({ atUs }) => atUs)
    expect(times.length).toBeGreaterThan(5)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(windowStartUs)
    expect(Math.max(...times)).toBeLessThanOrEqual(horizonUs)
  })

  test('take the nodes of a zone together', () => {
    const zone: FaultSpec = {
      type: 'zoneOutage',
      groups: [{ name: 'east', nodes: ['node-01', 'node-03'] }],
      mtbfUs: 100 * second,
      repair: seconds(10),
    }
    const { planned } = play(withFaults({}, zone))
    expect(planned.length % 2).toBe(0)
    for (let i = 0; i < planned.length; i += 2) {
      expect([planned[i].node, planned[i + 1].node]).toEqual([0, 2])
      expect(planned[i].atUs).toBe(planned[i + 1].atUs)
    }
  })
})

describe('with one node and one pod', () => {
  const quiet: SimpleOptions = {
    nodes: 1,
    replicas: 1,
    timings: { '*': { start: seconds(2), ready: seconds(3) } },
    timeline: [{ atUs: 0, op: 'scale', workload: { kind: 'Deployment', name: 'web' }, replicas: 1 }],
    horizonSeconds: 3_000,
  }
  const outage = { groups: eachOf('node-01'), mtbfUs: 500 * second, repair: seconds(20) }
  /** Outages that begin and end within the run. */
  const outagesOf = (planned: readonly PlannedFault[]) => planned.filter(({ type }) => type === 'end').length

  test('a crash costs the repair and the start of the containers', () => {
    const { row, planned } = play(withFaults(quiet, { type: 'nodeCrash', ...outage }))
    expect(outagesOf(planned)).toBeGreaterThan(2)
    // One that comes while the containers still start cuts that short.
    const downs = planned.filter(({ type }) => type === 'begin').map(({ atUs }) => atUs / second)
    const lengths = downs.map((at, i) => Math.min(20 + 2 + 3, (downs[i + 1] ?? Infinity) - at))
    expect(row.downtimeSeconds).toBeCloseTo(
      lengths.reduce((sum, length) => sum + length, 0),
      6,
    )
  })

  test('a partition costs its length: the containers go on', () => {
    const { row, planned } = play(withFaults(quiet, { type: 'partition', ...outage }))
    expect(row.downtimeSeconds).toBeCloseTo(outagesOf(planned) * 20, 6)
    expect(row.degradedSeconds).toBe(0)
  })

  test('a restart of the kubelet costs nothing', () => {
    const { row, planned } = play(withFaults(quiet, { type: 'kubeletRestart', ...outage }))
    expect(outagesOf(planned)).toBeGreaterThan(2)
    expect(row.downtimeSeconds).toBe(0)
    expect(row.lostRequests).toBe(0)
  })

  test('a crash inside a partition is over when both are', () => {
    const { row } = play(
      withFaults(quiet, { type: 'partition', ...outage, mtbfUs: 200 * second }, { type: 'nodeCrash', ...outage }),
    )
    expect(row.downtimeSeconds).toBeGreaterThan(40)
    expect(row.outcome).not.toBe('deadlineExceeded')
  })

  test('a pod that crashes is away until it is ready again, and counts as not Ready', () => {
    const { row } = play(withFaults(quiet, { type: 'podCrash', mtbfUs: 300 * second }))
    const crashes = Math.round(row.downtimeSeconds / 5)
    expect(crashes).toBeGreaterThan(3)
    expect(row.downtimeSeconds).toBeCloseTo(crashes * 5, 6)
    expect(row.degradedSeconds).toBeCloseTo(crashes * 5, 6)
  })

  test('pods of another workload do not crash', () => {
    const other: FaultSpec = { type: 'podCrash', workload: { kind: 'Deployment', name: 'web' }, mtbfUs: 300 * second }
    expect(play(withFaults(quiet, other)).row.downtimeSeconds).toBeGreaterThan(0)
  })
})

test('drains go from node to node, and back to the first', () => {
  const drain: FaultSpec = {
    type: 'drain',
    nodes: ['node-01', 'node-02'],
    firstUs: 60 * second,
    everyUs: 120 * second,
    times: 3,
    uncordonAfterUs: 90 * second,
  }
  const { row, planned } = play(withFaults({ timings: { '*': { ready: seconds(5) } }, timeline: [] }, drain))
  const fromZero = planned.map(({ type, node, atUs }) => [type, node, Math.round(atUs / second) - 601])
  expect(fromZero).toEqual([
    ['drain', 0, 60],
    ['uncordon', 0, 150],
    ['drain', 1, 180],
    ['uncordon', 1, 270],
    ['drain', 0, 300],
    ['uncordon', 0, 390],
  ])
  expect(row.terminatingPodSeconds).toBe(0)
  expect(row.degradedSeconds).toBeGreaterThan(0)
})

test('a run is the same as before when no fault ever comes', () => {
  const options: SimpleOptions = { timings: { '*': { ready: { type: 'exponential', meanUs: 5 * second } } } }
  const never: FaultSpec = { ...crash, mtbfUs: 1e15 }
  const plain = simpleScenario(options)
  expect(new Player(compileModel(plain, plain.arms[0])).machine.faults).toBeUndefined()
  expect(play(withFaults(options, never, { type: 'podCrash', mtbfUs: 1e15 })).row).toEqual(play(plain).row)
})

test('the same seed gives the same run', () => {
  const scenario = withFaults({ replicas: 9 }, crash, { type: 'podCrash', mtbfUs: 100 * second })
  const engine = createEngine(scenario, scenario.arms[0])
  const first = { ...engine.run(3).rows[0] }
  engine.run(4)
  expect({ ...engine.run(3).rows[0] }).toEqual(first)
})

test('all kinds of failures together play to the end, and no pod gets lost', () => {
  const file = fileURLToPath(new URL('sweep/allFaults.yaml', import.meta.url))
  const { scenario } = loadScenario({ file, text: readFileSync(file, 'utf8'), readFile: () => '' })
  const player = new Player(compileModel(scenario, scenario.arms[0]))
  for (let seed = 1; seed <= 40; seed++) {
    player.run(seed)
    const { pods } = player.machine.cluster
    expect(pods.created - pods.deleted).toBe(pods.count)
    expect(player.machine.faults?.planned.length).toBeGreaterThan(10)
  }
})
