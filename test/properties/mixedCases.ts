// Random runs of all kinds of workloads together: Deployments, StatefulSets, DaemonSets, Jobs and CronJobs under budgets, on
// nodes in zones that fail, are drained, leave and return, while people scale, release well and badly, and take back.

import fc from 'fast-check'
import { applyDefaults } from '../../src/manifest/defaults.ts'
import type { Json, JsonObject } from '../../src/manifest/types.ts'
import type { DurationSpec, FaultSpec, ImageTimings, NodeSpec, Scenario, Step } from '../../src/scenario/types.ts'
import { seconds, simpleScenario } from '../scenarios.ts'
import { stepOf, type StepOf } from './mixedSteps.ts'

/** A case is a scenario; its fields stand apart so that fast-check can make them smaller. */
export interface MixedCase {
  readonly objects: readonly JsonObject[]
  readonly nodes: number
  readonly zones: number
  readonly podsPerNode: number
  readonly images: readonly MixedTimings[]
  readonly apiWriteUs: number
  readonly workers: number
  readonly steps: readonly { readonly gapMs: number; readonly step: StepOf }[]
  readonly faults: readonly FaultSpec[]
}

interface MixedTimings {
  readonly start: number
  readonly ready: readonly number[]
  readonly terminate: readonly number[]
  readonly run: number
  readonly fail: readonly boolean[]
}

export interface MixedLimits {
  readonly replicasMax: number
  readonly nodes: { readonly min: number; readonly max: number }
  readonly stepsMax: number
}

/** The last step and the last fault lie this long before the horizon. */
const QUIET_SECONDS = 900

const int = (min: number, max: number): fc.Arbitrary<number> => fc.integer({ min, max })
const fence = fc.constantFrom<number | string>(0, 1, 2, '25%', '50%', '100%')

/** Random cases within limits; app:v3 is a bad release now and then. */
export function mixedCases(limits: MixedLimits): fc.Arbitrary<MixedCase> {
  const { nodes, replicasMax, stepsMax } = limits
  const steps = fc.array(fc.record({ gapMs: int(0, 60_000), step: stepOf(replicasMax) }), {
    maxLength: stepsMax,
    size: 'max',
  })
  return fc.record({
    objects: objects(replicasMax),
    nodes: int(nodes.min, nodes.max),
    zones: int(1, 3),
    podsPerNode: fc.constantFrom(8, 30, 110),
    images: fc.tuple(timings(false), timings(false), timings(true), timings(false)),
    apiWriteUs: fc.constantFrom(0, 0, 1, 25_000),
    workers: fc.constantFrom(1, 5),
    steps,
    faults: faults(),
  })
}

function timings(mayBeBad: boolean): fc.Arbitrary<MixedTimings> {
  const draws = (low: number, high: number): fc.Arbitrary<number[]> =>
    fc.array(int(low, high), { minLength: 1, maxLength: 5 })
  const ready = draws(0, 9000)
  return fc.record({
    start: int(0, 4000),
    ready: mayBeBad ? fc.oneof(ready, fc.constant([-1])) : ready,
    terminate: draws(0, 12_000),
    run: int(1000, 40_000),
    fail: fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
  })
}

function objects(replicasMax: number): fc.Arbitrary<JsonObject[]> {
  const present = <T>(object: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.option(object, { nil: undefined, freq: 4 })
  const all = fc.tuple(
    present(deployment('web', replicasMax)),
    present(deployment('api', replicasMax)),
    present(statefulSet(Math.min(replicasMax, 12))),
    present(daemonSet),
    present(job),
    present(cronJob),
    present(budget('web')),
    present(budget('db')),
  )
  return all.map((list) => list.filter((object) => object !== undefined))
}

function workload(kind: string, name: string, spec: Json, restartPolicy = 'Always'): JsonObject {
  const template = podTemplate(name, kind === 'Job' ? 'job:v1' : 'app:v1', restartPolicy)
  const labels = { selector: { matchLabels: { app: name } } }
  const apiVersion = kind === 'Job' ? 'batch/v1' : 'apps/v1'
  const rest = spec as JsonObject
  return { apiVersion, kind, metadata: { name }, spec: { ...rest, ...(kind === 'Job' ? {} : labels), template } }
}

function podTemplate(app: string, name: string, restartPolicy: string): JsonObject {
  const resources = { requests: { cpu: '100m', memory: '64Mi' } }
  const containers = [{ name: 'app', image: name, readinessProbe: { tcpSocket: { port: 80 } }, resources }]
  return { metadata: { labels: { app } }, spec: { terminationGracePeriodSeconds: 8, restartPolicy, containers } }
}

function deployment(name: string, replicasMax: number): fc.Arbitrary<JsonObject> {
  const shape = {
    replicas: int(0, replicasMax),
    minReadySeconds: fc.constantFrom(0, 0, 3),
    revisionHistoryLimit: fc.constantFrom(0, 1, 10),
  }
  return fc.tuple(fc.record(shape), fence, fence, int(0, 3)).map(([spec, maxSurge, drawn, luck]) => {
    const maxUnavailable = maxSurge === 0 && drawn === 0 ? 1 : drawn
    const rolling = { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } }
    return workload('Deployment', name, { ...spec, strategy: luck === 0 ? { type: 'Recreate' } : rolling })
  })
}

function statefulSet(replicasMax: number): fc.Arbitrary<JsonObject> {
  const shape = {
    replicas: int(0, replicasMax),
    podManagementPolicy: fc.constantFrom('OrderedReady', 'OrderedReady', 'Parallel'),
    minReadySeconds: fc.constantFrom(0, 0, 3),
    updateStrategy: fc.oneof(
      int(0, 4).map((partition): JsonObject => ({ type: 'RollingUpdate', rollingUpdate: { partition } })),
      fc.constantFrom<JsonObject>({ type: 'RollingUpdate' }, { type: 'OnDelete' }),
    ),
    ordinals: fc.constantFrom({ start: 0 }, { start: 0 }, { start: 2 }),
  }
  return fc.record(shape).map((spec) => workload('StatefulSet', 'db', { ...spec, serviceName: 'db' }))
}

const daemonSet: fc.Arbitrary<JsonObject> = fc
  .tuple(
    fc.constantFrom(0, 3),
    fc.oneof(
      fence.map((value) => [0, value]),
      fence.map((value) => [value, 0]),
    ),
    int(0, 5),
  )
  .map(([minReadySeconds, [surge, drawn], luck]) => {
    const rollingUpdate = { maxSurge: surge, maxUnavailable: surge === 0 && drawn === 0 ? 1 : drawn }
    const updateStrategy = luck === 0 ? { type: 'OnDelete' } : { type: 'RollingUpdate', rollingUpdate }
    return workload('DaemonSet', 'agent', { minReadySeconds, updateStrategy })
  })

const jobShape = fc.record(
  {
    parallelism: int(0, 5),
    completions: int(0, 9),
    completionMode: fc.constantFrom('NonIndexed', 'Indexed'),
    backoffLimit: int(0, 5),
    podReplacementPolicy: fc.constantFrom('TerminatingOrFailed', 'Failed'),
    activeDeadlineSeconds: fc.constantFrom(30, 600),
    ttlSecondsAfterFinished: fc.constantFrom(0, 60),
  },
  { requiredKeys: ['parallelism', 'completions', 'completionMode', 'backoffLimit', 'podReplacementPolicy'] },
)

const job: fc.Arbitrary<JsonObject> = fc
  .tuple(jobShape, fc.constantFrom('Never', 'Never', 'OnFailure'))
  .map(([spec, restartPolicy]) => workload('Job', 'batch', spec, restartPolicy))

const cronJob: fc.Arbitrary<JsonObject> = fc
  .record({
    concurrencyPolicy: fc.constantFrom('Allow', 'Forbid', 'Replace'),
    schedule: fc.constantFrom('*/3 * * * *', '*/5 * * * *'),
  })
  .map((spec) => {
    const template = podTemplate('tick', 'job:v1', 'Never')
    const jobTemplate = { spec: { parallelism: 2, completions: 3, backoffLimit: 2, template } }
    return { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'tick' }, spec: { ...spec, jobTemplate } }
  })

function budget(app: string): fc.Arbitrary<JsonObject> {
  const demand = fc.tuple(fc.constantFrom('minAvailable', 'maxUnavailable'), fence)
  const policy = fc.constantFrom('IfHealthyBudget', 'AlwaysAllow')
  return fc.tuple(demand, policy).map(([[field, value], unhealthyPodEvictionPolicy]) => {
    const spec = { selector: { matchLabels: { app } }, unhealthyPodEvictionPolicy, [field]: value }
    return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: app }, spec }
  })
}

function faults(): fc.Arbitrary<FaultSpec[]> {
  const repair = seconds(90)
  const all: FaultSpec[] = [
    { type: 'podCrash', mtbfUs: 400e6 },
    { type: 'nodeCrash', groups: [{ name: 'node-01', nodes: ['node-01'] }], mtbfUs: 300e6, repair },
    { type: 'zoneOutage', groups: [{ name: 'east', nodes: ['node-01', 'node-02'] }], mtbfUs: 900e6, repair },
  ]
  return fc.oneof(fc.constant<FaultSpec[]>([]), fc.subarray(all))
}

/** The scenario of a case; its steps begin at 60 s, at odd microseconds. */
export function mixedScenario(it: MixedCase): Scenario {
  const nodes = Array.from({ length: it.nodes }, (_, i): NodeSpec => nodeOf(it, i))
  const names = nodes.map(({ name }) => name)
  const timeline: Step[] = []
  let atUs = 60_000_003
  for (const { gapMs, step } of it.steps) {
    atUs += gapMs * 1000 + 1009
    const made = step(atUs, names)
    timeline.push(made)
    if (made.op !== 'deleteNode') continue
    atUs += 20_000_001
    timeline.push({ atUs, op: 'addNode', node: nodes[names.indexOf(made.node)] })
  }
  const [v1, v2, v3, batch] = it.images.map(imageTimings)
  const never: DurationSpec = { type: 'never' }
  const base = simpleScenario({ apiWriteUs: it.apiWriteUs, timeline })
  const server = { run: never, fail: [] }
  return {
    ...base,
    nodes,
    surroundings: { ...base.surroundings, controllerWorkers: it.workers },
    warmUpUs: 0,
    horizonUs: Math.ceil(atUs / 1e6 + QUIET_SECONDS) * 1e6,
    timings: {
      '*': { ...v1, ...server },
      'app:v1': { ...v1, ...server },
      'app:v2': { ...v2, ...server },
      'app:v3': { ...v3, ...server },
      'job:v1': batch,
    },
    traffic: [],
    faults: it.faults,
    arms: [
      {
        name: 'arm',
        label: 'arm',
        rawObjects: it.objects,
        objects: it.objects.map((raw) => applyDefaults(structuredClone(raw))),
      },
    ],
  }
}

function nodeOf({ podsPerNode, zones }: MixedCase, index: number): NodeSpec {
  return {
    name: `node-${String(index + 1).padStart(2, '0')}`,
    cpuMillis: 4000,
    memoryBytes: 8 * 1024 ** 3,
    pods: podsPerNode,
    labels: { 'topology.kubernetes.io/zone': `zone-${index % zones}` },
    taints: [],
    unschedulable: false,
  }
}

function imageTimings({ fail, ready, run, start, terminate }: MixedTimings): ImageTimings {
  // Seven odd microseconds more each time: no two pods do the same thing at the same instant by mere rounding.
  const list = (ms: readonly number[], odd: number): DurationSpec => ({
    type: 'list',
    entriesUs: ms.map((value, i) => (value < 0 ? null : value * 1000 + odd + 7 * i)),
  })
  return {
    pull: seconds(0),
    start: list([start], 11),
    ready: list(ready, 101),
    terminate: list(terminate, 1013),
    run: list([run, run + 1000, run + 300], 17),
    fail,
  }
}
