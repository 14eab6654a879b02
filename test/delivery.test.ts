// Releases that Argo Rollouts or people carry out, where a pencil says what must come out: fixed timings, ideal surroundings.

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
    expect(row.recoverySeconds).toBeNaN()
  })

  test('an analysis that fails returns to the stable version in the same run', () => {
    // Without preStop the 2 pods that make room get 2 of 10 requests for one more second: 2 % of the first interval.
    const steps = (failureLimit: number): Strategy =>
      canary(weight(20), {
        type: 'analysis',
        rule: { op: '<=', share: 0.01 },
        intervalUs: 10 * second,
        count: 6,
        failureLimit,
      })
    const options = { timings, maxSurge: '100%', maxUnavailable: 0, endpointDelayUs: second } as const
    const strict = run({ ...options, strategy: steps(0) })
    expect(strict.outcome).toBe('aborted')
    expect(strict.rolloutSeconds).toBeNaN()
    // 6 s until the canary is there, one interval, 6 s until the stable version has its pods back.
    expect(strict.recoverySeconds).toBeCloseTo(6 + 10 + 6, 9)
    expect(strict.minReadyPercent).toBe(100)
    const lenient = run({ ...options, strategy: steps(1) })
    expect(lenient.outcome).toBe('complete')
    expect(lenient.recoverySeconds).toBeNaN()
  })
})

const never = { type: 'never' } as const
const fullSurge = { timings, maxSurge: '100%', maxUnavailable: 0 } as const

describe('pods deleted by hand', () => {
  test('one by one, each when all are Ready again: as many times the start as there are pods', () => {
    const row = run({
      ...fullSurge,
      strategy: { type: 'byHand', intervalUs: 0, waitReady: true },
      endpointDelayUs: second,
    })
    expect(row.outcome).toBe('complete')
    expect(row.rolloutSeconds).toBeCloseTo(10 * 6, 9)
    expect(row.minReadyPercent).toBe(90)
    expect(row.degradedSeconds).toBeCloseTo(10 * 6, 6)
    // Nobody takes the pod out of the view before it stops: it gets its share for one delay. The first is one of ten;
    // of each next one's view the newest pod is not yet a part, so it is one of nine.
    expect(row.lostRequests).toBeCloseTo(2000 * (1 / 10 + 9 / 9), 4)
    expect(row.downtimeSeconds).toBe(0)
  })

  test('at an interval shorter than a start, several are missing at a time', () => {
    // 2 s apart, 6 s to come back: 3 are missing.
    const row = run({ ...fullSurge, strategy: { type: 'byHand', intervalUs: 2 * second, waitReady: false } })
    expect(row.rolloutSeconds).toBeCloseTo(9 * 2 + 6, 9)
    expect(row.minReadyPercent).toBe(70)
  })

  test('all at once is an outage of one start', () => {
    const row = run({ ...fullSurge, strategy: { type: 'deleteAllPods', intervalUs: 0, waitReady: false } })
    expect(row.outcome).toBe('complete')
    expect(row.rolloutSeconds).toBeCloseTo(6, 9)
    expect(row.downtimeSeconds).toBeCloseTo(6, 9)
    expect(row.versionOverlapSeconds).toBe(0)
  })
})

describe('a rollback', () => {
  const rollback = (options: Partial<Extract<Strategy, { type: 'rollback' }>>): Strategy => ({
    type: 'rollback',
    detection: { type: 'after', delay: seconds(60) },
    decide: seconds(120),
    by: 'undo',
    pipeline: seconds(0),
    ...options,
  })

  test('by undo takes detect + decide + rollout', () => {
    const row = run({ ...fullSurge, strategy: rollback({}) })
    expect(row.outcome).toBe('complete')
    expect(row.recoverySeconds).toBeCloseTo(60 + 120 + 6, 9)
  })

  test('by pipeline takes the pipeline longer', () => {
    const row = run({
      ...fullSurge,
      horizonSeconds: 900,
      strategy: rollback({ by: 'pipeline', pipeline: seconds(480) }),
    })
    expect(row.recoverySeconds).toBeCloseTo(60 + 120 + 480 + 6, 9)
  })

  test('of a release that stands still is over when it is written: the old pods are all there', () => {
    const row = run({
      ...fullSurge,
      strategy: rollback({}),
      timings: { ...timings, 'web:v2': { ready: never } },
    })
    expect(row.recoverySeconds).toBeCloseTo(60 + 120, 9)
    expect(row.minReadyPercent).toBe(100)
  })

  test('that waits for the progress deadline waits for 600 s, as whole seconds count', () => {
    const row = run({
      ...fullSurge,
      strategy: rollback({ detection: { type: 'progressDeadline' }, decide: seconds(0) }),
      timings: { ...timings, 'web:v2': { ready: never } },
      horizonSeconds: 900,
    })
    expect(row.deadlinesMissed).toBe(1)
    expect(row.recoverySeconds).toBeGreaterThanOrEqual(600)
    expect(row.recoverySeconds).toBeLessThan(603)
  })

  test('on an alarm comes after the rule has held for its time', () => {
    // Recreate with a version that never serves: all is lost from 3 s on; looked at every 15 s, bad at 15 s for 30 s.
    const row = run({
      recreate: true,
      strategy: rollback({
        detection: { type: 'errorRate', rule: { op: '>', share: 0.05 }, forUs: 30 * second, intervalUs: 15 * second },
        decide: seconds(5),
      }),
      timings: { ...timings, 'web:v2': { start: seconds(2), ready: never, terminate: seconds(0) } },
    })
    // 15 + 30 + 5 until the undo; the bad pods go at once, the old version starts in 6 s.
    expect(row.recoverySeconds).toBeCloseTo(50 + 6, 9)
    expect(row.downtimeSeconds).toBeCloseTo(50 + 6, 9)
  })

  test('nothing is noticed where nothing is wrong', () => {
    const row = run({
      ...fullSurge,
      strategy: rollback({
        detection: { type: 'errorRate', rule: { op: '>', share: 0.05 }, forUs: 0, intervalUs: 15 * second },
      }),
    })
    expect(row.rolloutSeconds).toBeCloseTo(6, 9)
    expect(row.recoverySeconds).toBeNaN()
  })
})
