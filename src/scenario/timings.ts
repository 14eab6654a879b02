// Delays per image: the profile, under `"*"`, under the image's own entry, field by field.

import { assert } from '../base/assert.ts'
import { readDistribution, readDuration, type PartProblem } from './distribution.ts'
import type { WrittenSurroundings, WrittenTimings } from './schema.ts'
import type { ImageTimings, Surroundings } from './types.ts'

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
  const read = (field: 'apiWrite' | 'endpointDelay', underUs: number): number => {
    if (written[field] === undefined) return underUs
    const parsed = readDuration(written[field])
    if ('value' in parsed) return parsed.value
    report({ path: [field], message: parsed.wrong })
    return underUs
  }
  return {
    apiWriteUs: read('apiWrite', under.apiWriteUs),
    bind: written.bind === undefined ? under.bind : readDistribution(written.bind, at('bind', report)),
    endpointDelayUs: read('endpointDelay', under.endpointDelayUs),
  }
}

/** A report that puts `key` in front of every path. */
function at(key: string, report: Report): Report {
  return ({ path, message }) => report({ path: [key, ...path], message })
}
