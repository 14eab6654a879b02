// Runs the scenarios of one batch: each is drawn, loaded, compiled for each of its arms, and run with its seeds.

import { createHash } from 'node:crypto'
import { writeToBuffer } from 'fast-csv'
import { InputError } from '../../base/errors.ts'
import type { Scenario } from '../../scenario/types.ts'
import { loadMade, type ScenarioSpace } from '../../scenario/space.ts'
import { type Breathe, type CreateEngine, NEVER_PAUSE, printRow, runSeed } from '../batch.ts'
import type { ScenarioState } from '../types.ts'
import { SpaceDraws } from './draw.ts'
import type { ScenarioNumbers, SpaceBatch } from './plan.ts'

/** What became of one scenario. */
export interface ScenarioEnd {
  readonly state: ScenarioState
  /** Why it did not run; empty if it did. */
  readonly reason: string
}

/** The results of one batch. */
export interface SpacePart {
  readonly ends: readonly ScenarioEnd[]
  readonly rowCount: number
  readonly events: number
  /** Rows of runs.csv, by scenario, arm, seed and workload. */
  readonly csv: string
}

/** Runs every scenario of a batch. What is wrong with a scenario is counted, what is wrong with us is thrown. */
export async function runSpaceBatch(
  space: ScenarioSpace,
  numbers: ScenarioNumbers,
  { first, count }: SpaceBatch,
  createEngine: CreateEngine,
  breathe: Breathe = NEVER_PAUSE,
): Promise<SpacePart> {
  const draws = new SpaceDraws(space, numbers)
  const ends: ScenarioEnd[] = []
  const rows: string[][] = []
  let events = 0
  for (let k = first; k < first + count; k++) {
    const loaded = loadDrawn(draws, k)
    if ('state' in loaded) {
      ends.push(loaded)
      continue
    }
    const ran = await runScenario(loaded, numbers.runs, createEngine, breathe)
    ends.push(ran.end)
    rows.push(...ran.rows)
    events += ran.events
  }
  const csv = await writeToBuffer(rows, { headers: false, includeEndRowDelimiter: true })
  return { ends, rowCount: rows.length, events, csv: csv.toString('utf8') }
}

/** Draws and loads one scenario; why it is none otherwise. */
function loadDrawn(draws: SpaceDraws, k: number): Scenario | ScenarioEnd {
  const { name, spec, wrong } = draws.draw(k)
  if (wrong !== undefined) return { state: 'refused', reason: wrong }
  try {
    return loadMade(name, spec).scenario
  } catch (error) {
    return endOf(error, 'refused')
  }
}

async function runScenario(
  scenario: Scenario,
  runs: number,
  createEngine: CreateEngine,
  breathe: Breathe,
): Promise<{ end: ScenarioEnd; rows: string[][]; events: number }> {
  const rows: string[][] = []
  let events = 0
  try {
    for (const arm of scenario.arms) {
      const engine = createEngine(scenario, arm)
      for (let run = 0; run < runs; run++) {
        const result = runSeed(engine, `${scenario.name} ${arm.name}`, scenario.seed + run)
        for (const row of result.rows) rows.push(printRow(row))
        events += result.events
        const pause = breathe()
        if (pause !== undefined) await pause
      }
    }
  } catch (error) {
    // Without one of its arms a scenario compares nothing: none of its rows is kept.
    return { end: endOf(error, 'unsettled'), rows: [], events: 0 }
  }
  return { end: { state: 'ran', reason: '' }, rows, events }
}

function endOf(error: unknown, state: ScenarioState): ScenarioEnd {
  if (!(error instanceof InputError)) throw error
  const [problem] = error.problems.filter(({ severity }) => severity === 'error')
  return { state, reason: [problem?.object, problem?.path, problem?.message].filter(Boolean).join(' ') }
}

const DIGEST_LENGTH = 64

/** A part as bytes: its digest, and its JSON. */
export function encodeSpacePart(part: SpacePart): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify(part)
  return new Uint8Array(Buffer.from(digest(json) + json))
}

/** Reads a part. Undefined if the bytes are not whole. */
export function decodeSpacePart(bytes: Uint8Array): SpacePart | undefined {
  const text = Buffer.from(bytes).toString('utf8')
  const json = text.slice(DIGEST_LENGTH)
  return digest(json) === text.slice(0, DIGEST_LENGTH) ? (JSON.parse(json) as SpacePart) : undefined
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
