// Builds the scenario from its parts: delays, arms, nodes, timeline, traffic, thresholds; says what was assumed.

import { suggest } from '../base/suggestion.ts'
import { formatDuration, US_PER_MINUTE } from '../base/units.ts'
import { resolveApplications } from './applications.ts'
import {
  armsAssumption,
  faultsAssumption,
  nodesAssumption,
  profileAssumption,
  spanAssumption,
  storageAssumption,
  timelineAssumption,
  trafficAssumption,
} from './assumptions.ts'
import { checkTimeline } from './checkTimeline.ts'
import { assumeNodes } from './clusterSize.ts'
import { assumeArms, assumeTimeline, rolloutObjects } from './default.ts'
import { readDuration } from './distribution.ts'
import { expandArms } from './expand.ts'
import { resolveFaults } from './faults.ts'
import { hashOf } from './hash.ts'
import type { Inputs } from './inputs.ts'
import { expandNodes, nodeFromObject } from './nodes.ts'
import { formatRef, keyOf, WORKLOAD_KINDS } from './objects.ts'
import { laySections, type ProfileSections } from './profiles/profile.ts'
import { DEFAULT_PROFILE } from './profiles/shipped.ts'
import { resolvePrimaries } from './primaries.ts'
import type { Reporter } from './reporter.ts'
import { refuseHabits, resolveRequests } from './requests.ts'
import type { WrittenSpec, WrittenStep } from './schema.ts'
import { usesClaims } from './storage.ts'
import { parseThreshold } from './thresholds.ts'
import { resolveTimeline, touchedWorkloads } from './timeline.ts'
import { assumeTraffic, resolveTraffic } from './traffic.ts'
import type { NodeSpec, Scenario, ScenarioArm, Threshold } from './types.ts'

const DEFAULT_WARM_UP_US = 10 * US_PER_MINUTE
const DEFAULT_HORIZON_US = 20 * US_PER_MINUTE
const DEFAULT_RUNS = 1_000
const DEFAULT_SEED = 1

/** The feature gates that change what is simulated. */
const MODELLED_GATES: readonly string[] = ['MaxUnavailableStatefulSet']

/** A month: far beyond any rollout, and short enough that periodic work stays countable. */
const SPAN_US_MAX = 31 * 24 * 60 * US_PER_MINUTE

/** What flags change about a scenario. */
export interface Overrides {
  /** `--seeds`: how many runs each arm gets. */
  readonly seeds?: number
  /** `--first-seed`. */
  readonly firstSeed?: number
}

/** Builds the scenario; undefined if its parts are too broken to fit together. What is wrong has been reported. */
export function resolveScenario(inputs: Inputs, overrides: Overrides, reporter: Reporter): Scenario | undefined {
  const spec: WrittenSpec = inputs.written?.spec ?? {}
  const at = reporter.within('spec')
  const delays = readDelays(inputs, spec, at)
  const writtenNodes = spec.cluster?.nodes && expandNodes(spec.cluster.nodes, at.within('cluster', 'nodes'))
  if (inputs.broken || !hasWorkload(inputs, spec, reporter)) return undefined

  const arms = chooseArms(inputs, spec, at)
  const steps = spec.timeline ?? assumeTimeline(inputs.objects)
  const nodes = writtenNodes ?? chooseNodes(inputs, arms, steps)
  const timelineAt = at.within('timeline')
  const raws = inputs.objects.map(({ raw }) => raw)
  const placed = resolveTimeline(steps, { raws, nodes, horizonUs: delays.horizonUs }, timelineAt)
  const timeline = placed.map(({ step }) => step)
  const keys = inputs.objects.map(({ raw }) => keyOf(raw))
  const fromUs = timeline[0]?.atUs ?? 0
  const { faults: writtenFaults, kubelets: kubeletSettings, storage, ...decidingDelays } = delays
  const faultsAt = (spec.faults === undefined ? inputs.profile.at : at).within('faults')
  const faults = resolveFaults(writtenFaults, { nodes, keys, fromUs, horizonUs: delays.horizonUs }, faultsAt)
  warnAboutGates(spec, at)
  warnAboutImages(spec, checkTimeline(arms, placed, inputs.kubernetes, timelineAt), at)

  const objects = inputs.objects.map(({ object }) => object)
  const traffic = spec.traffic
    ? resolveTraffic(spec.traffic, objects, delays.surroundings, at.within('traffic'))
    : assumeTraffic(touchedWorkloads(timeline), objects, delays.surroundings)
  const primaries = resolvePrimaries(spec.primaries ?? [], objects, at.within('primaries'))
  const kubelet = spec.cluster?.kubelet ?? 'real'
  const requests = resolveRequests(spec.requests, at.within('requests'))
  if (requests) refuseHabits(traffic, at.within('requests'))
  const deciding = {
    kubernetes: inputs.kubernetes,
    featureGates: spec.cluster?.featureGates ?? {},
    nodes,
    placement: spec.cluster?.placement ?? 'real',
    kubelet,
    ...decidingDelays,
    // Settings of kubelets decide nothing where times alone do.
    ...(kubelet === 'real' ? { kubeletSettings } : {}),
    traffic,
    timeline,
    ...(spec.applications ? { applications: resolveApplications(spec.applications, at.within('applications')) } : {}),
    ...(requests ? { requests } : {}),
    // Scenarios without one keep the hash that they had.
    ...(primaries.length > 0 ? { primaries } : {}),
    ...(storage.volumes === 'real' && usesClaims(arms, timeline) ? { storage } : {}),
  } as const
  const scenario = {
    ...deciding,
    name: inputs.written?.metadata.name ?? nameOf(inputs),
    hash: hashOf({
      ...deciding,
      profile: undefined,
      // A scenario without faults is the same scenario as before there were any.
      faults: faults.length > 0 ? faults : undefined,
      arms: arms.map((arm) => ({ ...arm, label: undefined })),
    }),
    faults,
    arms,
    runs: overrides.seeds ?? spec.runs ?? DEFAULT_RUNS,
    seed: overrides.firstSeed ?? spec.seed ?? DEFAULT_SEED,
    thresholds: readThresholds(spec, arms, at),
  }
  return { ...scenario, assumptions: describeAssumptions(inputs, scenario) }
}

type Delays = ProfileSections & Pick<Scenario, 'profile' | 'warmUpUs' | 'horizonUs'>

function readDelays({ profile }: Inputs, spec: WrittenSpec, at: Reporter): Delays {
  const sections = laySections(profile.sections, spec, at)
  const warmUpUs = readSpan(spec, 'warmUp', DEFAULT_WARM_UP_US, at)
  const horizonUs = readSpan(spec, 'horizon', DEFAULT_HORIZON_US, at)
  if (horizonUs === 0) at.error(['horizon'], 'a run needs some time: write for example 20m')
  return { ...sections, profile: profile.name, warmUpUs, horizonUs }
}

function readSpan(spec: WrittenSpec, field: 'warmUp' | 'horizon', otherwiseUs: number, at: Reporter): number {
  if (spec[field] === undefined) return otherwiseUs
  const us = at.take(readDuration(spec[field]), [field])
  if (us !== undefined && us > SPAN_US_MAX) at.error([field], `at most ${formatDuration(SPAN_US_MAX)} are simulated`)
  return us ?? otherwiseUs
}

/** Without anything to run there is nothing to compare. */
function hasWorkload({ objects, document }: Inputs, spec: WrittenSpec, reporter: Reporter): boolean {
  const kinds = objects.map(({ object }) => object.kind)
  const found = kinds.length === 0 ? 'no Kubernetes object' : `only ${[...new Set(kinds)].join(', ')}`
  if (!kinds.some((kind) => WORKLOAD_KINDS.includes(kind) || kind === 'Pod')) {
    if (spec.timeline?.some((step) => step.apply !== undefined)) return true
    const where = document === undefined ? 'give a manifest with one' : 'name a manifest with one under spec.manifests'
    reporter.error([], `no workload to roll out, ${found}: ${where}, such as a Deployment`)
    return false
  }
  if (spec.timeline !== undefined || rolloutObjects(objects).length > 0) return true
  reporter.error([], `nothing here rolls out a new image, ${found}: write a scenario whose timeline says what happens`)
  return false
}

function chooseArms({ objects, written, kubernetes }: Inputs, spec: WrittenSpec, at: Reporter): ScenarioArm[] {
  return written === undefined
    ? assumeArms(objects, kubernetes)
    : expandArms(spec.arms, objects, kubernetes, at.within('arms'))
}

/** Node objects of the manifests, else as many nodes as the arms need at most. */
function chooseNodes({ nodes }: Inputs, arms: readonly ScenarioArm[], steps: readonly WrittenStep[]): NodeSpec[] {
  const replicasMax = new Map<string, number>()
  for (const { scale } of steps) {
    if (scale) replicasMax.set(scale.workload, Math.max(scale.replicas, replicasMax.get(scale.workload) ?? 0))
  }
  addGreenPods(arms, replicasMax)
  const assumed = assumeNodes(
    arms.map(({ objects }) => objects),
    replicasMax,
  )
  const [pattern] = assumed
  return nodes.length > 0 && pattern ? nodes.map((node) => nodeFromObject(node, pattern)) : assumed
}

/** Blue and green run side by side: such a workload needs room for twice its pods. */
function addGreenPods(arms: readonly ScenarioArm[], replicasMax: Map<string, number>): void {
  const doubled = new Map<string, number>()
  for (const { objects, strategy } of arms) {
    if (strategy?.type !== 'blueGreen') continue
    const key = formatRef(strategy.workload)
    const target = objects.find(({ kind, metadata }) => `${kind}/${metadata.name}` === key)
    const replicas = target?.kind === 'Deployment' ? target.spec.replicas : 0
    doubled.set(key, 2 * Math.max(replicas, replicasMax.get(key) ?? 0, (doubled.get(key) ?? 0) / 2))
  }
  for (const [key, pods] of doubled) replicasMax.set(key, pods)
}

/** A gate that nothing here reads would be set without any effect. */
function warnAboutGates(spec: WrittenSpec, at: Reporter): void {
  for (const gate of Object.keys(spec.cluster?.featureGates ?? {})) {
    if (MODELLED_GATES.includes(gate)) continue
    const meant = suggest(gate, MODELLED_GATES)
    const message = `not modelled, so without effect${meant}; modelled is ${MODELLED_GATES.join(', ')}`
    at.warning(['cluster', 'featureGates', gate], message, 'key')
  }
}

/** A key of `timings` or `applications` that no container ever has is a typing error, or a left-over. */
function warnAboutImages(spec: WrittenSpec, images: ReadonlySet<string>, at: Reporter): void {
  for (const field of ['timings', 'applications'] as const) {
    for (const image of Object.keys(spec[field] ?? {})) {
      if (image === '*' || images.has(image)) continue
      at.warning([field, image], `no container ever has this image${suggest(image, [...images])}`, 'key')
    }
  }
}

function readThresholds(spec: WrittenSpec, arms: readonly ScenarioArm[], at: Reporter): Threshold[] {
  const names = arms.map(({ name }) => name)
  const workloads = arms[0]?.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
  return (spec.thresholds ?? []).flatMap((text, index) => {
    const threshold = at.take(parseThreshold(text, names, workloads), ['thresholds', index])
    return threshold === undefined ? [] : [threshold]
  })
}

/** A name for manifests without a scenario: that of the only workload that rolls out, else `manifests`. */
function nameOf({ objects }: Inputs): string {
  const [first, ...others] = rolloutObjects(objects)
  return first !== undefined && others.length === 0 ? first.object.metadata.name : 'manifests'
}

function describeAssumptions(
  { objects, written, nodes, profile }: Inputs,
  scenario: Omit<Scenario, 'assumptions'>,
): string[] {
  const spec: WrittenSpec = written?.spec ?? {}
  return [
    ...(spec.timeline === undefined ? [timelineAssumption(objects)] : []),
    ...(spec.arms === undefined ? [armsAssumption(scenario.arms)] : []),
    ...(spec.cluster?.nodes === undefined && nodes.length === 0 ? [nodesAssumption(scenario.nodes)] : []),
    ...(spec.profile === undefined && profile.name === DEFAULT_PROFILE ? [profileAssumption(profile)] : []),
    ...(spec.traffic === undefined ? [trafficAssumption(scenario.traffic)] : []),
    ...storageAssumption(scenario),
    ...faultsAssumption(spec.faults ?? profile.sections.faults, scenario.faults),
    ...(written === undefined ? [spanAssumption(scenario)] : []),
  ]
}
