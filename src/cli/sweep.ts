// `rollbench sweep -f FILE…`: the same experiment as `run`, for any number of scenario files and without the tables: what a
// long calculation or a machine wants. Interrupted, it goes on where it stopped.

import type { Command } from './command.ts'
import type { Finished } from './experiment.ts'
import { formatCount } from './format.ts'
import { chooseJobs, FLAGS, outputFlag } from './options.ts'
import type { ExperimentFlags } from './experiment.ts'
import { usageError } from './failures.ts'
import type { ScenarioInput } from './scenarioInput.ts'
import type { ColourMode } from './terminal.ts'
import { printAnswer, stdoutColours } from './terminal.ts'

interface SweepFlags extends ExperimentFlags {
  readonly filename: readonly string[] | undefined
  readonly threshold: readonly string[] | undefined
  readonly output: string
  readonly color: ColourMode
}

export const sweepCommand: Command<SweepFlags> = {
  usage: 'sweep',
  describe: 'Simulate scenario files without tables; resumes what was interrupted',
  declare: (yargs) =>
    yargs
      .option('filename', FLAGS.filename)
      .option('output', outputFlag('table', 'json', 'name'))
      .option('out', FLAGS.out)
      .option('seeds', FLAGS.seeds)
      .option('first-seed', FLAGS['first-seed'])
      .option('jobs', FLAGS.jobs)
      .option('threshold', FLAGS.threshold)
      .option('color', FLAGS.color)
      .option('quiet', FLAGS.quiet)
      .option('verbose', FLAGS.verbose)
      .example('$0 sweep -f scenarios/checkout.yaml --seeds 20000 -j 8', 'Ctrl-C, and the same command resumes')
      .example('$0 sweep -f a.yaml -f b.yaml -o name', 'print the results folders only'),
  async run(flags) {
    const files = flags.filename ?? []
    if (flags.out !== undefined && files.length > 1) {
      throw usageError('--out names one folder: give one -f with it', 'rollbench sweep')
    }
    const jobs = chooseJobs(flags.jobs)
    const { loadFiles, printWarnings, requireFiles } = await import('./scenarioInput.ts')
    const { overridesOf, runExperiment } = await import('./experiment.ts')
    const { addThresholds, verdictsOf } = await import('./thresholds.ts')
    // Every file is read before the first is simulated: a mistake in the last one shows at once.
    const inputs: ScenarioInput[] = []
    for (const file of requireFiles(flags.filename, 'sweep')) {
      const input = await loadFiles([file], overridesOf(flags))
      inputs.push({ ...input, scenario: addThresholds(input.scenario, flags.threshold) })
    }
    let [failed, undecided] = [0, 0]
    for (const input of inputs) {
      printWarnings(input, flags)
      const finished = await runExperiment('sweep', input, jobs, flags)
      const verdicts = verdictsOf(input.scenario.thresholds, finished.results, stdoutColours(flags.color))
      printAnswer(formatFinished(finished, flags.output))
      if (flags.output === 'table' && verdicts.lines.length > 0) printAnswer(verdicts.lines.join('\n'))
      failed += verdicts.failed
      undecided += verdicts.undecided
    }
    const { exitCodeOf } = await import('./answer.ts')
    return exitCodeOf({ failed, undecided })
  },
}

function formatFinished(finished: Finished, output: string): string {
  const { outDir, provenance, runs, seconds } = finished
  const digest = provenance.results.find(({ path }) => path === 'runs.csv')?.sha256 ?? ''
  if (output === 'name') return outDir
  if (output === 'json') return JSON.stringify({ results: outDir, runs, sha256: digest, seconds })
  return `sweep complete: ${outDir}  ${formatCount(runs)} runs  digest sha256:${digest}  (${seconds.toFixed(1)}s)`
}
