// `rollbench validate -f FILE…`: reads manifests and scenarios and says all that is wrong with them; runs nothing.

import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { FLAGS, outputFlag } from './options.ts'

interface ValidateFlags {
  readonly filename: readonly string[] | undefined
  readonly output: string
}

export const validateCommand: Command<ValidateFlags> = {
  usage: 'validate',
  describe: 'Check manifests and scenarios; runs nothing',
  declare: (yargs) =>
    yargs
      .option('filename', FLAGS.filename)
      .option('output', outputFlag('table', 'json', 'name'))
      .example('$0 validate -f deployment.yaml', 'exit 2 if there is an error; warnings alone pass')
      .example('helm template shop | $0 validate -f -', ''),
  async run(flags) {
    const { requireFiles } = await import('./scenarioInput.ts')
    requireFiles(flags.filename, 'validate')
    return EXIT.done
  },
}
