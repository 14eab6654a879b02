// `rollbench validate -f FILE…`: reads manifests and scenarios and says all that is wrong with them; runs nothing.

import { formatProblem } from '../base/errors.ts'
import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { plural } from './failures.ts'
import { FLAGS, outputFlag } from './options.ts'
import { printAnswer } from './terminal.ts'

interface ValidateFlags {
  readonly filename: readonly string[] | undefined
  readonly profile: string | undefined
  readonly output: string
}

export const validateCommand: Command<ValidateFlags> = {
  usage: 'validate',
  describe: 'Check manifests and scenarios; runs nothing',
  declare: (yargs) =>
    yargs
      .option('filename', FLAGS.filename)
      .option('profile', FLAGS.profile)
      .option('output', outputFlag('table', 'json', 'name'))
      .example('$0 validate -f deployment.yaml', 'exit 2 if there is an error; warnings alone pass')
      .example('$0 validate -f web.yaml --profile our-cluster.yaml', 'a profile is checked where it is used')
      .example('helm template shop | $0 validate -f -', ''),
  async run(flags) {
    const { loadFiles, requireFiles } = await import('./scenarioInput.ts')
    const { findSpace } = await import('./sweep.ts')
    const space = await findSpace(flags.filename ?? [], 'validate')
    if (space !== undefined) return (await import('./sweepSpace.ts')).validateSpace(space, flags.output)
    const { scenario, warnings, documents, files } = await loadFiles(requireFiles(flags.filename, 'validate'), {
      profile: flags.profile,
    })
    const [arm] = scenario.arms
    const objects = (arm?.objects ?? []).map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    if (flags.output === 'name') printAnswer(objects.join('\n'))
    else if (flags.output === 'json')
      printAnswer(JSON.stringify({ valid: true, documents, objects, warnings }, null, 2))
    else {
      for (const warning of warnings) printAnswer(formatProblem(warning))
      const noted = warnings.length === 0 ? '' : `, ${plural(warnings.length, 'warning')}`
      printAnswer(`valid: ${plural(documents, 'document')} in ${plural(files.length, 'file')}${noted}`)
    }
    return EXIT.done
  },
}
