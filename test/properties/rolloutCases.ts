// Random rollouts of one Deployment for properties and oracles: strategies, timings, probes, bad releases, and what people
// and machines do meanwhile. Times are odd numbers of microseconds, so that different causes seldom meet in one instant.

import fc from 'fast-check'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import type { JsonObject } from '../../src/manifest/types.ts'
import type { ImageTimings, Scenario, Step } from '../../src/scenario/types.ts'
import { simpleScenario } from '../scenarios.ts'

/** What a step does, without its time. `place` chooses a node or a pod. */
export type CaseStep =
  | { readonly op: 'image'; readonly version: number }
  | { readonly op: 'scale'; readonly replicas: number }
  | { readonly op: 'pause' | 'resume' | 'restart' | 'undo' | 'delete' }
  | { readonly op: 'deletePod'; readonly place: number; readonly force: boolean }
  | { readonly op: 'nodeDown' | 'nodeUp' | 'cordon' | 'uncordon' | 'drain'; readonly place: number }

/** Draws of one image in milliseconds, taken cyclically; -1 is never. */
export interface CaseTimings {
  readonly pull: number
  readonly start: readonly number[]
  readonly ready: readonly number[]
  readonly terminate: readonly number[]
}

export interface RolloutCase {
  readonly replicas: number
  readonly recreate: boolean
  readonly maxSurge: number | string
  readonly maxUnavailable: number | string
  readonly minReadySeconds: number
  readonly probe: boolean
  readonly preStopSeconds: number
  readonly graceSeconds: number
  readonly deadlineSeconds: number
  readonly endpointDelayUs: number
  readonly apiWriteUs: number
  readonly nodes: number
  /** Pods that fit on one node. */
  readonly podsPerNode: number
  /** Of web:v1, web:v2 and web:v3. */
  readonly images: readonly CaseTimings[]
  /** The step at 10 s. */
  readonly first: CaseStep
  readonly steps: readonly { readonly gapMs: number; readonly step: CaseStep }[]
  readonly horizonSeconds: number
}

export interface CaseLimits {
  /** Steps after the first change of the image. */
  readonly steps: readonly CaseStep['op'][]
  readonly replicasMax: number
}

/** Everything that one Deployment can meet. */
export const EVERY_STEP: readonly CaseStep['op'][] = [
  'image',
  'scale',
  'pause',
  'resume',
  'restart',
  'undo',
  'delete',
  'deletePod',
  'nodeDown',
  'nodeUp',
  'cordon',
  'uncordon',
  'drain',
]

const draws = (low: number, high: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 6 })

const images: fc.Arbitrary<CaseTimings> = fc.record({
  pull: fc.integer({ min: 0, max: 5000 }),
  start: draws(0, 4000),
  ready: draws(0, 9000),
  terminate: draws(0, 12_000),
})

/** Now and then some or all pods of a release never become ready. */
const release: fc.Arbitrary<CaseTimings> = fc
  .tuple(images, fc.integer({ min: 0, max: 9 }))
  .map(([timings, luck]) => (luck > 1 ? timings : { ...timings, ready: luck === 0 ? [-1] : [...timings.ready, -1] }))

const fence = fc.constantFrom<number | string>(0, 1, 2, 3, '25%', '34%', '50%', '100%')

/** Random rollouts within limits. */
export function rolloutCases({ steps, replicasMax }: CaseLimits): fc.Arbitrary<RolloutCase> {
  const step = fc.nat(Math.max(0, steps.length - 1)).chain((i) => caseStep(steps[i], replicasMax))
  const gapMs = fc.integer({ min: 0, max: 40_000 })
  const list = fc.array(fc.record({ gapMs, step }), { maxLength: steps.length === 0 ? 0 : 6 })
  return fc
    .record({
      replicas: fc.integer({ min: 0, max: replicasMax }),
      recreate: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      maxSurge: fence,
      maxUnavailable: fence,
      minReadySeconds: fc.constantFrom(0, 0, 0, 2, 7),
      probe: fc.boolean(),
      preStopSeconds: fc.constantFrom(0, 0, 1, 4),
      graceSeconds: fc.constantFrom(2, 8, 30),
      deadlineSeconds: fc.constantFrom(10, 30, 600),
      endpointDelayUs: fc.constantFrom(0, 1_000_000, 1_234_567, 9_000_001),
      apiWriteUs: fc.constantFrom(0, 0, 1, 25_000),
      nodes: fc.integer({ min: 1, max: 4 }),
      podsPerNode: fc.constantFrom(4, 500, 500),
      images: fc.tuple(images, release, release),
      first: fc
        .nat(9)
        .chain((n) => (n === 0 && steps.length > 0 ? step : fc.constant({ op: 'image' as const, version: 2 }))),
      steps: list,
      horizonSeconds: fc.integer({ min: 40, max: 500 }),
    })
    .map((drawn) => ({
      ...drawn,
      maxUnavailable: isZero(drawn.maxSurge) && isZero(drawn.maxUnavailable) ? 1 : drawn.maxUnavailable,
      deadlineSeconds: Math.max(drawn.deadlineSeconds, drawn.minReadySeconds + 1),
    }))
}

const isZero = (value: number | string): boolean => value === 0

function caseStep(op: CaseStep['op'], replicasMax: number): fc.Arbitrary<CaseStep> {
  const place = fc.integer({ min: 0, max: 7 })
  switch (op) {
    case 'image':
      return fc.record({ op: fc.constant(op), version: fc.integer({ min: 1, max: 3 }) })
    case 'scale':
      return fc.record({ op: fc.constant(op), replicas: fc.integer({ min: 0, max: replicasMax }) })
    case 'deletePod':
      return fc.record({ op: fc.constant(op), place, force: fc.boolean() })
    case 'nodeDown':
    case 'nodeUp':
    case 'cordon':
    case 'uncordon':
    case 'drain':
      return fc.record({ op: fc.constant(op), place })
    default:
      return fc.constant({ op })
  }
}

const workload = { kind: 'Deployment', name: 'web' }

/** The scenario of a case; its first step is at 10 s, and mostly the new image. */
export function scenarioOf(it: RolloutCase): Scenario {
  const timings = Object.fromEntries(it.images.map((image, i) => [`web:v${i + 1}`, imageTimings(image)]))
  const timeline: Step[] = [stepOf(it, 10_000_003, it.first)]
  let atUs = 10_000_003
  for (const { gapMs, step } of it.steps) {
    atUs += gapMs * 1000 + 1009
    if (atUs < it.horizonSeconds * 1_000_000) timeline.push(stepOf(it, atUs, step))
  }
  const { apiWriteUs, endpointDelayUs, graceSeconds, minReadySeconds, nodes, probe, replicas } = it
  const base = simpleScenario({ apiWriteUs, endpointDelayUs, graceSeconds, minReadySeconds, nodes, probe, replicas })
  const raw = structuredClone(base.arms[0].rawObjects[0]) as JsonObject
  const spec = raw['spec'] as JsonObject
  spec['progressDeadlineSeconds'] = it.deadlineSeconds
  const { maxSurge, maxUnavailable } = it
  spec['strategy'] = it.recreate
    ? { type: 'Recreate' }
    : { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } }
  if (it.preStopSeconds > 0) {
    const pod = (spec['template'] as JsonObject)['spec'] as { containers: JsonObject[] }
    pod.containers[0]['lifecycle'] = { preStop: { sleep: { seconds: it.preStopSeconds } } }
  }
  const roomy = it.replicas <= it.podsPerNode * it.nodes
  return {
    ...base,
    nodes: base.nodes.map((node) => ({ ...node, pods: roomy ? it.podsPerNode : 5000 })),
    timings: { ...base.timings, ...timings },
    timeline,
    horizonUs: it.horizonSeconds * 1_000_000,
    arms: [{ name: 'arm', label: 'arm', rawObjects: [raw], objects: [applyDefaults(structuredClone(raw))] }],
  }
}

function imageTimings({ pull, ready, start, terminate }: CaseTimings): ImageTimings {
  // Seven odd microseconds more each time: no two pods do the same thing at the same instant by mere rounding.
  const list = (ms: readonly number[], odd: number) => ({
    type: 'list' as const,
    entriesUs: ms.map((value, i) => (value < 0 ? null : value * 1000 + odd + 7 * i)),
  })
  return {
    pull: { type: 'fixed', us: pull * 1000 },
    start: list(start, 11),
    ready: list(ready, 101),
    terminate: list(terminate, 1013),
    run: { type: 'never' },
    fail: [],
  }
}

function stepOf(it: RolloutCase, atUs: number, step: CaseStep): Step {
  switch (step.op) {
    case 'image':
      return { atUs, op: 'setImage', workload, container: 'app', image: `web:v${step.version}` }
    case 'scale':
      return { atUs, op: 'scale', workload, replicas: step.replicas }
    case 'undo':
      return { atUs, op: 'undo', workload, toRevision: 0 }
    case 'delete':
      return { atUs, op: 'delete', object: workload, cascade: 'background' }
    case 'deletePod':
      return { atUs, op: 'deletePod', workload, index: step.place, force: step.force }
    case 'pause':
    case 'resume':
    case 'restart':
      return { atUs, op: step.op, workload }
    default:
      return { atUs, op: step.op, node: `node-0${(step.place % it.nodes) + 1}` }
  }
}
