// Releases that Argo Rollouts carries out, where a pencil says what must come out: fixed timings, ideal surroundings.

import { describe, expect, test } from 'vitest'
import { createEngine } from '../src/engine/engine.ts'
import type { RunRow } from '../src/metrics/types.ts'
import type { CanaryStep, Strategy } from '../src/scenario/strategyTypes.ts'
import type { Step } from '../src/scenario/types.ts'
import { seconds, simpleScenario, type SimpleOptions } from './scenarios.ts'

const second = 1_000_000

function run(options: SimpleOptions): RunRow {
  const scenario = simpleScenario(options)
  return { ...createEngine(scenario, scenario.arms[0]).run(1).rows[0] }
}

function setImage(atSeconds: number, image: string): Step {
  return {
    atUs: atSeconds * second,
    op: 'setImage',
    workload: { kind: 'Deployment', name: 'web' },
    container: 'app',
    image,
  }
}

const timings = { '*': { start: seconds(2), ready: seconds(4), terminate: seconds(3) } }

function blueGreen(options: Partial<Extract<Strategy, { type: 'blueGreen' }>> = {}): Strategy {
  return {
    type: 'blueGreen',
    scaleDownDelayUs: 30 * second,
    promoteAfterUs: 0,
    previewReplicas: undefined,
    ...options,
  }
}

describe('blue-green', () => {
  test('runs everything twice from the release to the scale-down, and is then complete', () => {
    // 6 s until all green pods are Ready, 30 s of delay after the switch.
    const row = run({ strategy: blueGreen(), timings, endpointDelayUs: second })
    expect(row.outcome).toBe('complete')
    expect(row.rolloutSeconds).toBeCloseTo(6 + 30, 9)
    expect(row.extraPodSeconds).toBeCloseTo(10 * (6 + 30), 6)
    expect(row.peakPods).toBe(20)
    expect(row.terminatingPodSeconds).toBeCloseTo(10 * 3, 6)
  })

  test('never mixes versions, loses nothing, and is never below its strength', () => {
    const row = run({ strategy: blueGreen(), timings, endpointDelayUs: second })
    expect(row.versionOverlapSeconds).toBe(0)
    expect(row.lostRequests).toBe(0)
    expect(row.downtimeSeconds).toBe(0)
    expect(row.minReadyPercent).toBe(100)
  })

  test('promoted later, it runs twice for that much longer', () => {
    const row = run({ strategy: blueGreen({ promoteAfterUs: 120 * second }), timings })
    expect(row.rolloutSeconds).toBeCloseTo(6 + 120 + 30, 9)
    expect(row.extraPodSeconds).toBeCloseTo(10 * (6 + 120 + 30), 6)
  })

  test('a preview is small until the promotion', () => {
    // 2 pods for 6 + 120 s, then 10 for 6 + 30 s.
    const row = run({ strategy: blueGreen({ promoteAfterUs: 120 * second, previewReplicas: 2 }), timings })
    expect(row.outcome).toBe('complete')
    expect(row.extraPodSeconds).toBeCloseTo(2 * (6 + 120) + 10 * (6 + 30), 6)
  })

  test('a release that never becomes ready gets no request', () => {
    const bad = { ...timings, 'web:v2': { ready: { type: 'never' as const } } }
    const row = run({ strategy: blueGreen(), timings: bad, horizonSeconds: 1000 })
    expect(row.outcome).toBe('deadlineExceeded')
    expect(row.lostRequests).toBe(0)
    expect(row.minReadyPercent).toBe(100)
  })

  test('back to the old version before its pods are gone is a switch at once', () => {
    // Released at 10 s, switched at 16 s, taken back at 30 s: blue is still there, green goes 30 s later.
    const row = run({ strategy: blueGreen(), timings, timeline: [setImage(10, 'web:v2'), setImage(30, 'web:v1')] })
    expect(row.outcome).toBe('complete')
    expect(row.rolloutSeconds).toBeCloseTo(20 + 30, 9)
    expect(row.lostRequests).toBe(0)
    expect(row.peakPods).toBe(20)
  })

  test('with latency of the API it comes to the same, a little later', () => {
    const row = run({ strategy: blueGreen(), timings, apiWriteUs: 10_000 })
    expect(row.outcome).toBe('complete')
    expect(row.lostRequests).toBe(0)
    expect(row.rolloutSeconds).toBeGreaterThan(35)
    expect(row.rolloutSeconds).toBeLessThan(37)
  })
})

describe('a canary', () => {
  const pause: CanaryStep = { type: 'pause', us: 120 * second }
  const weight = (percent: number): CanaryStep => ({ type: 'setWeight', weight: percent })
  const canary = (...steps: CanaryStep[]): Strategy => ({
    type: 'canary',
    steps,
    maxSurge: undefined,
    maxUnavailable: undefined,
  })

  test('mixes versions while it pauses, and no pod is extra that the weight does not ask for', () => {
    const row = run({
      strategy: canary(weight(20), pause),
      timings,
      maxSurge: '100%',
      maxUnavailable: 0,
      horizonSeconds: 600,
    })
    expect(row.outcome).toBe('complete')
    // 2 pods in 6 s, the pause, then the other 8 in 6 s; the surge lasts only while pods start.
    expect(row.rolloutSeconds).toBeCloseTo(6 + 120 + 6, 9)
    expect(row.versionOverlapSeconds).toBeCloseTo(120 + 6, 6)
    expect(row.extraPodSeconds).toBeCloseTo(2 * 6 + 8 * 6, 6)
    expect(row.minReadyPercent).toBe(100)
  })

  test('goes through its steps one after another', () => {
    const row = run({
      strategy: canary(weight(20), pause, weight(50), pause),
      timings,
      maxSurge: '100%',
      maxUnavailable: 0,
    })
    expect(row.rolloutSeconds).toBeCloseTo(6 + 120 + 6 + 120 + 6, 9)
  })

  test('a second release in the middle begins its steps anew and ends alone', () => {
    const row = run({
      strategy: canary(weight(20), pause),
      timings,
      maxSurge: '100%',
      maxUnavailable: 0,
      timeline: [setImage(10, 'web:v2'), setImage(60, 'web:v3')],
    })
    expect(row.outcome).toBe('complete')
    expect(row.rolloutSeconds).toBeCloseTo(50 + 6 + 120 + 6, 9)
  })

  test('back to the stable version skips the steps', () => {
    const row = run({
      strategy: canary(weight(50), pause),
      timings,
      maxSurge: '100%',
      maxUnavailable: 0,
      timeline: [setImage(10, 'web:v2'), setImage(60, 'web:v1')],
    })
    expect(row.outcome).toBe('complete')
    expect(row.rolloutSeconds).toBeCloseTo(50 + 6, 9)
  })

  test('an analysis passes where clients lose nothing', () => {
    const analysis: CanaryStep = {
      type: 'analysis',
      rule: { op: '<=', share: 0.01 },
      intervalUs: 10 * second,
      count: 6,
      failureLimit: 0,
    }
    const row = run({
      strategy: canary(weight(20), analysis),
      timings,
      maxSurge: '100%',
      maxUnavailable: 0,
      preStopSeconds: 5,
    })
    expect(row.outcome).toBe('complete')
    expect(row.rolloutSeconds).toBeCloseTo(6 + 60 + 6, 9)
  })
})
