// The command line as yargs sees it: the commands, and the settings that make it speak English and fail plainly.

import type { Argv } from 'yargs'
import yargs from 'yargs'
import { VERSION } from '../sweep/version.ts'
import { benchCommand } from './bench.ts'
import { chartCommand } from './chart.ts'
import { checkCommand } from './check.ts'
import { claimsCommand } from './claims.ts'
import { toModule } from './command.ts'
import { conformCommand } from './conform.ts'
import { usageError } from './failures.ts'
import { listCommand } from './list.ts'
import { runCommand } from './run.ts'
import { startCommand } from './start.ts'
import { sweepCommand } from './sweep.ts'
import { describeUsage } from './usage.ts'
import { validateCommand } from './validate.ts'
import { versionCommand } from './version.ts'

const PROGRAM = 'rollbench'

/** Every command, in the order of the help. */
const COMMANDS = [
  toModule(runCommand),
  toModule(startCommand),
  toModule(sweepCommand),
  toModule(validateCommand),
  toModule(conformCommand),
  toModule(claimsCommand),
  toModule(chartCommand),
  toModule(checkCommand),
  toModule(benchCommand),
  toModule(listCommand),
  toModule(versionCommand),
]

const USAGE = `rollbench: what does each rollout strategy cost? Simulates Kubernetes rollouts and measures them.

Usage: rollbench COMMAND [flags]`

const EPILOGUE = `Exit codes: 0 done, 1 the tool failed, 2 usage or input, 3 gate failed, 4 undecided, 130/143 interrupted.
Environment: NO_COLOR, ROLLBENCH_COLOR (auto, always, never), ROLLBENCH_JOBS, ROLLBENCH_DEBUG=1.`

/**
 * Builds the parser for these words (without node and script). Parsing runs the command's handler, which sets
 * process.exitCode; a wrong command line rejects with an OperatingError of code 2.
 */
export function createProgram(words: readonly string[]): Argv {
  const program = yargs([...words])
  for (const command of COMMANDS) program.command(command)
  return (
    program
      .scriptName(PROGRAM)
      .usage(USAGE)
      // Without it LANG=de prints German headings over English texts.
      .locale('en')
      .completion('completion', 'Print a script for shell completion (bash, zsh)')
      .demandCommand(1, 'Name a command.')
      .strict()
      .recommendCommands()
      .version(VERSION)
      .help()
      .alias('help', 'h')
      .epilogue(EPILOGUE)
      .wrap(100)
      .showHelpOnFail(false)
      .exitProcess(false)
      .fail((message, error) => {
        // An error of a handler comes through here as well; only yargs' own (YError) is about usage. This must throw:
        // else the handler would still run after the failure.
        if (error !== undefined && error !== null && error.name !== 'YError') throw error
        const usages = COMMANDS.map(({ command }) => String(command))
        const usage = usages.find((one) => one.split(' ')[0] === words[0])
        const flags = Object.keys((program as Argv & { getOptions(): { key: object } }).getOptions().key)
        const text = describeUsage(message ?? error.message, { words, usage, flags })
        throw usageError(text, usage === undefined ? PROGRAM : `${PROGRAM} ${words[0]}`)
      })
  )
}
