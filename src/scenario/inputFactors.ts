// The inputs of a scenario that somebody assumed or measured, each as a factor: the same scenario with twice as much of it.
// What is exact (the rules of Kubernetes) and what is compared (the arms) is none. A new input gets a line in `inputFactors`.

import { isJsonObject, type JsonObject } from '../manifest/types.ts'
import type { DurationSpec, FaultSpec, ImageTimings, Scenario } from './types.ts'

/** An input, in words, and how to have more or less of it. */
export interface InputFactor {
  readonly name: string
  /** The same scenario with `times` as much of the input; nothing else is changed. */
  readonly scale: (times: number) => Scenario
}

/** The inputs that a scenario has: those that are zero have no factor. */
export function inputFactors(scenario: Scenario): InputFactor[] {
  return CANDIDATES.flatMap(([name, change]) => {
    const scale = (times: number): Scenario => ({ ...scenario, ...change(scenario, times) })
    return isSame(scenario, scale(2)) ? [] : [{ name, scale }]
  })
}

type Change = (scenario: Scenario, times: number) => Partial<Scenario>

const CANDIDATES: readonly (readonly [name: string, change: Change])[] = [
  ['image pull', scaleTiming('pull')],
  ['container start', scaleTiming('start')],
  ['start until ready', scaleTiming('ready')],
  ['shutdown after SIGTERM', scaleTiming('terminate')],
  [
    'scheduling',
    ({ surroundings }, times) => ({ surroundings: { ...surroundings, bind: scale(surroundings.bind, times) } }),
  ],
  ['API latency', scaleApi],
  ['client limits', scaleLimits],
  ['endpoint propagation', scaleEndpoints],
  [
    'request rate',
    ({ traffic }, times) => ({
      traffic: traffic.map((each) => ({ ...each, requestsPerSecond: each.requestsPerSecond * times })),
    }),
  ],
  ['grace period', scaleGrace],
  ['time between failures', ({ faults }, times) => ({ faults: faults.map((fault) => scaleFault(fault, times)) })],
]

/** The way of endpoints to their senders: a fixed delay, or every step on it. */
function scaleEndpoints({ surroundings, traffic }: Scenario, times: number): Partial<Scenario> {
  const { network } = surroundings
  return {
    traffic: traffic.map((each) => {
      const { endpointDelayUs } = each
      return endpointDelayUs === 'kube-proxy' ? each : { ...each, endpointDelayUs: Math.round(endpointDelayUs * times) }
    }),
    ...(network && {
      surroundings: {
        ...surroundings,
        network: {
          ...network,
          watch: scale(network.watch, times),
          sliceSync: scale(network.sliceSync, times),
          proxyRun: scale(network.proxyRun, times),
          minSyncUs: Math.round(network.minSyncUs * times),
        },
      },
    }),
  }
}

function scaleTiming(field: 'pull' | 'start' | 'ready' | 'terminate'): Change {
  return ({ timings }, times) => ({
    timings: Object.fromEntries(
      Object.entries(timings).map(([image, each]): [string, ImageTimings] => [
        image,
        { ...each, [field]: scale(each[field], times) },
      ]),
    ),
  })
}

function scaleApi({ surroundings }: Scenario, times: number): Partial<Scenario> {
  const { apiWriteUs, apiWrite } = surroundings
  const drawn = apiWrite && { apiWrite: scale(apiWrite, times) }
  return { surroundings: { ...surroundings, apiWriteUs: Math.round(apiWriteUs * times), ...drawn } }
}

function scaleLimits({ surroundings }: Scenario, times: number): Partial<Scenario> {
  const { clientLimits } = surroundings
  if (clientLimits === undefined) return {}
  const { controllerManager, kubectl } = clientLimits
  const more = (limit: typeof kubectl) => ({
    perSecond: limit.perSecond * times,
    burst: Math.max(1, Math.round(limit.burst * times)),
  })
  return {
    surroundings: {
      ...surroundings,
      clientLimits: { controllerManager: more(controllerManager), kubectl: more(kubectl) },
    },
  }
}

function scaleFault(fault: FaultSpec, times: number): FaultSpec {
  return 'mtbfUs' in fault ? { ...fault, mtbfUs: Math.round(fault.mtbfUs * times) } : fault
}

/** The grace periods of all templates, in the objects and in what patches act on; a zero stays one. */
function scaleGrace({ arms }: Scenario, times: number): Partial<Scenario> {
  return {
    arms: arms.map((arm) => {
      const objects = arm.objects.map((object) => structuredClone(object))
      const rawObjects = arm.rawObjects.map((raw) => structuredClone(raw))
      objects.forEach((object, index) => {
        const pod = podSpecOf(object as unknown as JsonObject)
        const seconds = pod?.['terminationGracePeriodSeconds']
        if (pod === undefined || typeof seconds !== 'number') return
        pod['terminationGracePeriodSeconds'] = Math.round(seconds * times)
        const raw = rawObjects[index]
        const rawPod = isJsonObject(raw) ? podSpecOf(raw) : undefined
        if (rawPod !== undefined) rawPod['terminationGracePeriodSeconds'] = Math.round(seconds * times)
      })
      return { ...arm, objects, rawObjects }
    }),
  }
}

/** The pod template's spec of a Deployment, StatefulSet or DaemonSet. */
function podSpecOf(object: JsonObject): JsonObject | undefined {
  const spec = object['spec']
  const template = isJsonObject(spec) ? spec['template'] : undefined
  const pod = isJsonObject(template) ? template['spec'] : undefined
  return isJsonObject(pod) ? pod : undefined
}

function scale(spec: DurationSpec, times: number): DurationSpec {
  const us = (value: number): number => Math.round(value * times)
  switch (spec.type) {
    case 'fixed':
      return { type: 'fixed', us: us(spec.us) }
    case 'uniform':
      return { type: 'uniform', lowUs: us(spec.lowUs), highUs: us(spec.highUs) }
    case 'lognormal':
      return { type: 'lognormal', medianUs: us(spec.medianUs), p95Us: us(spec.p95Us) }
    case 'exponential':
      return { type: 'exponential', meanUs: us(spec.meanUs) }
    case 'list':
      return { type: 'list', entriesUs: spec.entriesUs.map((entry) => (entry === null ? null : us(entry))) }
    case 'never':
      return spec
  }
}

function isSame(one: Scenario, other: Scenario): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
