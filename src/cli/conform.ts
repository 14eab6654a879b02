// `rollbench conform FILE…`: replays recordings of the real controllers and compares every instant.

import { InputError } from '../base/errors.ts'
import type { Problem } from '../base/errors.ts'
import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { usageError } from './failures.ts'
import { readAll, readRecordings } from './input.ts'
import { FLAGS } from './options.ts'
import { printAnswer, printNote } from './terminal.ts'

interface ConformFlags {
  readonly file: string[]
  readonly verbose: boolean | undefined
}

/** One replayed case, as conform/ reports it. */
interface ReplayedCase {
  readonly family: string
  readonly id: string
  readonly agreed: boolean
  readonly divergence?: string
}

export const conformCommand: Command<ConformFlags> = {
  usage: 'conform <file..>',
  describe: 'Replay recordings of the real controllers and compare',
  declare: (yargs) =>
    yargs
      .positional('file', { type: 'string', array: true, demandOption: true, describe: 'recordings' })
      .option('verbose', FLAGS.verbose)
      .example('$0 conform recordings/rolling.jsonl.gz', 'exit 0: all agree; 3: some diverge; 2: malformed file'),
  async run(flags) {
    // yargs drops a lone `-` among positionals without a word.
    if (flags.file.length === 0) throw usageError('name a file with recordings', 'rollbench conform')
    const texts = await readAll(flags.file, readRecordings)
    const { replayText } = await import('../conform/conform.ts')
    const cases: ReplayedCase[] = []
    const problems: Problem[] = []
    for (const { file, text } of texts) {
      if (flags.verbose) printNote(`replaying ${file}`)
      try {
        cases.push(...replayText(file, text))
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        problems.push(...error.problems)
      }
    }
    printAnswer(formatConformance(cases))
    if (problems.length > 0) throw new InputError(problems)
    return cases.every((replayed) => replayed.agreed) ? EXIT.done : EXIT.gateFailed
  },
}

/** A line `FAMILY agree/total` for each family, the divergences, and the closing `N passed, N failed`. */
export function formatConformance(cases: readonly ReplayedCase[]): string {
  const families = new Map<string, { agreed: number; total: number }>()
  for (const { family, agreed } of cases) {
    const count = families.get(family) ?? { agreed: 0, total: 0 }
    families.set(family, { agreed: count.agreed + (agreed ? 1 : 0), total: count.total + 1 })
  }
  const lines = [...families].map(([family, { agreed, total }]) => `${family} ${agreed}/${total}`)
  const failed = cases.filter((replayed) => !replayed.agreed)
  for (const { id, divergence } of failed) lines.push('', id, ...(divergence === undefined ? [] : [divergence]))
  if (failed.length > 0) lines.push('')
  return [...lines, `${cases.length - failed.length} passed, ${failed.length} failed`].join('\n')
}
