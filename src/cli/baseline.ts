// A stored baseline: for every arm, workload and response, enough to say later whether new results are worse.

import { createHash } from 'node:crypto'
import type { Response } from '../metrics/types.ts'
import { RESPONSES } from '../metrics/types.ts'
import { InputError } from '../base/errors.ts'
import type { Results, RunGroup } from '../report/results.ts'
import { summarise } from '../statistics/summary.ts'

export const BASELINE_FORMAT = 'rollbench-baseline/1'

/** One response over all runs of one arm and workload. */
export interface ResponseBaseline {
  /** Absent where a run has no finite value, that is, for rolloutSeconds below 100 % complete. */
  readonly mean?: number
  /** Sample standard deviation; 0 for a single run. */
  readonly deviation?: number
  /** sha256 over seeds and values: equal digests mean that every run gave the same number. */
  readonly digest: string
}

export interface GroupBaseline {
  readonly arm: string
  readonly workload: string
  readonly runs: number
  readonly complete: number
  /** A baseline of an earlier version may lack a response. */
  readonly responses: Readonly<Partial<Record<Response, ResponseBaseline>>>
}

/** The small JSON file that `check --write-baseline` stores. */
export interface Baseline {
  readonly format: typeof BASELINE_FORMAT
  readonly rollbench: string
  readonly scenario: { readonly name: string; readonly sha256: string }
  readonly groups: readonly GroupBaseline[]
}

/** Condenses results to a baseline. */
export function toBaseline(results: Results): Baseline {
  return {
    format: BASELINE_FORMAT,
    rollbench: results.provenance?.rollbench ?? '',
    scenario: { name: results.scenario, sha256: results.provenance?.scenario.sha256 ?? '' },
    groups: results.groups.map(toGroupBaseline),
  }
}

function toGroupBaseline(group: RunGroup): GroupBaseline {
  const responses = RESPONSES.map((response) => [response, toResponseBaseline(group, response)] as const)
  return {
    arm: group.arm,
    workload: group.workload,
    runs: group.seeds.length,
    complete: group.outcomes.reduce((count, outcome) => (outcome === 0 ? count + 1 : count), 0),
    responses: Object.fromEntries(responses),
  }
}

function toResponseBaseline(group: RunGroup, response: Response): ResponseBaseline {
  const values = group.responses[response]
  const digest = createHash('sha256').update(toBytes(group.seeds)).update(toBytes(values)).digest('hex').slice(0, 16)
  if (values.length === 0 || values.some((value) => !Number.isFinite(value))) return { digest }
  const { mean, sd } = summarise(values)
  return { mean, deviation: values.length < 2 ? 0 : sd, digest }
}

function toBytes(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

/** Reads the text of a baseline file. Throws InputError where it is none. */
export function parseBaseline(file: string, text: string): Baseline {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw notABaseline(file, 'is not JSON')
  }
  if (!isRecord(value) || value['format'] !== BASELINE_FORMAT) {
    throw notABaseline(file, `is not a baseline: its format is not "${BASELINE_FORMAT}"`)
  }
  const groups = value['groups']
  if (!isRecord(value['scenario']) || !Array.isArray(groups) || !groups.every(isGroup)) {
    throw notABaseline(file, 'is a damaged baseline')
  }
  return value as unknown as Baseline
}

function isGroup(value: unknown): boolean {
  if (!isRecord(value) || typeof value['arm'] !== 'string' || typeof value['workload'] !== 'string') return false
  if (!Number.isInteger(value['runs']) || !Number.isInteger(value['complete'])) return false
  const responses = value['responses']
  if (!isRecord(responses)) return false
  return RESPONSES.every((name) => {
    const response = responses[name]
    if (response === undefined) return true
    if (!isRecord(response) || typeof response['digest'] !== 'string') return false
    if (response['mean'] === undefined) return true
    return Number.isFinite(response['mean']) && Number.isFinite(response['deviation'])
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function notABaseline(file: string, message: string): InputError {
  const hint = 'write one with: rollbench check RESULTS --write-baseline FILE'
  return new InputError([{ file, severity: 'error', message: `${message}; ${hint}` }])
}
