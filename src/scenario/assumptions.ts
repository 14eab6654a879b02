// What was assumed because nothing was said, in one sentence each.

import { assert } from '../base/assert.ts'
import { formatDuration } from '../base/units.ts'
import { nextImage, rolloutObjects } from './default.ts'
import { assumedClasses } from './storage.ts'
import { containersOf, keyOf, textOf, type ScenarioObject } from './objects.ts'
import type { Profile } from './profiles/profile.ts'
import { listSome } from './thresholds.ts'
import type { WrittenFault } from './schema.ts'
import type { DurationSpec, EndpointDelay, FaultSpec, NodeSpec, Scenario, ScenarioArm, TrafficSpec } from './types.ts'

/** Every Deployment, StatefulSet and DaemonSet gets a new image at 0. */
export function timelineAssumption(objects: readonly ScenarioObject[]): string {
  const changes = rolloutObjects(objects).map(({ raw }) => {
    const image = textOf(containersOf(raw, 'app')[0]?.['image'])
    return `${keyOf(raw)} from ${image} to ${nextImage(image)}`
  })
  return `Timeline: a new image at 0s, ${listSome(changes, 4)}.`
}

/** Which arms are compared. */
export function armsAssumption(arms: readonly ScenarioArm[]): string {
  if (arms.length === 1) return `Arms: ${arms[0]?.name} alone, ${arms[0]?.label}.`
  const words = arms.map(({ name, label }) => `${name} (${label})`)
  return `Arms: ${words.join(' against ')}.`
}

/** How large the cluster is. */
export function nodesAssumption(nodes: readonly NodeSpec[]): string {
  const shapes = new Map<string, number>()
  for (const { cpuMillis, memoryBytes, pods } of nodes) {
    const shape = `${cpuMillis / 1_000} cores, ${memoryBytes / 1024 ** 3} GiB and ${pods} pods`
    shapes.set(shape, (shapes.get(shape) ?? 0) + 1)
  }
  const words = [...shapes].map(([shape, count]) => `${count} × ${shape}`)
  return `Nodes: ${words.join('; ')}: room for all pods and the surge of every arm, and a quarter to spare.`
}

/** Who sends requests, and how many. */
export function trafficAssumption(traffic: readonly TrafficSpec[]): string {
  if (traffic.length === 0) return 'Traffic: none, nothing here takes any.'
  const words = traffic.map(
    ({ to, requestsPerSecond, endpointDelayUs }) =>
      `${requestsPerSecond} requests/s to ${to.kind}/${to.name}, which follow its endpoints ${describeDelay(endpointDelayUs)}`,
  )
  return `Traffic: ${listSome(words, 4)}.`
}

function describeDelay(delay: EndpointDelay): string {
  return delay === 'kube-proxy' ? 'as kube-proxy does' : `after ${formatDuration(delay)}`
}

/** What the delays of the profile are in the median. */
export function profileAssumption({ name, sections }: Profile): string {
  const everyImage = sections.timings['*']
  assert(everyImage !== undefined, 'a profile has timings for every image')
  const { pull, start, ready, terminate } = everyImage
  const delays = Object.entries({ 'image pull': pull, start, 'start until ready': ready, shutdown: terminate })
  const words = delays.map(([what, delay]) => `${what} ${formatDuration(medianUs(delay))}`).join(', ')
  return `Profile: ${name} (medians: ${words}).`
}

/** How long nodes are away where it is not said. */
export function faultsAssumption(written: readonly WrittenFault[], faults: readonly FaultSpec[]): string[] {
  return faults.flatMap((fault, index) => {
    const entry = written[index]?.[fault.type]
    if (!('repair' in fault) || entry === undefined || 'repair' in entry) return []
    return [`Repair of a ${fault.type}: ${formatDuration(medianUs(fault.repair))} in the median.`]
  })
}

/** Which disks claims get whose class no object describes. */
export function storageAssumption({ arms, storage }: Pick<Scenario, 'arms' | 'storage'>): string[] {
  if (storage === undefined) return []
  const assumed = [...new Set(arms.flatMap(({ objects }) => assumedClasses(objects)))]
  if (assumed.length === 0) return []
  const named = assumed.filter((name) => name !== '')
  const which = named.length === 0 ? 'No StorageClass was given' : `No StorageClass ${listSome(named, 4)} was given`
  const every = storage.classes['*']
  const delays = every && Object.entries({ attach: every.attach, detach: every.detach, provision: every.provision })
  const words = (delays ?? []).map(([name, delay]) => `${name} ${formatDuration(medianUs(delay))}`).join(', ')
  return [
    `${which}: claims get new disks of a CSI driver (WaitForFirstConsumer, in the zone of the first pod, attached to one ` +
      `node at a time if ReadWriteOnce; in the median: ${words}).`,
  ]
}

/** When runs begin and end, and how many there are. */
export function spanAssumption({
  warmUpUs,
  horizonUs,
  runs,
  seed,
}: Pick<Scenario, 'warmUpUs' | 'horizonUs' | 'runs' | 'seed'>): string {
  const span = `from ${formatDuration(warmUpUs)} before 0 to ${formatDuration(horizonUs)} after it`
  return `Runs: ${runs} for each arm, seeds from ${seed}, ${span}.`
}

/** The middle of a delay; of a list that of its sorted entries. */
function medianUs(delay: DurationSpec): number {
  switch (delay.type) {
    case 'fixed':
      return delay.us
    case 'uniform':
      return Math.round((delay.lowUs + delay.highUs) / 2)
    case 'lognormal':
      return delay.medianUs
    case 'exponential':
      return Math.round(delay.meanUs * Math.LN2)
    case 'list': {
      const sorted = delay.entriesUs.map((us) => us ?? Infinity).toSorted((a, b) => a - b)
      return sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity
    }
    case 'never':
      return Infinity
  }
}
