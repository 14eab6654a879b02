// Durations and distributions as they are written in scenario files, turned into integer microseconds.

import { InputError } from '../base/errors.ts'
import { parseDuration, US_PER_HOUR } from '../base/units.ts'
import { describe } from '../manifest/parse.ts'
import type { DurationSpec } from './types.ts'

/** The longest duration that is accepted: one year. Virtual time stays exact far beyond it. */
const DURATION_US_MAX = 366 * 24 * US_PER_HOUR

/** What a duration looks like, for the published JSON Schema. */
export const DURATION_PATTERN = '^(0|([0-9]+(\\.[0-9]+)?(h|m|s|ms|us))+)$'

/** The outcome of reading a text: its value, or what is wrong with it in words. */
export type Parsed<Value> = { readonly value: Value } | { readonly wrong: string }

/** Reads a duration of a scenario file as microseconds. A bare number is refused: its unit would be a guess. */
export function readDuration(input: unknown): Parsed<number> {
  if (typeof input !== 'string' && typeof input !== 'number') {
    return { wrong: `expected a duration such as "10m", "1.5s" or "250ms", got ${describe(input)}` }
  }
  try {
    const value = parseDuration(String(input).trim())
    return value > DURATION_US_MAX ? { wrong: `"${input}" is longer than a year` } : { value }
  } catch (error) {
    if (error instanceof InputError) return { wrong: error.problems[0]!.message }
    throw error
  }
}

/** The keys of a distribution; exactly one of them names its shape. */
export const DISTRIBUTION_KEYS = ['fixed', 'uniform', 'lognormal', 'exponential', 'list'] as const

/** A problem with a part of a distribution: `path` leads from the distribution to the part. */
export interface PartProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/**
 * Reads a distribution: a duration text (fixed), `never`, or an object with one of DISTRIBUTION_KEYS.
 * Only its values are judged here; the schema has checked that the keys and lengths are right.
 */
export function readDistribution(input: unknown, report: (problem: PartProblem) => void): DurationSpec {
  if (input === 'never') return { type: 'never' }
  const read = (value: unknown, ...path: (string | number)[]): number => {
    const parsed = readDuration(value)
    if ('value' in parsed) return parsed.value
    report({ path, message: parsed.wrong })
    // Compares as false with everything, so that one mistake is reported once.
    return Number.NaN
  }
  if (typeof input !== 'object' || input === null) return { type: 'fixed', us: read(input) }
  const written = input as WrittenDistribution
  if (written.uniform !== undefined) return readUniform(written.uniform, read, report)
  if (written.lognormal !== undefined) return readLognormal(written.lognormal, read, report)
  if (written.exponential !== undefined) {
    return { type: 'exponential', meanUs: read(written.exponential.mean, 'exponential', 'mean') }
  }
  if (written.list !== undefined) {
    const entriesUs = written.list.map((entry, index) => (entry === 'never' ? null : read(entry, 'list', index)))
    return { type: 'list', entriesUs }
  }
  return { type: 'fixed', us: read(written.fixed, 'fixed') }
}

/** The written form of a distribution; exactly one key is present. */
interface WrittenDistribution {
  readonly fixed?: unknown
  readonly uniform?: readonly unknown[]
  readonly lognormal?: { readonly median: unknown; readonly p95: unknown }
  readonly exponential?: { readonly mean: unknown }
  readonly list?: readonly unknown[]
}

type Read = (value: unknown, ...path: (string | number)[]) => number
type Report = (problem: PartProblem) => void

function readUniform(bounds: readonly unknown[], read: Read, report: Report): DurationSpec {
  const lowUs = read(bounds[0], 'uniform', 0)
  const highUs = read(bounds[1], 'uniform', 1)
  if (lowUs > highUs) report({ path: ['uniform'], message: 'the lower bound is above the upper one: swap them' })
  return { type: 'uniform', lowUs, highUs }
}

function readLognormal(
  shape: { readonly median: unknown; readonly p95: unknown },
  read: Read,
  report: Report,
): DurationSpec {
  const medianUs = read(shape.median, 'lognormal', 'median')
  const p95Us = read(shape.p95, 'lognormal', 'p95')
  if (medianUs > p95Us) report({ path: ['lognormal'], message: 'p95 must not be below the median' })
  else if (p95Us === 0) return { type: 'fixed', us: 0 }
  else if (medianUs === 0) report({ path: ['lognormal', 'median'], message: 'the median must be above 0s' })
  return { type: 'lognormal', medianUs, p95Us }
}
