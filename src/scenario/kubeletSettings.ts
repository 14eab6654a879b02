// Images, registry and kubelets: what is written, over what the profile assumes.

import { NONE } from '../base/columns.ts'
import { US_PER_SECOND } from '../base/units.ts'
import { bytes, parseQuantity } from '../manifest/quantity.ts'
import { readDistribution, readDuration } from './distribution.ts'
import type { ImageSettings, KubeletSettings, RegistrySettings } from './kubeletTypes.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenKubelets, WrittenRegistry, WrittenTimings } from './schema.ts'
import type { DurationSpec } from './types.ts'

const AT_ONCE: DurationSpec = { type: 'fixed', us: 0 }

/** MaxContainerBackOff and the bounds that the kubelet's configuration accepts. */
const RESTART_PERIOD_US_MAX = 300 * US_PER_SECOND

const PLAIN_IMAGE: ImageSettings = {
  sizeBytes: NONE,
  pulledBySize: false,
  layersShared: 0,
  exists: true,
  pullFailure: 0,
  onSigterm: 'drains',
  preStop: AT_ONCE,
  postStart: AT_ONCE,
}

/** Kubelets without any delay of their own: rules remain (the 0.3 s of volumes, ticks of 1 s, the grids of probes). */
export const IDEAL_KUBELET: KubeletSettings = {
  hasPhases: false,
  relist: AT_ONCE,
  create: AT_ONCE,
  pullsMax: 1,
  restartPeriodUsMax: RESTART_PERIOD_US_MAX,
  registry: { bandwidth: { median: Infinity, p95: Infinity }, request: AT_ONCE, pullFailure: 0, outages: [] },
  readinessGates: {},
  images: { '*': PLAIN_IMAGE },
}

/** The sections that concern kubelets, of a profile or of a scenario. */
interface WrittenSettings {
  readonly registry?: WrittenRegistry | undefined
  readonly kubelets?: WrittenKubelets | undefined
  readonly timings?: Readonly<Record<string, WrittenTimings>> | undefined
}

/** Lays what is written over complete settings, field by field. */
export function layKubelets(under: KubeletSettings, written: WrittenSettings, at: Reporter): KubeletSettings {
  const { configuration, phases, readinessGates = {}, ...delays } = written.kubelets ?? {}
  const kubeletsAt = at.within('kubelets')
  const gates: Record<string, number> = { ...under.readinessGates }
  for (const [type, text] of Object.entries(readinessGates)) {
    const us = kubeletsAt.take(readDuration(text), ['readinessGates', type])
    if (us !== undefined) gates[type] = us
  }
  const read = (field: 'relist' | 'create'): DurationSpec =>
    delays[field] === undefined ? under[field] : readDistribution(delays[field], kubeletsAt.within(field).part)
  const registry = readRegistry(written.registry ?? {}, under.registry, at.within('registry'))
  return {
    hasPhases: phases === undefined ? under.hasPhases : phases === 'random',
    relist: read('relist'),
    create: read('create'),
    ...readConfiguration(configuration ?? {}, under, kubeletsAt.within('configuration')),
    registry,
    readinessGates: gates,
    images: readImages(written, under, registry.pullFailure, at.within('timings')),
  }
}

type Configuration = Pick<KubeletSettings, 'pullsMax' | 'restartPeriodUsMax'>

function readConfiguration(
  written: NonNullable<WrittenKubelets['configuration']>,
  under: Configuration,
  at: Reporter,
): Configuration {
  const { maxContainerRestartPeriod: period, maxParallelImagePulls, serializeImagePulls } = written
  if (serializeImagePulls !== false && maxParallelImagePulls !== undefined)
    at.error(
      ['maxParallelImagePulls'],
      'images are pulled one after another: write serializeImagePulls: false beside it',
    )
  const isSerial = serializeImagePulls ?? under.pullsMax === 1
  const pullsMax = isSerial ? 1 : (maxParallelImagePulls ?? (under.pullsMax === 1 ? 0 : under.pullsMax))
  if (period === undefined) return { pullsMax, restartPeriodUsMax: under.restartPeriodUsMax }
  const us = at.take(readDuration(period), ['maxContainerRestartPeriod']) ?? RESTART_PERIOD_US_MAX
  if (us < US_PER_SECOND || us > RESTART_PERIOD_US_MAX)
    at.error(['maxContainerRestartPeriod'], `must be between 1s and 300s, got "${period}"`)
  return { pullsMax, restartPeriodUsMax: us }
}

function readRegistry(written: WrittenRegistry, under: RegistrySettings, at: Reporter): RegistrySettings {
  const outages = written.outages?.flatMap((outage, index) => {
    const fromUs = at.take(readDuration(outage.from), ['outages', index, 'from'])
    const untilUs = at.take(readDuration(outage.until), ['outages', index, 'until'])
    if (fromUs === undefined || untilUs === undefined) return []
    if (untilUs <= fromUs) at.error(['outages', index, 'until'], 'must be after `from`')
    return [{ fromUs, untilUs }]
  })
  return {
    bandwidth: written.bandwidth === undefined ? under.bandwidth : readSpeed(written.bandwidth, at),
    request:
      written.request === undefined ? under.request : readDistribution(written.request, at.within('request').part),
    pullFailure: written.pullFailure ?? under.pullFailure,
    outages: outages ?? under.outages,
  }
}

function readSpeed(written: NonNullable<WrittenRegistry['bandwidth']>, at: Reporter): RegistrySettings['bandwidth'] {
  if (typeof written !== 'object') {
    const bytesPerSecond = readBytes(written, ['bandwidth'], at)
    return { median: bytesPerSecond, p95: bytesPerSecond }
  }
  const median = readBytes(written.median, ['bandwidth', 'median'], at)
  const p95 = readBytes(written.p95, ['bandwidth', 'p95'], at)
  if (p95 < median) at.error(['bandwidth'], 'p95 must not be below the median')
  return { median, p95 }
}

/** As mergeTimings: what is written wins over the profile, its `"*"` too, and an image's own entry over `"*"`. */
function readImages(
  { registry, timings: written = {} }: WrittenSettings,
  { images: under }: KubeletSettings,
  pullFailure: number,
  at: Reporter,
): Record<string, ImageSettings> {
  const images: Record<string, ImageSettings> = {}
  for (const image of new Set(['*', ...Object.keys(under), ...Object.keys(written)])) {
    const below = under[image] ?? under['*'] ?? PLAIN_IMAGE
    const everyImage = registry?.pullFailure === undefined ? below : { ...below, pullFailure }
    const over = overlay(everyImage, written['*'] ?? {}, at.within('*'))
    const own = image === '*' ? undefined : written[image]
    images[image] = own === undefined ? over : overlay(over, own, at.within(image))
  }
  return images
}

function overlay(under: ImageSettings, entry: WrittenTimings, at: Reporter): ImageSettings {
  const hook = (field: 'preStop' | 'postStart'): DurationSpec =>
    entry[field] === undefined ? under[field] : readDistribution(entry[field], at.within(field).part)
  return {
    sizeBytes: entry.size === undefined ? under.sizeBytes : readBytes(entry.size, ['size'], at),
    pulledBySize: entry.pull === undefined && (entry.size !== undefined || under.pulledBySize),
    layersShared: entry.layersShared ?? under.layersShared,
    exists: entry.exists ?? under.exists,
    pullFailure: entry.pullFailure ?? under.pullFailure,
    onSigterm: entry.onSigterm ?? under.onSigterm,
    preStop: hook('preStop'),
    postStart: hook('postStart'),
  }
}

/** A quantity of bytes above zero; 1 after reporting that it is none. */
function readBytes(written: string | number, path: readonly string[], at: Reporter): number {
  const parsed = parseQuantity(written)
  if (parsed !== undefined && parsed.nano > 0n) return bytes(written)
  at.error([...path], `"${written}" is not a number of bytes above zero: write for example 120Mi`)
  return 1
}
