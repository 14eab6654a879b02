// Reads a results folder back: runs.csv, availability.csv, provenance.json. Whatever is not whole is refused.

import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'fast-csv'
import { InputError } from '../base/errors.ts'
import type { Response } from '../metrics/types.ts'
import { RESPONSES } from '../metrics/types.ts'
import type { Provenance } from '../sweep/types.ts'
import {
  AVAILABILITY_COLUMNS,
  AVAILABILITY_FILE,
  OUTCOMES,
  PROVENANCE_FILE,
  RUN_COLUMNS,
  RUNS_FILE,
} from '../sweep/types.ts'
import type { AvailabilitySeries, Results, RunGroup } from './results.ts'

/**
 * Reads everything that a results folder holds.
 *
 * @throws InputError if there are no whole results: missing, cut off, changed by hand, or not ours
 */
export async function readResults(folder: string): Promise<Results> {
  const provenance = await readProvenance(join(folder, PROVENANCE_FILE))
  const { scenario, groups } = await readRuns(folder)
  const rows = groups.reduce((sum, group) => sum + group.seeds.length, 0)
  if (provenance !== undefined && provenance.rows !== rows) {
    const message = `${rows} rows, but ${PROVENANCE_FILE} says ${provenance.rows}; run the sweep again`
    throw wrong(join(folder, RUNS_FILE), message)
  }
  const labels = new Map(provenance?.arms.map(({ name, label }) => [name, label]))
  const names = [...new Set(groups.map(({ arm }) => arm))]
  return {
    scenario,
    arms: names.map((name) => ({ name, label: labels.get(name) ?? name })),
    workloads: [...new Set(groups.map(({ workload }) => workload))],
    groups,
    availability: await readAvailability(join(folder, AVAILABILITY_FILE)),
    ...(provenance === undefined ? {} : { provenance }),
  }
}

/** Columns that do not apply to every workload and run. */
const MAY_BE_EMPTY: readonly Response[] = RESPONSES.slice(RESPONSES.indexOf('stuck') + 1)

/** A group while it grows. */
interface GrowingGroup {
  readonly arm: string
  readonly workload: string
  readonly seeds: number[]
  readonly outcomes: number[]
  readonly responses: Record<Response, number[]>
}

/**
 * Reads runs.csv of a results folder, by columns.
 *
 * @throws InputError naming file and line
 */
export async function readRuns(folder: string): Promise<{ scenario: string; groups: RunGroup[] }> {
  const path = join(folder, RUNS_FILE)
  await requireWholeFile(folder, path)
  const groups = new Map<string, GrowingGroup>()
  let scenario = ''
  for await (const { line, cells } of readRows(path, RUN_COLUMNS)) {
    const [scenarioName = '', arm = '', seed = '', workload = '', outcome = ''] = cells
    scenario = scenarioName
    const key = JSON.stringify([arm, workload])
    const group = groups.get(key) ?? emptyGroup(arm, workload)
    groups.set(key, group)
    const code = OUTCOMES.findIndex((name) => name === outcome)
    if (code < 0) throw wrong(path, `unknown outcome "${outcome}"; one of ${OUTCOMES.join(', ')}`, line)
    const seedNumber = parseNumber(seed, path, line, 'seed')
    if (seedNumber <= (group.seeds.at(-1) ?? -Infinity)) {
      throw wrong(path, `seed ${seed} of ${arm} stands twice or out of order`, line)
    }
    group.seeds.push(seedNumber)
    group.outcomes.push(code)
    for (const [index, response] of RESPONSES.entries()) {
      const text = cells[RUN_COLUMNS.length - RESPONSES.length + index] ?? ''
      const never = response === 'rolloutSeconds' && code !== 0
      const empty = text === '' && MAY_BE_EMPTY.includes(response)
      group.responses[response].push(never ? Infinity : empty ? NaN : parseNumber(text, path, line, response))
    }
  }
  if (groups.size === 0) throw wrong(path, 'no runs in it; run the sweep again')
  return { scenario, groups: [...groups.values()].map(finishGroup) }
}

function emptyGroup(arm: string, workload: string): GrowingGroup {
  const responses = Object.fromEntries(RESPONSES.map((response) => [response, [] as number[]]))
  return { arm, workload, seeds: [], outcomes: [], responses: responses as Record<Response, number[]> }
}

function finishGroup({ arm, workload, seeds, outcomes, responses }: GrowingGroup): RunGroup {
  const columns = Object.fromEntries(RESPONSES.map((response) => [response, Float64Array.from(responses[response])]))
  return {
    arm,
    workload,
    seeds: Float64Array.from(seeds),
    outcomes: Uint8Array.from(outcomes),
    responses: columns as Record<Response, Float64Array>,
  }
}

async function readAvailability(path: string): Promise<AvailabilitySeries[]> {
  if ((await stat(path).catch(() => undefined)) === undefined) return []
  const series = new Map<string, Record<'seconds' | 'p5' | 'p50' | 'p95' | 'mean', number[]>>()
  for await (const { line, cells } of readRows(path, AVAILABILITY_COLUMNS)) {
    const arm = cells[0] ?? ''
    const columns = series.get(arm) ?? { seconds: [], p5: [], p50: [], p95: [], mean: [] }
    series.set(arm, columns)
    const number = (index: number): number => parseNumber(cells[index] ?? '', path, line, AVAILABILITY_COLUMNS[index])
    columns.seconds.push(number(1))
    columns.p5.push(number(2))
    columns.p50.push(number(3))
    columns.p95.push(number(4))
    columns.mean.push(number(5))
  }
  return [...series].map(([arm, columns]) => ({ arm, ...columns }))
}

async function readProvenance(path: string): Promise<Provenance | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as Provenance
  } catch {
    throw wrong(path, 'not JSON; run the sweep again')
  }
}

/** Refuses what is not there, and what ends inside a line: a file that was cut off. */
async function requireWholeFile(folder: string, path: string): Promise<void> {
  const kind = await stat(folder).catch(() => undefined)
  if (kind === undefined) throw wrong(folder, 'no such results folder')
  if (!kind.isDirectory()) throw wrong(folder, 'not a results folder, but a file; name the folder that holds runs.csv')
  const file = await stat(path).catch(() => undefined)
  if (file === undefined || !file.isFile()) {
    throw wrong(
      folder,
      `no ${RUNS_FILE} in it; an interrupted sweep leaves none, run the same command again to finish it`,
    )
  }
  let last = ''
  for await (const chunk of createReadStream(path, { start: Math.max(0, file.size - 1) })) last = String(chunk)
  if (last !== '\n') throw wrong(path, 'it ends inside a line: cut off; run the sweep again')
}

/** The rows of a CSV file with exactly these columns, with their line numbers (the header is line 1). */
export async function* readRows(
  path: string,
  columns: readonly string[],
): AsyncGenerator<{ line: number; cells: readonly string[] }> {
  const expected = columns.join(',')
  let line = 0
  const rows = createReadStream(path).pipe(parse())
  for await (const row of rows) {
    line++
    const cells = row as string[]
    if (line === 1) {
      if (cells.join(',') !== expected)
        throw wrong(path, `not written by this version; expected columns ${expected}`, 1)
    } else if (cells.length === columns.length) {
      yield { line, cells }
    } else {
      throw wrong(path, `${cells.length} columns instead of ${columns.length}: damaged; run the sweep again`, line)
    }
  }
}

function parseNumber(text: string, file: string, line: number, column: string | undefined): number {
  const value = Number(text)
  if (text === '' || Number.isNaN(value)) throw wrong(file, `${column}: expected a number, got "${text}"`, line)
  return value
}

/** The error about a file of the results. */
export function wrong(file: string, message: string, line?: number): InputError {
  return new InputError([{ file, severity: 'error', message, ...(line === undefined ? {} : { line }) }])
}
