// Delays per image: the profile, under `"*"`, under the image's own entry, field by field.

import { assert } from '../base/assert.ts'
import { readDistribution, type PartProblem } from './distribution.ts'
import type { WrittenSurroundings, WrittenTimings } from './schema.ts'
import { mergeClients, mergeNetwork, readEndpointDelay } from './trafficDelays.ts'
import type { ClientLimits, ImageTimings, Surroundings } from './types.ts'

type Report = (problem: PartProblem) => void

/**
 * Lays written timings over those of a profile. The result has a complete `"*"` and a complete entry for every image
 * named in either. What is written wins over the profile, its `"*"` too, and an image's own entry over `"*"`.
 *
 * @param report takes what is wrong with a part of `written`, by its path in there
 */
export function mergeTimings(
  under: Readonly<Record<string, ImageTimings>>,
  written: Readonly<Record<string, WrittenTimings>>,
  report: Report,
): Record<string, ImageTimings> {
  const everyImage = written['*'] ?? {}
  const timings: Record<string, ImageTimings> = {}
  for (const image of new Set([...Object.keys(under), ...Object.keys(written)])) {
    const below = under[image] ?? under['*']
    assert(below !== undefined, 'a profile has timings for every image')
    // Problems of "*" are reported once, with "*" itself.
    const over = overlay(below, everyImage, image === '*' ? at('*', report) : ignore)
    const own = image === '*' ? undefined : written[image]
    timings[image] = own === undefined ? over : overlay(over, own, at(image, report))
  }
  return timings
}

function ignore(): void {}

function overlay(under: ImageTimings, entry: WrittenTimings, report: Report): ImageTimings {
  const read = (field: 'pull' | 'start' | 'ready' | 'terminate' | 'run') =>
    entry[field] === undefined ? under[field] : readDistribution(entry[field], at(field, report))
  return {
    pull: read('pull'),
    start: read('start'),
    ready: read('ready'),
    terminate: read('terminate'),
    run: read('run'),
    fail: entry.fail === undefined ? under.fail : typeof entry.fail === 'boolean' ? Number(entry.fail) : entry.fail,
  }
}

/** Lays what is written about control plane and network over a profile. */
export function mergeSurroundings(under: Surroundings, written: WrittenSurroundings, report: Report): Surroundings {
  const { apiWriteUs, apiWrite, clientLimits, ...rest } = under
  const limits = written.clientLimits === undefined ? clientLimits : readLimits(written.clientLimits, clientLimits)
  return {
    ...rest,
    ...(written.apiWrite === undefined
      ? { apiWriteUs, ...(apiWrite && { apiWrite }) }
      : readApiWrite(written.apiWrite, at('apiWrite', report))),
    ...(limits && { clientLimits: limits }),
    bind: written.bind === undefined ? under.bind : readDistribution(written.bind, at('bind', report)),
    endpointDelayUs: readEndpointDelay(written.endpointDelay, under.endpointDelayUs, at('endpointDelay', report)),
    ...mergeClients(under.clients, written.clients, at('clients', report)),
    ...mergeNetwork(under.network, written.network, at('network', report)),
  }
}

/** The defaults of the kube-controller-manager and of kubectl 1.36 (client-go's, where kubectl sets none). */
const DEFAULT_LIMITS: ClientLimits = {
  controllerManager: { perSecond: 20, burst: 30 },
  kubectl: { perSecond: 5, burst: 10 },
}

function readLimits(
  written: NonNullable<WrittenSurroundings['clientLimits']>,
  under: ClientLimits = DEFAULT_LIMITS,
): ClientLimits | undefined {
  if (written === 'none') return undefined
  return {
    controllerManager: written.controllerManager ?? under.controllerManager,
    kubectl: written.kubectl ?? under.kubectl,
  }
}

/** A fixed time costs no draw: it stays a number. */
function readApiWrite(written: unknown, report: Report): Pick<Surroundings, 'apiWriteUs' | 'apiWrite'> {
  const spec = readDistribution(written, report)
  switch (spec.type) {
    case 'fixed':
      return { apiWriteUs: spec.us }
    case 'uniform':
      return { apiWriteUs: Math.round((spec.lowUs + spec.highUs) / 2), apiWrite: spec }
    case 'lognormal':
      return { apiWriteUs: spec.medianUs, apiWrite: spec }
    case 'exponential':
      return { apiWriteUs: Math.round(spec.meanUs * Math.LN2), apiWrite: spec }
    default:
      report({ path: [], message: 'an API write always ends: write a duration, or uniform, lognormal or exponential' })
      return { apiWriteUs: 0 }
  }
}

/** A report that puts `key` in front of every path. */
function at(key: string, report: Report): Report {
  return ({ path, message }) => report({ path: [key, ...path], message })
}
