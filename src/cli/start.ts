// `rollbench start [NAME]`: what `npm start` runs. A scenario of the catalog, by name; the flagship without one.

import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { chooseJobs, FLAGS, OUTPUT_FORMATS, outputFlag } from './options.ts'
import type { RunFlags } from './run.ts'

const FLAGSHIP = 'checkout'

interface StartFlags extends Omit<RunFlags, 'filename' | 'threshold' | 'sensitivity'> {
  readonly name: string
}

export const startCommand: Command<StartFlags> = {
  usage: 'start [name]',
  describe: 'Simulate a scenario that ships (npm start); never a gate',
  declare: (yargs) =>
    yargs
      .positional('name', { type: 'string', default: FLAGSHIP, describe: 'scenario, see: rollbench list scenarios' })
      .option('output', outputFlag(...OUTPUT_FORMATS))
      .option('out', FLAGS.out)
      .option('seeds', FLAGS.seeds)
      .option('first-seed', FLAGS['first-seed'])
      .option('profile', FLAGS.profile)
      .option('jobs', FLAGS.jobs)
      .option('color', FLAGS.color)
      .option('quiet', FLAGS.quiet)
      .option('verbose', FLAGS.verbose)
      .example('$0 start', 'the flagship: Recreate against RollingUpdate in many settings')
      .example('$0 start --seeds 100', 'the same, in a second or two'),
  async run(flags) {
    const jobs = chooseJobs(flags.jobs)
    const { loadFromCatalog, printWarnings } = await import('./scenarioInput.ts')
    const { overridesOf, runExperiment } = await import('./experiment.ts')
    const input = await loadFromCatalog(flags.name, { ...overridesOf(flags), profile: flags.profile })
    printWarnings(input, flags)
    const finished = await runExperiment('start', input, jobs, flags)
    const { printFinished } = await import('./answer.ts')
    await printFinished(finished, input.scenario, flags)
    // A first look is no gate: npm would print an error block over a threshold that failed.
    return EXIT.done
  },
}
