// A recording's scenario as a scenario of ours: the same objects, steps and lists of timings, in the idealised
// surroundings of the recordings (test/data/conformance/README.md).

import { InputError } from '../base/errors.ts'
import { applyDefaults } from '../manifest/defaults.ts'
import { bytes, cpuMillis } from '../manifest/quantity.ts'
import type { JsonObject } from '../manifest/types.ts'
import { CREATED_AT_US } from '../model/compile.ts'
import { NO_DELAYS } from '../scenario/profiles/profile.ts'
import type { DurationSpec, ImageTimings, NodeSpec, Scenario, ScenarioArm, Step, Taint } from '../scenario/types.ts'

/** One step of a recording, see the recorder's world. */
export interface RecordedStep {
  readonly at: number
  readonly op: string
  readonly kind?: string
  readonly name?: string
  readonly patch?: JsonObject
  readonly node?: string
  readonly index?: number
}

export interface RecordedTiming {
  readonly startSeconds?: readonly number[]
  readonly readySeconds?: readonly (number | null)[]
  readonly terminateSeconds?: readonly number[]
  readonly runSeconds?: readonly number[]
  readonly fail?: readonly boolean[]
}

export interface RecordedScenario {
  readonly id: string
  readonly placements?: boolean
  readonly featureGates?: Readonly<Record<string, boolean>>
  readonly objects: readonly JsonObject[]
  readonly timings: Readonly<Record<string, RecordedTiming>>
  readonly steps: readonly RecordedStep[]
  readonly untilSeconds: number
}

/** An API write of the recorder takes a microsecond of its virtual time, and each controller has one worker. */
const API_WRITE_US = 1

/** Our scenario with its single arm. */
export function translate(recorded: RecordedScenario): { scenario: Scenario; arm: ScenarioArm } {
  const nodes = recorded.objects.filter((object) => object['kind'] === 'Node').map(toNode)
  const rawObjects = recorded.objects.filter((object) => object['kind'] !== 'Node').map(withReadiness)
  const arm: ScenarioArm = {
    name: 'recorded',
    label: 'recorded',
    rawObjects,
    objects: rawObjects.map((raw) => applyDefaults(structuredClone(raw))),
  }
  const timings: Record<string, ImageTimings> = { '*': toTimings({}) }
  for (const [image, timing] of Object.entries(recorded.timings)) timings[image] = toTimings(timing)
  const scenario: Scenario = {
    name: recorded.id,
    hash: '',
    kubernetes: '1.36',
    featureGates: recorded.featureGates ?? {},
    nodes,
    profile: 'ideal',
    placement: 'scripted',
    scheduler: NO_DELAYS.scheduler,
    kubelet: 'scripted',
    surroundings: {
      apiWriteUs: API_WRITE_US,
      controllerWorkers: 1,
      statusWritesDropAnnotations: true,
      evictionsSetNoCondition: true,
      bind: { type: 'fixed', us: 0 },
      endpointDelayUs: 0,
    },
    warmUpUs: 0,
    horizonUs: toUs(recorded.untilSeconds) - CREATED_AT_US,
    timings,
    traffic: [],
    timeline: recorded.steps.map(toStep),
    faults: [],
    arms: [arm],
    runs: 1,
    seed: 1,
    thresholds: [],
    assumptions: [],
  }
  return { scenario, arm }
}

function toUs(seconds: number): number {
  return Math.round(seconds * 1e6)
}

/** The recorder's defaults: one second each to start and to end, never ready, never ending by itself. */
function toTimings(timing: RecordedTiming): ImageTimings {
  return {
    pull: { type: 'fixed', us: 0 },
    start: toList(timing.startSeconds, [1]),
    ready: toList(timing.readySeconds, [null]),
    terminate: toList(timing.terminateSeconds, [1]),
    run: toList(timing.runSeconds, [null]),
    fail: timing.fail ?? [],
  }
}

function toList(seconds: readonly (number | null)[] | undefined, otherwise: readonly (number | null)[]): DurationSpec {
  const list = seconds === undefined || seconds.length === 0 ? otherwise : seconds
  return { type: 'list', entriesUs: list.map((entry) => (entry === null ? null : toUs(entry))) }
}

function toNode(raw: JsonObject): NodeSpec {
  const metadata = raw['metadata'] as { name: string; labels?: Record<string, string> }
  const status = raw['status'] as { allocatable: { cpu: string; memory: string; pods: string } }
  const spec = (raw['spec'] ?? {}) as { taints?: Partial<Taint>[]; unschedulable?: boolean }
  return {
    name: metadata.name,
    cpuMillis: cpuMillis(status.allocatable.cpu),
    memoryBytes: bytes(status.allocatable.memory),
    pods: Number(status.allocatable.pods),
    labels: metadata.labels ?? {},
    taints: (spec.taints ?? []).map((taint) => ({ value: '', ...taint }) as Taint),
    unschedulable: spec.unschedulable ?? false,
  }
}

/**
 * The scripted kubelet reports Ready `readySeconds` after the start: what a readiness probe does. So every recorded
 * container gets one; without a probe a container is Ready as soon as it runs.
 */
function withReadiness(raw: JsonObject): JsonObject {
  const copy = structuredClone(raw)
  visitPodSpecs(copy)
  return copy
}

function visitPodSpecs(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const containers = (value as { containers?: unknown }).containers
  if (Array.isArray(containers))
    for (const container of containers as JsonObject[]) container['readinessProbe'] ??= { tcpSocket: { port: 80 } }
  for (const inner of Object.values(value)) visitPodSpecs(inner)
}

/** Our step for a recorded one. */
function toStep(step: RecordedStep): Step {
  const atUs = toUs(step.at) - CREATED_AT_US
  const { kind = '', name = '', node = '', patch = {} } = step
  switch (step.op) {
    case 'patch':
      return { atUs, op: 'patch', workload: { kind, name }, patch }
    case 'apply':
      if (patch['kind'] === 'Node') return { atUs, op: 'addNode', node: toNode(patch) }
      return { atUs, op: 'apply', object: withReadiness(patch) }
    case 'delete':
      if (kind === 'Node') return { atUs, op: 'deleteNode', node: name }
      return { atUs, op: 'delete', object: { kind, name }, cascade: 'background' }
    case 'deletePod':
    case 'forceDeletePod':
      return {
        atUs,
        op: 'deletePod',
        index: step.index ?? 0,
        force: step.op === 'forceDeletePod',
        ...(node === '' ? {} : { node }),
        ...(name === '' ? {} : { pod: name }),
      }
    case 'nodeDown':
    case 'nodeUp':
    case 'cordon':
    case 'uncordon':
    case 'drain':
      return { atUs, op: step.op, node }
    default:
      throw new InputError([{ severity: 'error', message: `unknown operation "${step.op}" in a recording` }])
  }
}
