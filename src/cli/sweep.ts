// `rollbench sweep -f FILE…`: the same experiment as `run`, for any number of scenario files and without the tables: what a
// long calculation or a machine wants. Interrupted, it goes on where it stopped.

import type { Command } from './command.ts'
import type { Finished } from './experiment.ts'
import { formatCount } from './format.ts'
import { chooseJobs, FLAGS, outputFlag, wholeNumber } from './options.ts'
import { usageError } from './failures.ts'
import type { SpaceFlags } from './sweepSpace.ts'
import type { ScenarioInput } from './scenarioInput.ts'
import type { ColourMode } from './terminal.ts'
import { printAnswer, stdoutColours } from './terminal.ts'

interface SweepFlags extends SpaceFlags {
  readonly filename: readonly string[] | undefined
  readonly color: ColourMode
}

export const sweepCommand: Command<SweepFlags> = {
  usage: 'sweep',
  describe: 'Simulate scenario files, or spaces of them; resumes when interrupted',
  declare: (yargs) =>
    yargs
      .option('filename', FLAGS.filename)
      .option('output', outputFlag('table', 'json', 'name'))
      .option('out', FLAGS.out)
      .option('seeds', FLAGS.seeds)
      .option('first-seed', FLAGS['first-seed'])
      .option('jobs', FLAGS.jobs)
      .option('scenarios', wholeNumber('scenarios', 1, 1_000_000, 'scenarios to draw, of a ScenarioSpace'))
      .option(
        'seed',
        wholeNumber('seed', 0, Number.MAX_SAFE_INTEGER, 'seed that scenarios are drawn by, of a ScenarioSpace'),
      )
      .option(
        'print-scenario',
        wholeNumber('print-scenario', 1, 1_000_000, 'print one scenario of a ScenarioSpace; run nothing'),
      )
      .option('threshold', FLAGS.threshold)
      .option('color', FLAGS.color)
      .option('quiet', FLAGS.quiet)
      .option('verbose', FLAGS.verbose)
      .example('$0 sweep -f scenarios/checkout.yaml --seeds 20000 -j 8', 'Ctrl-C, and the same command resumes')
      .example('$0 sweep -f a.yaml -f b.yaml -o name', 'print the results folders only')
      .example('$0 sweep -f scenarios/spaces/web.yaml --scenarios 5000 --seed 1', 'where does each strategy win?'),
  async run(flags) {
    const files = flags.filename ?? []
    if (flags.out !== undefined && files.length > 1) {
      throw usageError('--out names one folder: give one -f with it', 'rollbench sweep')
    }
    const jobs = chooseJobs(flags.jobs)
    const space = await findSpace(files, 'sweep')
    if (space !== undefined) return (await import('./sweepSpace.ts')).sweepSpace(space, jobs, flags)
    refuseSpaceFlags(flags)
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

/** The file with a ScenarioSpace in it, if there is one; it must be the only file. */
export async function findSpace(files: readonly string[], command: string): Promise<string | undefined> {
  const [file, ...others] = files
  // Standard input can be read once only.
  if (file === undefined || files.includes('-')) return undefined
  const { readAll, readYaml } = await import('./input.ts')
  const { holdsSpace } = await import('../scenario/space.ts')
  if (!holdsSpace(await readAll(files, readYaml))) return undefined
  if (others.length > 0) throw usageError('a ScenarioSpace goes alone: give one -f with it', `rollbench ${command}`)
  return file
}

function refuseSpaceFlags(flags: SpaceFlags): void {
  for (const flag of ['scenarios', 'seed', 'print-scenario'] as const) {
    if (flags[flag] === undefined) continue
    const instead = flag === 'seed' ? '; the first seed of a scenario is --first-seed' : ''
    throw usageError(`--${flag} needs a ScenarioSpace, and the files hold none${instead}`, 'rollbench sweep')
  }
}

function formatFinished(finished: Finished, output: string): string {
  const { outDir, provenance, runs, seconds } = finished
  const digest = provenance.results.find(({ path }) => path === 'runs.csv')?.sha256 ?? ''
  if (output === 'name') return outDir
  if (output === 'json') return JSON.stringify({ results: outDir, runs, sha256: digest, seconds })
  return `sweep complete: ${outDir}  ${formatCount(runs)} runs  digest sha256:${digest}  (${seconds.toFixed(1)}s)`
}
