// The command line as yargs sees it: the commands, and the settings that make it speak English and fail plainly.

import type { Argv } from 'yargs'
import yargs from 'yargs'
import { suggest } from '../base/suggestion.ts'
import { VERSION } from '../sweep/version.ts'
import { benchCommand } from './bench.ts'
import { chartCommand } from './chart.ts'
import { checkCommand } from './check.ts'
import { toModule } from './command.ts'
import { conformCommand } from './conform.ts'
import { usageError } from './failures.ts'
import { listCommand } from './list.ts'
import { runCommand } from './run.ts'
import { startCommand } from './start.ts'
import { sweepCommand } from './sweep.ts'
import { validateCommand } from './validate.ts'
import { versionCommand } from './version.ts'

const PROGRAM = 'rollbench'

const COMMANDS = [
  'run',
  'start',
  'sweep',
  'validate',
  'conform',
  'chart',
  'check',
  'bench',
  'list',
  'completion',
  'version',
] as const

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
  return (
    program
      .scriptName(PROGRAM)
      .usage(USAGE)
      // Without it LANG=de prints German headings over English texts.
      .locale('en')
      .command(toModule(runCommand))
      .command(toModule(startCommand))
      .command(toModule(sweepCommand))
      .command(toModule(validateCommand))
      .command(toModule(conformCommand))
      .command(toModule(chartCommand))
      .command(toModule(checkCommand))
      .command(toModule(benchCommand))
      .command(toModule(listCommand))
      .command(toModule(versionCommand))
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
        const flags = Object.keys((program as Argv & { getOptions(): { key: object } }).getOptions().key)
        throw usageError(describeUsage(message ?? error.message, words, flags), commandOf(words))
      })
  )
}

/** The command whose help explains these words: `rollbench run`, or `rollbench` where no command was recognised. */
function commandOf(words: readonly string[]): string {
  const first = words[0]
  return first !== undefined && (COMMANDS as readonly string[]).includes(first) ? `${PROGRAM} ${first}` : PROGRAM
}

/** Says yargs' terse messages as kubectl would. */
function describeUsage(message: string, words: readonly string[], flags: readonly string[]): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)
  if (unknown !== null) {
    const names = (unknown[1] ?? '').split(', ')
    const isFlag = (name: string) => words.some((word) => word === `-${name}` || word.startsWith(`--${name}`))
    // yargs names --first-sed a second time as firstSed, which nobody wrote.
    return names
      .filter((name) => isFlag(name) || words.includes(name))
      .map((name) => {
        if (isFlag(name)) return `unknown flag: ${withDashes(name)}${suggestFlag(name, flags)}`
        return commandOf(words) === PROGRAM ? `unknown command "${name}"` : `unexpected argument "${name}"`
      })
      .join('\n')
  }
  const similar = /^Did you mean (.+)\?$/.exec(message)
  if (similar !== null) return `unknown command "${words[0] ?? ''}": did you mean "${similar[1] ?? ''}"?`
  const missing = /^Not enough arguments following: (.+)$/.exec(message)
  if (missing !== null) return `flag needs a value: ${withDashes(missing[1] ?? '')}`
  return message
}

function withDashes(flag: string): string {
  return `${flag.length === 1 ? '-' : '--'}${flag}`
}

function suggestFlag(name: string, flags: readonly string[]): string {
  return suggest(`--${name}`, flags.filter((flag) => flag.length > 1).map(withDashes))
}
