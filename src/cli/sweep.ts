// `rollbench sweep -f FILE…`: the same experiment as `run`, for any number of scenario files and without the tables: what a
// long calculation or a machine wants. Interrupted, it goes on where it stopped.

import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import type { Finished } from './experiment.ts'
import { formatCount } from './format.ts'
import { FLAGS, outputFlag } from './options.ts'
import type { ExperimentFlags } from './experiment.ts'
import { usageError } from './failures.ts'
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
    const { loadFromFlags, printWarnings } = await import('./scenarioInput.ts')
    const { runExperiment } = await import('./experiment.ts')
    const { judgeThresholds, scenarioThresholds } = await import('./thresholds.ts')
    // Every file is read before the first is simulated: a mistake in the last one shows at once.
    const inputs = []
    for (const file of files.length > 0 ? files : [undefined]) {
      inputs.push(await loadFromFlags({ ...flags, filename: file === undefined ? undefined : [file] }, 'sweep'))
    }
    let exitCode: number = EXIT.done
    for (const input of inputs) {
      printWarnings(input, flags)
      const finished = await runExperiment('sweep', input.scenario, input.files, flags)
      const paint = stdoutColours(flags.color)
      const verdicts = await judgeThresholds(
        scenarioThresholds(input.scenario, finished.results),
        finished.results,
        paint,
      )
      printAnswer(formatFinished(finished, flags.output))
      if (flags.output === 'table' && verdicts.lines.length > 0) printAnswer(verdicts.lines.join('\n'))
      if (verdicts.failed > 0) exitCode = EXIT.gateFailed
      else if (verdicts.undecided > 0 && exitCode === EXIT.done) exitCode = EXIT.undecided
    }
    return exitCode
  },
}

function formatFinished(finished: Finished, output: string): string {
  const { outDir, provenance, runs, seconds } = finished
  const digest = provenance.results.find(({ path }) => path === 'runs.csv')?.sha256 ?? ''
  if (output === 'name') return outDir
  if (output === 'json') return JSON.stringify({ results: outDir, runs, sha256: digest, seconds })
  return `sweep complete: ${outDir}  ${formatCount(runs)} runs  digest sha256:${digest}  (${seconds.toFixed(1)}s)`
}
