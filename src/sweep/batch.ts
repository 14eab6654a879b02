// Runs one batch on one engine. Used by the workers of the pool and, for small sweeps, by the main thread.

import { writeToBuffer } from 'fast-csv'
import { assert } from '../base/assert.ts'
import { InputError } from '../base/errors.ts'
import type { Engine } from '../engine/types.ts'
import { AVAILABILITY_POINTS } from '../engine/types.ts'
import type { RunRow } from '../metrics/types.ts'
import { RESPONSES } from '../metrics/types.ts'
import type { Scenario, ScenarioArm } from '../scenario/types.ts'
import type { Part } from './part.ts'
import type { Batch } from './plan.ts'
import { RUN_COLUMNS } from './types.ts'

type CsvRow = string[]

const ROLLOUT_CELL = RUN_COLUMNS.indexOf('rolloutSeconds')

/** Values that an availability sample can have: 0 to 100 percent. */
export const PERCENT_VALUES = 101

/** Cells of the availability histogram: `instant * PERCENT_VALUES + percent`. */
export const AVAILABILITY_CELLS = AVAILABILITY_POINTS * PERCENT_VALUES

/** Compiles one arm of a scenario: `createEngine` of engine/, or a fake one in tests. */
export type CreateEngine = (scenario: Scenario, arm: ScenarioArm) => Engine

/** Called between runs; may wait, or throw to give the batch up. */
export type Breathe = () => Promise<void> | undefined

/** For those who need not be looked after. */
export const NEVER_PAUSE: Breathe = () => undefined

/** Gives the engine of each arm, compiled when first asked for and kept. */
export function keepEngines(scenario: Scenario, createEngine: CreateEngine): (armIndex: number) => Engine {
  const engines = new Map<number, Engine>()
  return (armIndex) => {
    const arm = scenario.arms[armIndex]
    assert(arm !== undefined, 'a batch names an arm of its scenario')
    const engine = engines.get(armIndex) ?? createEngine(scenario, arm)
    engines.set(armIndex, engine)
    return engine
  }
}

/**
 * Runs every seed of a batch.
 *
 * @throws InputError if the scenario cannot be run; any other error is ours and names the run that shows it
 */
export async function runBatch(engine: Engine, arm: string, batch: Batch, breathe = NEVER_PAUSE): Promise<Part> {
  const cells = new Uint32Array(AVAILABILITY_CELLS)
  const rows: CsvRow[] = []
  const ordinals: CsvRow[] = []
  let events = 0
  for (let run = 0; run < batch.count; run++) {
    const result = runSeed(engine, arm, batch.firstSeed + run)
    for (const row of result.rows) rows.push(printRow(row))
    const seed = String(batch.firstSeed + run)
    for (const { workload, ordinal, awaySeconds } of result.ordinals)
      ordinals.push([arm, seed, workload, String(ordinal), printNumber(awaySeconds)])
    // A scenario without a measured workload has no samples.
    for (const [instant, percent] of result.availability.entries()) {
      const cell = instant * PERCENT_VALUES + percent
      cells[cell] = (cells[cell] ?? 0) + 1
    }
    events += result.events
    const pause = breathe()
    if (pause !== undefined) await pause
  }
  return {
    rowCount: rows.length,
    events,
    availability: packCells(cells),
    csv: await formatRows(rows),
    ordinals: await formatRows(ordinals),
  }
}

/** fast-csv would make an empty line of no rows. */
async function formatRows(rows: CsvRow[]): Promise<Buffer> {
  if (rows.length === 0) return Buffer.alloc(0)
  return writeToBuffer(rows, { headers: false, includeEndRowDelimiter: true })
}

/** One run; an error of ours names it. */
export function runSeed(engine: Engine, arm: string, seed: number): ReturnType<Engine['run']> {
  try {
    return engine.run(seed)
  } catch (error) {
    if (error instanceof InputError || !(error instanceof Error)) throw error
    throw new Error(`${error.message} (arm ${arm}, seed ${seed})`, { cause: error })
  }
}

/** One row of runs.csv. */
export function printRow(row: RunRow): CsvRow {
  const cells: CsvRow = [row.scenario, row.arm, String(row.seed), row.workload, row.outcome]
  for (const response of RESPONSES) cells.push(printNumber(row[response]))
  // Without an end there is no duration; whatever the engine put there says nothing.
  if (row.outcome !== 'complete') cells[ROLLOUT_CELL] = ''
  return cells
}

/** The shortest text that reads back as the same number; nothing for NaN. */
export function printNumber(value: number): string {
  return Number.isNaN(value) ? '' : String(value === 0 ? 0 : value)
}

/** Keeps the cells that are not empty: most instants have one value in every run. */
function packCells(cells: Uint32Array): Uint32Array {
  const packed: number[] = []
  for (const [cell, count] of cells.entries()) {
    if (count > 0) packed.push(cell, count)
  }
  return Uint32Array.from(packed)
}
