// Says yargs' terse messages about a wrong command line as kubectl would.

import { suggest } from '../base/suggestion.ts'

/** What the user typed, and what there would have been. */
export interface Usage {
  readonly words: readonly string[]
  /** The command with its positionals, `list <what>`; undefined where none was recognised. */
  readonly usage: string | undefined
  /** Names of the flags that the command has, without dashes. */
  readonly flags: readonly string[]
}

/** Turns a message of yargs into ours; one that is not known is given as it is. */
export function describeUsage(message: string, typed: Usage): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]
  if (unknown !== undefined) return describeUnknown(unknown.split(', '), typed)
  const similar = /^Did you mean (.+)\?$/.exec(message)?.[1]
  if (similar !== undefined) return `unknown command "${typed.words[0] ?? ''}": did you mean "${similar}"?`
  const flag = /^Not enough arguments following: (.+)$/.exec(message)?.[1]
  if (flag !== undefined) return `flag needs a value: ${withDashes(flag)}`
  if (message.startsWith('Not enough non-option arguments')) return `an argument is missing: ${typed.usage ?? ''}`
  const choice = /Given: (".*"), Choices: (.*)$/s.exec(message)
  if (choice !== null) return `${choice[1] ?? ''} is not one of ${choice[2] ?? ''}`
  return message
}

function describeUnknown(names: readonly string[], { words, usage, flags }: Usage): string {
  const isFlag = (name: string): boolean => words.some((word) => holdsFlag(word, name))
  // yargs names --first-sed a second time as firstSed, which nobody wrote.
  const typed = names.filter((name) => isFlag(name) || words.includes(name))
  const known = flags.filter((flag) => flag.length > 1).map(withDashes)
  return typed
    .map((name) => {
      if (isFlag(name)) return `unknown flag: ${withDashes(name)}${suggest(`--${name}`, known)}`
      return usage === undefined ? `unknown command "${name}"` : `unexpected argument "${name}"`
    })
    .join('\n')
}

/** Whether a word sets the flag: `--name`, `--name=3`, `--no-name`, or a letter of a group such as `-fx`. */
function holdsFlag(word: string, name: string): boolean {
  if (name.length === 1) return /^-[^-]/.test(word) && word.includes(name)
  return word.startsWith(`--${name}`) || word === `--no-${name}`
}

function withDashes(flag: string): string {
  return `${flag.length === 1 ? '-' : '--'}${flag}`
}
