// What `run`, `start` and `sweep` share: simulate every arm with the same seeds, write the results folder, show progress.

import { join } from 'node:path'
import { OperatingError } from '../base/errors.ts'
import type { Results } from '../report/results.ts'
import type { Summary } from '../report/summary.ts'
import type { Overrides } from '../scenario/resolve.ts'
import type { Scenario } from '../scenario/types.ts'
import type { FileDigest, Provenance } from '../sweep/types.ts'
import { CHARTS_FOLDER, SUMMARY_FILE } from '../sweep/types.ts'
import { EXIT } from './exitCodes.ts'
import { interruptible } from './interruption.ts'
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
  readonly summary: Summary
  readonly provenance: Provenance
  readonly runs: number
  readonly seconds: number
}

/** What the flags change about a scenario when it is loaded. */
export function overridesOf(flags: ExperimentFlags): Overrides {
  return {
    ...(flags.seeds === undefined ? {} : { seeds: flags.seeds }),
    ...(flags['first-seed'] === undefined ? {} : { firstSeed: flags['first-seed'] }),
  }
}

/**
 * Runs a scenario and writes its results folder, charts included. An interruption throws OperatingError 130 or 143; the
 * finished parts stay, and the same call goes on from them.
 */
export async function runExperiment(
  label: string,
  { scenario, files }: { readonly scenario: Scenario; readonly files: readonly FileDigest[] },
  jobs: number,
  flags: ExperimentFlags,
): Promise<Finished> {
  const startedAt = performance.now()
  const { runSweep } = await import('../sweep/run.ts')
  const { runId } = await import('../sweep/plan.ts')
  const range = { firstSeed: scenario.seed, seeds: scenario.runs }
  if (!Number.isSafeInteger(range.firstSeed + range.seeds - 1)) {
    const message = `the seeds from ${range.firstSeed} on, ${range.seeds} of them, go beyond ${Number.MAX_SAFE_INTEGER}`
    throw new OperatingError(message, EXIT.badInput)
  }
  const outDir = flags.out ?? join('results', runId(scenario, range))
  if (flags.verbose)
    printNote(`${scenario.arms.length} arms × ${range.seeds} seeds, ${jobs} jobs, results in ${outDir}`)
  const progress = await createProgress(label, 'runs', flags.quiet === true)
  const outcome = await interruptible((signal) =>
    runSweep({
      ...range,
      scenario,
      outDir,
      jobs,
      signal,
      onProgress: progress.show,
      command: ['rollbench', ...process.argv.slice(2)],
      inputs: files,
    }).finally(progress.stop),
  )
  // An interrupted sweep has already been turned into an error by `interruptible`.
  if (outcome.state === 'interrupted') throw new Error('the sweep stopped without a signal')
  const { provenance, runs } = outcome
  const { results, summary } = await writeReport(outDir)
  return { outDir, results, summary, provenance, runs, seconds: (performance.now() - startedAt) / 1000 }
}

/** Starts the bar or the lines with the first message, which says how much there is to do. */
export async function createProgress(
  label: string,
  unit: 'runs' | 'scenarios',
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
        printNote(`resuming: ${resumedRuns} of ${totalRuns} ${unit} are present`)
      }
      progress ??= quiet
        ? silentProgress()
        : startProgress({
            label,
            unit,
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

/** Reads the runs back and writes what is made from them: summary.csv and the charts. */
async function writeReport(outDir: string): Promise<Pick<Finished, 'results' | 'summary'>> {
  const [{ readResults }, { summariseResults }, { renderCsv }, { writeWhole }, { writeCharts }] = await Promise.all([
    import('../report/readRuns.ts'),
    import('../report/summary.ts'),
    import('../report/formats.ts'),
    import('../sweep/wholeFile.ts'),
    import('./drawing.ts'),
  ])
  const results = await readResults(outDir)
  const summary = summariseResults(results)
  await writeWhole(join(outDir, SUMMARY_FILE), await renderCsv(summary))
  await writeCharts(results, join(outDir, CHARTS_FOLDER))
  return { results, summary }
}
