// A whole sweep: plan -> missing batches -> run (this thread or a pool) -> parts -> runs.csv -> provenance.json.
// Parts are written as they finish, so an interrupted sweep goes on where it stopped; runs.csv is named last of all.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatingError } from '../base/errors.ts'
import { createEngine } from '../engine/engine.ts'
import type { Scenario } from '../scenario/types.ts'
import { windowSecondsOf } from './availability.ts'
import type { CreateEngine } from './batch.ts'
import { engineDigest } from './engineDigest.ts'
import { runAll } from './lanes.ts'
import type { Part } from './part.ts'
import { decodePart } from './part.ts'
import type { PartsFolder } from './parts.ts'
import { openParts } from './parts.ts'
import type { Batch, SeedRange } from './plan.ts'
import { partName, planSweep, runId } from './plan.ts'
import type { WrittenResults } from './resultFiles.ts'
import { finishResultFiles, writeResultFiles } from './resultFiles.ts'
import { inlineRunner, isWorthPool, poolRunner } from './runners.ts'
import type { FileDigest, Provenance, SweepOutcome, SweepProgress } from './types.ts'
import { AVAILABILITY_FILE, ORDINALS_FILE, PROVENANCE_FILE, RUNS_FILE, SUMMARY_FILE } from './types.ts'
import { VERSION } from './version.ts'
import { describeWriteFailure, writeWhole } from './wholeFile.ts'

export interface SweepOptions extends SeedRange {
  readonly scenario: Scenario
  /** The results folder; made if it is not there. Results of an earlier sweep in it are replaced. */
  readonly outDir: string
  /** Worker threads; 1 runs everything in this thread. */
  readonly jobs: number
  /** Ends the sweep early; finished batches are kept. */
  readonly signal?: AbortSignal
  /** Called at the start and after each finished batch. */
  readonly onProgress?: (progress: SweepProgress) => void
  /** The command line, for provenance.json. */
  readonly command: readonly string[]
  /** Files the scenario was read from, for provenance.json. */
  readonly inputs?: readonly FileDigest[]
}

/** What simulates: the real engine and its worker, or fakes in tests. */
export interface SweepMachinery {
  readonly createEngine: CreateEngine
  /** A worker of the pool, built: Node 20 cannot run TypeScript. */
  readonly workerFile: URL
}

const REAL_MACHINERY: SweepMachinery = { createEngine, workerFile: new URL('./worker.js', import.meta.url) }

/**
 * Runs every arm of a scenario with the same seeds and writes runs.csv, availability.csv and provenance.json.
 *
 * The bytes of the first two depend on scenario, seeds and version alone: not on `jobs`, not on interruptions.
 *
 * @throws InputError if the scenario cannot be run, OperatingError if the folder cannot be written
 */
export async function runSweep(options: SweepOptions, machinery = REAL_MACHINERY): Promise<SweepOutcome> {
  const startedAt = new Date()
  const { scenario, outDir, signal } = options
  const plan = planSweep(scenario, options)
  const parts = await openParts(
    outDir,
    { nameOf: (batch: Batch) => partName(scenario, batch), decode: decodePart },
    plan,
  )
  await removeResults(outDir)
  const missing = await parts.missing()
  const totalRuns = scenario.arms.length * options.seeds
  const resumedRuns = totalRuns - missing.reduce((sum, batch) => sum + batch.count, 0)
  let doneRuns = resumedRuns
  options.onProgress?.({ doneRuns, resumedRuns, totalRuns })
  try {
    signal?.throwIfAborted()
    await runBatches(options, machinery, missing, parts, (batch) => {
      doneRuns += batch.count
      options.onProgress?.({ doneRuns, resumedRuns, totalRuns })
    })
    const written = await writeResultFiles(outDir, scenario, plan, parts, signal)
    const provenance = describeSweep(options, written, startedAt)
    await writeWhole(join(outDir, PROVENANCE_FILE), `${JSON.stringify(provenance, null, 2)}\n`)
    await finishResultFiles(outDir)
    await parts.remove()
    return { state: 'complete', runs: totalRuns, rows: written.rows, provenance }
  } catch (error) {
    if (signal?.aborted === true) return { state: 'interrupted', doneRuns, totalRuns }
    if (!(error instanceof OperatingError) || doneRuns === 0) throw error
    const kept = `${doneRuns} of ${totalRuns} runs are kept, the same command goes on from there`
    throw new OperatingError(`${error.message}; ${kept}`, error.exitCode)
  }
}

/** Without the old files nobody takes an interrupted sweep for a whole one. */
async function removeResults(outDir: string): Promise<void> {
  for (const name of [RUNS_FILE, SUMMARY_FILE, AVAILABILITY_FILE, ORDINALS_FILE, PROVENANCE_FILE]) {
    const path = join(outDir, name)
    await rm(path, { force: true }).catch((error: unknown) => {
      throw describeWriteFailure(error, path)
    })
  }
}

async function runBatches(
  { scenario, jobs, signal }: SweepOptions,
  { createEngine, workerFile }: SweepMachinery,
  batches: readonly Batch[],
  parts: PartsFolder<Batch, Part>,
  onBatch: (batch: Batch) => void,
): Promise<void> {
  if (batches.length === 0) return
  const pooled = jobs > 1 && isWorthPool(scenario, batches, createEngine)
  const runner = pooled ? poolRunner<Batch>(scenario, jobs, workerFile) : inlineRunner(scenario, createEngine)
  await runAll(runner, batches, parts, signal, onBatch)
}

function describeSweep(options: SweepOptions, written: WrittenResults, startedAt: Date): Provenance {
  const { scenario, firstSeed, seeds } = options
  return {
    runId: runId(scenario, options),
    rollbench: VERSION,
    engine: engineDigest(),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    kubernetes: scenario.kubernetes,
    scenario: { name: scenario.name, sha256: scenario.hash },
    arms: scenario.arms.map(({ name, label }) => ({ name, label })),
    firstSeed,
    seeds,
    rows: written.rows,
    events: written.events,
    windowSeconds: windowSecondsOf(scenario),
    command: options.command,
    startedAt: startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    inputs: options.inputs ?? [],
    results: written.digests,
  }
}
