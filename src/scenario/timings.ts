// Delays per image: the profile, under `"*"`, under the image's own entry, field by field.

import { readDistribution, readDuration, type PartProblem } from './distribution.ts'
import { ideal } from './profiles/ideal.ts'
import type { Profile } from './profiles/profile.ts'
import { typical } from './profiles/typical.ts'
import type { WrittenSurroundings, WrittenTimings } from './schema.ts'
import type { ImageTimings, Surroundings } from './types.ts'

/** The profiles by name. */
export const PROFILES: Readonly<Record<'typical' | 'ideal', Profile>> = { typical, ideal }

type Report = (problem: PartProblem) => void

/**
 * Merges written timings over a profile. The result has a complete `"*"` and a complete entry for every image named.
 *
 * @param report takes what is wrong with a part of `written`, by its path in there
 */
export function mergeTimings(
  profile: Profile,
  written: Readonly<Record<string, WrittenTimings>>,
  report: Report,
): Record<string, ImageTimings> {
  const everyImage = overlay(profile.timings, written['*'] ?? {}, at('*', report))
  const timings: Record<string, ImageTimings> = { '*': everyImage }
  for (const [image, entry] of Object.entries(written)) {
    if (image !== '*') timings[image] = overlay(everyImage, entry, at(image, report))
  }
  return timings
}

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

/** Merges what a scenario says about control plane and network over a profile. */
export function mergeSurroundings(profile: Profile, written: WrittenSurroundings, report: Report): Surroundings {
  const read = (field: 'apiWrite' | 'endpointDelay', underUs: number): number => {
    if (written[field] === undefined) return underUs
    const parsed = readDuration(written[field])
    if ('value' in parsed) return parsed.value
    report({ path: [field], message: parsed.wrong })
    return underUs
  }
  const under = profile.surroundings
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
