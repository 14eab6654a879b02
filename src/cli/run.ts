// `rollbench run -f FILE…`: one scenario, or plain manifests; every arm; the table and the verdict.

import type { Command } from './command.ts'
import type { ExperimentFlags } from './experiment.ts'
import type { OutputFormat } from './options.ts'
import { chooseJobs, FLAGS, OUTPUT_FORMATS, outputFlag } from './options.ts'
import type { ColourMode } from './terminal.ts'

/** The flags of `run`. */
export interface RunFlags extends ExperimentFlags {
  readonly filename: readonly string[] | undefined
  readonly profile: string | undefined
  readonly sensitivity: boolean | undefined
  readonly threshold: readonly string[] | undefined
  readonly output: OutputFormat
  readonly color: ColourMode
}

export const runCommand: Command<RunFlags> = {
  usage: 'run',
  describe: 'Simulate a scenario, or plain manifests, and compare its arms',
  declare: (yargs) =>
    yargs
      .option('filename', FLAGS.filename)
      .option('output', outputFlag(...OUTPUT_FORMATS))
      .option('out', FLAGS.out)
      .option('seeds', FLAGS.seeds)
      .option('first-seed', FLAGS['first-seed'])
      .option('profile', FLAGS.profile)
      .option('jobs', FLAGS.jobs)
      .option('sensitivity', FLAGS.sensitivity)
      .option('threshold', FLAGS.threshold)
      .option('color', FLAGS.color)
      .option('quiet', FLAGS.quiet)
      .option('verbose', FLAGS.verbose)
      .example('$0 run -f scenarios/checkout.yaml', 'a scenario; exit 3 if one of its thresholds fails')
      .example('helm template shop | $0 run -f -', 'plain manifests: every workload gets a new image')
      .example("$0 run -f web.yaml --threshold 'manifest: downtimeSeconds p99 == 0'", 'a gate'),
  async run(flags) {
    const jobs = chooseJobs(flags.jobs)
    const { loadFiles, printWarnings, requireFiles } = await import('./scenarioInput.ts')
    const { overridesOf, runExperiment } = await import('./experiment.ts')
    const input = await loadFiles(requireFiles(flags.filename, 'run'), {
      ...overridesOf(flags),
      profile: flags.profile,
    })
    printWarnings(input, flags)
    const { addThresholds } = await import('./thresholds.ts')
    const scenario = addThresholds(input.scenario, flags.threshold)
    const finished = await runExperiment('run', { ...input, scenario }, jobs, flags)
    const { printFinished } = await import('./answer.ts')
    const wanted = flags.sensitivity ?? input.assumed
    const sensitivity = wanted ? await (await import('./sensitivity.ts')).findSensitivity(scenario) : undefined
    return printFinished(finished, scenario, flags, sensitivity)
  },
}
