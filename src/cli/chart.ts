// `rollbench chart RESULTS`: draws the charts of results again, all of them or those that are named.

import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { repeatable, single } from './options.ts'
import { printAnswer } from './terminal.ts'

interface ChartFlags {
  readonly results: string
  readonly type: readonly string[] | undefined
  readonly out: string | undefined
}

export const chartCommand: Command<ChartFlags> = {
  usage: 'chart <results>',
  describe: 'Draw the charts of a results folder as SVG',
  declare: (yargs) =>
    yargs
      .positional('results', { type: 'string', demandOption: true, describe: 'results folder' })
      .option('type', repeatable('chart to draw, see: rollbench list charts (default: all); repeat for more'))
      .option('out', single('out', 'folder for the charts (default: RESULTS/charts)'))
      .example('$0 chart results/checkout-7f3a12bc --type tradeoff --out .', ''),
  async run(flags) {
    const { drawCharts } = await import('./drawing.ts')
    const files = await drawCharts(flags.results, flags.type, flags.out)
    printAnswer(files.join('\n'))
    return EXIT.done
  },
}
