// What `run`, `start` and `sweep` share: simulate every arm with the same seeds, write the results folder, show progress.

import { join } from 'node:path'
import type { Results } from '../report/results.ts'
import type { Scenario } from '../scenario/types.ts'
import type { FileDigest, Provenance } from '../sweep/types.ts'
import { interruptible } from './interruption.ts'
import { chooseJobs } from './options.ts'
import type { Progress } from './progress.ts'
import { printNote } from './terminal.ts'

/** The flags of a command that simulates. */
export interface ExperimentFlags {
  readonly out: string | undefined
  readonly seeds: number | undefined
  readonly 'first-seed': number | undefined
  readonly jobs: number | undefined
  readonly quiet: boolean | undefined
  readonly verbose: boolean | undefined
}

/** What a finished experiment leaves. */
export interface Finished {
  readonly outDir: string
  readonly results: Results
  readonly provenance: Provenance
  readonly runs: number
  readonly seconds: number
}

/** Which seeds to run: the flags, else what the scenario says. */
export function seedRange(scenario: Scenario, flags: ExperimentFlags): { firstSeed: number; seeds: number } {
  return { firstSeed: flags['first-seed'] ?? scenario.seed, seeds: flags.seeds ?? scenario.runs }
}

/**
 * Runs a scenario and writes its results folder, charts included. An interruption throws OperatingError 130 or 143; the
 * finished parts stay, and the same call goes on from them.
 */
export async function runExperiment(
  label: string,
  scenario: Scenario,
  inputs: readonly FileDigest[],
  flags: ExperimentFlags,
): Promise<Finished> {
  const startedAt = performance.now()
  const { runSweep } = await import('../sweep/run.ts')
  const { runId } = await import('../sweep/plan.ts')
  const range = seedRange(scenario, flags)
  const outDir = flags.out ?? join('results', runId(scenario, range))
  const jobs = chooseJobs(flags.jobs)
  if (flags.verbose)
    printNote(`${scenario.arms.length} arms × ${range.seeds} seeds, ${jobs} jobs, results in ${outDir}`)
  const progress = await createProgress(label, flags.quiet === true)
  const outcome = await interruptible((signal) =>
    runSweep({
      ...range,
      scenario,
      outDir,
      jobs,
      signal,
      onProgress: progress.show,
      command: ['rollbench', ...process.argv.slice(2)],
      inputs,
    }).finally(progress.stop),
  )
  // An interrupted sweep has already been turned into an error by `interruptible`.
  if (outcome.state === 'interrupted') throw new Error('the sweep stopped without a signal')
  const { provenance, runs } = outcome
  const results = await writeReport(outDir)
  return { outDir, results, provenance, runs, seconds: (performance.now() - startedAt) / 1000 }
}

/** Starts the bar or the lines with the first message, which says how much there is to do. */
async function createProgress(
  label: string,
  quiet: boolean,
): Promise<{
  show: (state: { doneRuns: number; resumedRuns: number; totalRuns: number }) => void
  stop: () => void
}> {
  const { startProgress, silentProgress } = await import('./progress.ts')
  let progress: Progress | undefined
  return {
    show({ doneRuns, resumedRuns, totalRuns }) {
      if (progress === undefined && resumedRuns > 0 && !quiet) {
        printNote(`resuming: ${resumedRuns} of ${totalRuns} runs are present`)
      }
      progress ??= quiet
        ? silentProgress()
        : startProgress({
            label,
            unit: 'runs',
            total: totalRuns,
            alreadyDone: resumedRuns,
            stream: process.stderr,
            now: () => performance.now(),
          })
      progress.update(doneRuns)
    },
    stop: () => progress?.stop(),
  }
}

async function writeReport(outDir: string): Promise<Results> {
  throw new Error(`to be adapted: ${outDir}`)
}
