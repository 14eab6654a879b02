// `rollbench start [NAME]`: what `npm start` runs. A scenario of the catalog, by name; the flagship without one.

import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { FLAGS, outputFlag } from './options.ts'
import type { RunFlags } from './run.ts'
import { OUTPUT_FORMATS } from './run.ts'

const FLAGSHIP = 'checkout'

interface StartFlags extends Omit<RunFlags, 'filename' | 'threshold'> {
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
      .option('jobs', FLAGS.jobs)
      .option('color', FLAGS.color)
      .option('quiet', FLAGS.quiet)
      .option('verbose', FLAGS.verbose)
      .example('$0 start', 'the flagship: Recreate against RollingUpdate in twelve settings')
      .example('$0 start --seeds 100', 'the same, in a second or two'),
  async run(flags) {
    const { loadFromCatalog, printWarnings } = await import('./scenarioInput.ts')
    const input = await loadFromCatalog(flags.name)
    printWarnings(input, flags)
    const { runExperiment } = await import('./experiment.ts')
    const finished = await runExperiment('start', input.scenario, input.files, flags)
    const { printFinished } = await import('./answer.ts')
    await printFinished(finished, input.scenario, flags)
    // A first look is no gate: npm would print an error block over a threshold that failed.
    return EXIT.done
  },
}
