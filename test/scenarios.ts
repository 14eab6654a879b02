// Small scenarios for tests, built without files.

import { NO_DELAYS } from '../src/scenario/profiles/profile.ts'
import { applyDefaults } from '../src/manifest/defaults.ts'
import type { JsonObject } from '../src/manifest/types.ts'
import { IDEAL_KUBELET } from '../src/scenario/kubeletSettings.ts'
import type { Strategy } from '../src/scenario/strategyTypes.ts'
import type {
  DurationSpec,
  ImageTimings,
  KubeletModel,
  KubeletSettings,
  Scenario,
  ScenarioArm,
  Step,
} from '../src/scenario/types.ts'

const second = 1_000_000

/** A fixed duration in seconds. */
export function seconds(value: number): DurationSpec {
  return { type: 'fixed', us: Math.round(value * second) }
}

export interface SimpleOptions {
  readonly replicas?: number
  readonly recreate?: boolean
  readonly maxSurge?: number | string
  readonly maxUnavailable?: number | string
  readonly preStopSeconds?: number
  readonly graceSeconds?: number
  readonly minReadySeconds?: number
  readonly probe?: boolean
  readonly requestsPerSecond?: number
  readonly endpointDelayUs?: number
  readonly apiWriteUs?: number
  readonly timings?: Readonly<Record<string, Partial<ImageTimings>>>
  readonly timeline?: readonly Step[]
  readonly nodes?: number
  readonly horizonSeconds?: number
  readonly strategy?: Strategy
  readonly warmUpSeconds?: number
  readonly kubelet?: KubeletModel
  readonly kubeletSettings?: Partial<KubeletSettings>
  /** Merged into the container, and into the pod spec. */
  readonly container?: JsonObject
  readonly podSpec?: JsonObject
}

const instant: ImageTimings = {
  pull: seconds(0),
  start: seconds(0),
  ready: seconds(0),
  terminate: seconds(0),
  run: { type: 'never' },
  fail: [],
}

/** A Deployment `web` whose image goes from web:v1 to web:v2 at 10 s, in ideal surroundings. */
export function simpleScenario(options: SimpleOptions): Scenario {
  const arm = deploymentArm(options)
  const timings: Record<string, ImageTimings> = { '*': { ...instant, ...options.timings?.['*'] } }
  for (const image of new Set(['web:v1', 'web:v2', ...Object.keys(options.timings ?? {})]))
    if (image !== '*') timings[image] = { ...timings['*'], ...options.timings?.[image] }
  const setImage: Step = {
    atUs: 10 * second,
    op: 'setImage',
    workload: { kind: 'Deployment', name: 'web' },
    container: 'app',
    image: 'web:v2',
  }
  return {
    name: 'simple',
    hash: '0',
    kubernetes: '1.36',
    featureGates: {},
    nodes: Array.from({ length: options.nodes ?? 3 }, (_, i) => ({
      name: `node-0${i + 1}`,
      cpuMillis: 64_000,
      memoryBytes: 64 * 1024 ** 3,
      pods: 500,
      labels: {},
      taints: [],
      unschedulable: false,
    })),
    profile: 'ideal',
    placement: 'real',
    scheduler: NO_DELAYS.scheduler,
    kubelet: options.kubelet ?? 'scripted',
    kubeletSettings: { ...IDEAL_KUBELET, ...options.kubeletSettings },
    surroundings: { apiWriteUs: options.apiWriteUs ?? 0, bind: seconds(0), endpointDelayUs: 0 },
    warmUpUs: (options.warmUpSeconds ?? 600) * second,
    horizonUs: (options.horizonSeconds ?? 600) * second,
    timings,
    traffic: [
      {
        to: { kind: 'Deployment', name: 'web' },
        requestsPerSecond: options.requestsPerSecond ?? 2000,
        endpointDelayUs: options.endpointDelayUs ?? 0,
      },
    ],
    timeline: options.timeline ?? [setImage],
    faults: [],
    arms: [arm],
    runs: 1,
    seed: 1,
    thresholds: [],
    assumptions: [],
  }
}

function deploymentArm(options: SimpleOptions): ScenarioArm {
  const container: JsonObject = { name: 'app', image: 'web:v1', ...options.container }
  if (options.probe !== false) container['readinessProbe'] ??= { tcpSocket: { port: 80 } }
  if (options.preStopSeconds !== undefined)
    container['lifecycle'] = { preStop: { sleep: { seconds: options.preStopSeconds } } }
  const strategy: JsonObject =
    options.recreate === true
      ? { type: 'Recreate' }
      : {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: options.maxSurge ?? '25%', maxUnavailable: options.maxUnavailable ?? '25%' },
        }
  const raw: JsonObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: options.replicas ?? 10,
      minReadySeconds: options.minReadySeconds ?? 0,
      selector: { matchLabels: { app: 'web' } },
      strategy,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          terminationGracePeriodSeconds: options.graceSeconds ?? 60,
          containers: [container],
          ...options.podSpec,
        },
      },
    },
  }
  const arm = { name: 'arm', label: 'arm', rawObjects: [raw], objects: [applyDefaults(structuredClone(raw))] }
  if (options.strategy === undefined) return arm
  return { ...arm, strategy: { ...options.strategy, workload: { kind: 'Deployment', name: 'web' } } }
}
