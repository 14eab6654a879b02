// A sweep over a space: draws and runs its scenarios, in this thread or in a pool, and writes the results. Interrupted,
// it goes on where it stopped; the bytes of the results depend on the space, the numbers and the version alone.

import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../../base/errors.ts'
import { createEngine } from '../../engine/engine.ts'
import type { Json } from '../../manifest/types.ts'
import type { ScenarioSpace, SpaceParameter } from '../../scenario/space.ts'
import { printNumber } from '../batch.ts'
import { engineDigest } from '../engineDigest.ts'
import { runAll } from '../lanes.ts'
import { openParts, type PartsFolder } from '../parts.ts'
import { finishResultFiles, formatCsv } from '../resultFiles.ts'
import { breathingRunner, poolRunner } from '../runners.ts'
import type { FileDigest, SpaceOutcome, SpaceProvenance, SweepProgress } from '../types.ts'
import * as files from '../types.ts'
import { VERSION } from '../version.ts'
import { describeWriteFailure, streamPartial, writeWhole } from '../wholeFile.ts'
import { decodeSpacePart, encodeSpacePart, runSpaceBatch, type ScenarioEnd, type SpacePart } from './batch.ts'
import { scenarioName, SpaceDraws } from './draw.ts'
import { planSpace, type ScenarioNumbers, type SpaceBatch, spacePartName, spaceRunId } from './plan.ts'

export interface SpaceSweepOptions {
  readonly space: ScenarioSpace
  readonly numbers: ScenarioNumbers
  readonly outDir: string
  /** Worker threads; 1 runs everything in this thread. */
  readonly jobs: number
  readonly signal?: AbortSignal
  /** Counts scenarios, not runs. */
  readonly onProgress?: (progress: SweepProgress) => void
  readonly command: readonly string[]
  readonly inputs?: readonly FileDigest[]
}

/** Fewer scenarios than this are done before a pool has started. */
const POOL_SCENARIOS_MIN = 24

const WORKER_FILE = new URL('./worker.js', import.meta.url)

/**
 * Runs the scenarios of a space and writes runs.csv, scenarios.csv and provenance.json.
 *
 * @throws InputError if not one scenario could be run, OperatingError if the folder cannot be written
 */
export async function runSpaceSweep(options: SpaceSweepOptions): Promise<SpaceOutcome> {
  const startedAt = new Date()
  const { space, numbers, outDir, signal } = options
  const plan = planSpace(numbers)
  const nameOf = (batch: SpaceBatch): string => spacePartName(space, numbers, batch)
  const parts = await openParts(outDir, { nameOf, decode: decodeSpacePart }, plan)
  await removeResults(outDir)
  const missing = await parts.missing()
  const totalRuns = numbers.scenarios
  const resumedRuns = totalRuns - missing.reduce((sum, { count }) => sum + count, 0)
  let doneRuns = resumedRuns
  options.onProgress?.({ doneRuns, resumedRuns, totalRuns })
  try {
    signal?.throwIfAborted()
    await runBatches(options, missing, parts, ({ count }) => {
      doneRuns += count
      options.onProgress?.({ doneRuns, resumedRuns, totalRuns })
    })
    const provenance = await writeResults(options, plan, parts, startedAt)
    await parts.remove()
    return { state: 'complete', runs: provenance.space.runs, provenance }
  } catch (error) {
    if (signal?.aborted === true) return { state: 'interrupted' }
    throw error
  }
}

async function removeResults(outDir: string): Promise<void> {
  const names = [files.RUNS_FILE, files.SCENARIOS_FILE, files.SUMMARY_FILE, files.REGIONS_FILE, files.PROVENANCE_FILE]
  for (const name of [...names, files.AVAILABILITY_FILE]) {
    const path = join(outDir, name)
    await rm(path, { force: true }).catch((error: unknown) => {
      throw describeWriteFailure(error, path)
    })
  }
}

async function runBatches(
  { space, numbers, jobs, signal }: SpaceSweepOptions,
  batches: readonly SpaceBatch[],
  parts: PartsFolder<SpaceBatch, SpacePart>,
  onBatch: (batch: SpaceBatch) => void,
): Promise<void> {
  if (batches.length === 0) return
  const scenarios = batches.reduce((sum, { count }) => sum + count, 0)
  const runner =
    jobs > 1 && scenarios >= POOL_SCENARIOS_MIN
      ? poolRunner<SpaceBatch>({ space, numbers }, jobs, WORKER_FILE)
      : breathingRunner<SpaceBatch>(async (batch, breathe) =>
          encodeSpacePart(await runSpaceBatch(space, numbers, batch, createEngine, breathe)),
        )
  await runAll(runner, batches, parts, signal, onBatch)
}

/** From the parts to the files. runs.csv gets its name last. */
async function writeResults(
  options: SpaceSweepOptions,
  plan: readonly SpaceBatch[],
  parts: PartsFolder<SpaceBatch, SpacePart>,
  startedAt: Date,
): Promise<SpaceProvenance> {
  const { outDir, signal } = options
  const ends: ScenarioEnd[] = []
  const digest = createHash('sha256')
  let [rows, events] = [0, 0]
  async function* runs(): AsyncGenerator<Uint8Array> {
    const head = await formatCsv([files.RUN_COLUMNS])
    digest.update(head)
    yield head
    for (const batch of plan) {
      const part = await parts.read(batch)
      ends.push(...part.ends)
      rows += part.rowCount
      events += part.events
      digest.update(part.csv)
      yield Buffer.from(part.csv)
    }
  }
  await streamPartial(join(outDir, files.RUNS_FILE), runs(), signal)
  if (rows === 0) throw nothingRan(options.space, ends)
  const scenarios = await formatCsv(scenarioRows(options, ends))
  await writeWhole(join(outDir, files.SCENARIOS_FILE), scenarios)
  const results = [
    { path: files.RUNS_FILE, sha256: digest.digest('hex') },
    { path: files.SCENARIOS_FILE, sha256: createHash('sha256').update(scenarios).digest('hex') },
  ]
  const provenance = describe(options, { rows, events, results, startedAt })
  await writeWhole(join(outDir, files.PROVENANCE_FILE), `${JSON.stringify(provenance, null, 2)}\n`)
  await finishResultFiles(outDir)
  return provenance
}

function nothingRan({ name }: ScenarioSpace, ends: readonly ScenarioEnd[]): InputError {
  const reasons = [...new Set(ends.map(({ state, reason }) => `${state}: ${reason}`))].slice(0, 3)
  const message = `not one of ${ends.length} scenarios can be run; ${reasons.join('; ')}`
  return new InputError([{ severity: 'error', object: `ScenarioSpace/${name}`, message }])
}

function scenarioRows({ space, numbers }: SpaceSweepOptions, ends: readonly ScenarioEnd[]): string[][] {
  const draws = new SpaceDraws(space, numbers)
  const rows = ends.map(({ state, reason }, index) => {
    const values = draws.values(index + 1)
    const cells = space.parameters.map((parameter, place) => printValue(parameter, values[place] ?? null))
    return [scenarioName(space, index + 1), state, reason, ...cells]
  })
  return [[...files.SCENARIO_COLUMNS, ...space.parameters.map(({ name }) => name)], ...rows]
}

/** A drawn value as scenarios.csv has it: durations in seconds, what is no scalar as JSON. */
function printValue({ range }: SpaceParameter, value: Json): string {
  if (range.type === 'duration' && typeof value === 'number') return printNumber(value / 1_000_000)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function describe(
  { space, numbers, command, inputs }: SpaceSweepOptions,
  made: Pick<SpaceProvenance, 'rows' | 'events' | 'results'> & { readonly startedAt: Date },
): SpaceProvenance {
  const { startedAt, ...rest } = made
  return {
    runId: spaceRunId(space, numbers),
    rollbench: VERSION,
    engine: engineDigest(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    kubernetes: space.kubernetes,
    scenario: { name: space.name, sha256: space.hash },
    arms: [],
    firstSeed: numbers.firstSeed,
    seeds: numbers.scenarios * numbers.runs,
    windowSeconds: 0,
    ...rest,
    command,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    inputs: inputs ?? [],
    space: {
      scenarios: numbers.scenarios,
      seed: numbers.seed,
      runs: numbers.runs,
      parameters: space.parameters.map((parameter) => {
        const { name, range } = parameter
        const values = range.type === 'choice' ? range.values.map((value) => printValue(parameter, value)) : []
        return { name, type: range.type, values }
      }),
      winBy: space.winBy,
    },
  }
}
