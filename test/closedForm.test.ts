// What must come out where it can be worked out with a pencil: fixed timings, ideal surroundings.

import { describe, expect, test } from 'vitest'
import { createEngine } from '../src/engine/engine.ts'
import type { RunRow } from '../src/metrics/types.ts'
import { seconds, simpleScenario, type SimpleOptions } from './scenarios.ts'

function run(options: SimpleOptions): RunRow {
  const scenario = simpleScenario(options)
  return { ...createEngine(scenario, scenario.arms[0]).run(1).rows[0] }
}

/** Seconds of a list, by the index of the pod. */
function list(...values: number[]) {
  return { type: 'list' as const, entriesUs: values.map((value) => value * 1e6) }
}

describe('Recreate', () => {
  const options: SimpleOptions = {
    recreate: true,
    replicas: 4,
    endpointDelayUs: 1_250_000,
    timings: {
      'web:v1': { terminate: list(2, 3.5, 1, 3) },
      'web:v2': { pull: seconds(4), start: list(2, 1.5, 3, 2.25), ready: list(5, 4.123, 6, 9) },
    },
  }

  test('is down for the slowest termination, the fastest pull + start + ready, and the endpoint delay', () => {
    // The old endpoints leave the clients' view when their pods are gone plus the delay; until then nothing serves.
    const row = run(options)
    expect(row.downtimeSeconds).toBeCloseTo(3.5 + (4 + 1.5 + 4.123) + 1.25, 9)
    expect(row.lostRequests).toBeCloseTo(2000 * (3.5 + 9.623 + 1.25), 4)
    expect(row.outcome).toBe('complete')
    expect(row.versionOverlapSeconds).toBe(0)
    expect(row.minReadyPercent).toBe(0)
    expect(row.extraPodSeconds).toBe(0)
    expect(row.terminatingPodSeconds).toBeCloseTo(2 + 3.5 + 1 + 3, 9)
  })

  test('takes until the last new pod is ready', () => {
    // 3.5 until the old ones are gone, 4 to pull, then start + ready of the slowest: 2.25 + 9.
    expect(run(options).rolloutSeconds).toBeCloseTo(3.5 + 4 + 2.25 + 9, 9)
  })

  test('keeps the grace period: a pod that does not end is killed', () => {
    const row = run({
      ...options,
      graceSeconds: 2,
      timings: { ...options.timings, 'web:v1': { terminate: seconds(99) } },
    })
    expect(row.downtimeSeconds).toBeCloseTo(2 + 9.623 + 1.25, 9)
  })
})

describe('a surge-only rollout', () => {
  const slowStart = { start: seconds(2), ready: seconds(4), terminate: seconds(3) }
  const surge: SimpleOptions = { replicas: 10, maxSurge: 1, maxUnavailable: 0, timings: { '*': slowStart } }

  test('loses exactly nothing if preStop is longer than the endpoint delay', () => {
    const row = run({ ...surge, endpointDelayUs: 1_000_000, preStopSeconds: 5 })
    expect(row.lostRequests).toBe(0)
    expect(row.downtimeSeconds).toBe(0)
    expect(row.minReadyPercent).toBe(100)
    expect(row.peakPods).toBeGreaterThanOrEqual(12)
    expect(row.outcome).toBe('complete')
  })

  test('without preStop loses rate × Σ endpointDelay / view size', () => {
    // One pod at a time: 6 s for each, so terminations do not overlap. When a pod gets its mark, the pod that replaced
    // it has been Ready for no time at all: the view holds 10 endpoints for one delay, one of which does not serve.
    const row = run({ ...surge, endpointDelayUs: 1_000_000 })
    expect(row.lostRequests).toBeCloseTo((2000 * 10 * 1) / 10, 6)
    expect(row.downtimeSeconds).toBe(0)
    expect(row.rolloutSeconds).toBeCloseTo(10 * 6, 9)
    expect(row.extraPodSeconds).toBeCloseTo(10 * 6, 6)
    expect(row.degradedSeconds).toBe(0)
  })

  test('serves two versions side by side from the first new endpoint to the last old one', () => {
    const row = run(surge)
    expect(row.versionOverlapSeconds).toBeCloseTo(9 * 6, 6)
  })

  test('without a readiness probe loses what arrives before the application serves', () => {
    // Each of 3 replicas: Ready at start, serving 4 s later. All old ones are gone by then.
    const row = run({ ...surge, replicas: 1, probe: false, timings: { '*': { ...slowStart, terminate: seconds(0) } } })
    expect(row.lostRequests).toBeCloseTo(2000 * 4, 6)
    expect(row.downtimeSeconds).toBeCloseTo(4, 9)
  })
})

describe('a release that never becomes ready', () => {
  test('stops at the fence posts and misses its deadline once', () => {
    const row = run({ replicas: 10, timings: { 'web:v2': { ready: { type: 'never' } } }, horizonSeconds: 1500 })
    expect(row.outcome).toBe('deadlineExceeded')
    expect(row.deadlinesMissed).toBe(1)
    expect(row.rolloutSeconds).toBeNaN()
    expect(row.minReadyPercent).toBe(80)
    expect(row.peakPods).toBe(13)
    expect(row.lostRequests).toBe(0)
  })
})

describe('every run', () => {
  test('gives the same numbers for the same seed, whatever was run before', () => {
    const scenario = simpleScenario({
      timings: {
        '*': {
          start: { type: 'lognormal', medianUs: 2e6, p95Us: 6e6 },
          ready: { type: 'uniform', lowUs: 3e6, highUs: 9e6 },
        },
      },
      endpointDelayUs: 1_000_000,
    })
    const engine = createEngine(scenario, scenario.arms[0])
    const first = JSON.stringify(engine.run(7))
    engine.run(8)
    expect(JSON.stringify(engine.run(7))).toBe(first)
    expect(JSON.stringify(createEngine(scenario, scenario.arms[0]).run(7))).toBe(first)
    expect(JSON.stringify(engine.run(8))).not.toBe(first)
  })
})

describe('tables that are too small for a run', () => {
  test('grow, and change no number', () => {
    // Pods that take 10 minutes to end pile up: five rollouts of 10 pods end while the first is still terminating.
    const slow = { start: seconds(1), ready: seconds(1), terminate: seconds(3000) }
    const patch = (version: number) => ({
      spec: { template: { metadata: { annotations: { version: String(version) } } } },
    })
    const timeline = Array.from({ length: 30 }, (_, i) => ({
      atUs: (10 + 20 * i) * 1e6,
      op: 'patch' as const,
      workload: { kind: 'Deployment', name: 'web' },
      patch: patch(i),
    }))
    const row = run({ graceSeconds: 3600, timings: { '*': slow }, timeline, horizonSeconds: 1200 })
    expect(row.peakPods).toBeGreaterThan(300)
    expect(row.outcome).toBe('complete')
  })
})
