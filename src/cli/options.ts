// The flags that several commands share. Numbers come as text and are checked here, because yargs' own number type
// accepts `abc` as NaN and loses the digits of large seeds.

import { availableParallelism } from 'node:os'
import type { Options } from 'yargs'
import { OperatingError } from '../base/errors.ts'
import { EXIT } from './exitCodes.ts'
import type { ColourMode } from './terminal.ts'

const COLOUR_MODES: readonly ColourMode[] = ['auto', 'always', 'never']

/** Largest seed: every whole number up to it is exact. */
const SEED_MAX = Number.MAX_SAFE_INTEGER
const RUNS_MAX = 10_000_000
const JOBS_MAX = 1024

/** A repeatable flag. Not `array: true`, which swallows a lone `-` and the words after it. */
export function repeatable(describe: string, alias?: string): Options {
  return {
    type: 'string',
    nargs: 1,
    describe,
    ...(alias === undefined ? {} : { alias }),
    coerce: (value: string | string[] | undefined) => (value === undefined ? undefined : [value].flat()),
  }
}

/** A flag with one text, refused when it is empty or given twice. */
export function single(flag: string, describe: string): Options {
  return {
    type: 'string',
    requiresArg: true,
    describe,
    coerce(value: unknown) {
      const text = onlyOne(flag, value)
      if (text === '') throw new Error(`--${flag} is empty`)
      return text
    },
  }
}

/** A flag with a whole number between `min` and `max`. */
export function wholeNumber(flag: string, min: number, max: number, describe: string): Options {
  return {
    type: 'string',
    requiresArg: true,
    describe,
    coerce: (value: unknown) => parseWholeNumber(flag, onlyOne(flag, value), min, max),
  }
}

/** A flag with one word out of `choices`. */
export function oneOf(flag: string, choices: readonly string[], describe: string): Options {
  return {
    type: 'string',
    requiresArg: true,
    describe: `${describe}: ${choices.join(', ')}`,
    coerce(value: unknown) {
      const text = onlyOne(flag, value)
      if (text === undefined || choices.includes(text)) return text
      throw new Error(`--${flag} must be one of ${choices.join(', ')}, got "${text}"`)
    },
  }
}

/** A flag with a share in percent, at most `max`; `15%` becomes 0.15. */
export function percentage(flag: string, describe: string, max = Infinity): Options {
  return {
    type: 'string',
    requiresArg: true,
    describe,
    coerce(value: unknown) {
      const text = onlyOne(flag, value)
      if (text === undefined) return undefined
      if (!/^\d+(\.\d+)?%$/.test(text)) throw new Error(`--${flag} must be a share in percent, like 15%, got "${text}"`)
      const percent = Number(text.slice(0, -1))
      if (percent > max) throw new Error(`--${flag} must be at most ${max}%, got "${text}"`)
      return percent / 100
    },
  }
}

/** `--color MODE`; yargs reads `--no-color`, which many tools have, as the value false. */
function colourFlag(): Options {
  const flag = oneOf('color', COLOUR_MODES, 'colour')
  const coerce = (value: unknown): unknown => (value === false ? 'never' : flag.coerce?.(value))
  return { ...flag, default: 'auto', coerce }
}

/** The common flags, by name. Each command takes the ones that it honours, and no other. */
export const FLAGS = {
  filename: repeatable('YAML file to read; repeat for more; - reads standard input', 'f'),
  out: single('out', 'folder for the results (default: results/<run-id>)'),
  seeds: wholeNumber('seeds', 1, RUNS_MAX, 'runs for each arm (default: what the scenario says)'),
  'first-seed': wholeNumber('first-seed', 0, SEED_MAX, 'seed of the first run (default: what the scenario says)'),
  jobs: {
    ...wholeNumber('jobs', 1, JOBS_MAX, 'worker threads (default: ROLLBENCH_JOBS, else all cores)'),
    alias: 'j',
  },
  profile: single('profile', 'how slow the world is: a name (rollbench list profiles), or a file'),
  sensitivity: {
    type: 'boolean',
    describe: 'say which inputs mattered most (default: for plain manifests)',
  },
  threshold: repeatable("condition that must hold: 'ARM: COLUMN STAT OP VALUE'; repeat for more"),
  color: colourFlag(),
  quiet: { type: 'boolean', alias: 'q', describe: 'no progress and no warnings on stderr' },
  verbose: { type: 'boolean', alias: 'v', describe: 'say on stderr what is being done' },
} as const satisfies Record<string, Options>

/** What `-o` accepts where results are printed. */
export const OUTPUT_FORMATS = ['table', 'wide', 'json', 'yaml', 'csv', 'name'] as const
export type OutputFormat = (typeof OUTPUT_FORMATS)[number]

/** Formats of `-o`, restricted to those that a command can print. */
export function outputFlag(...formats: readonly string[]): Options {
  return { ...oneOf('output', formats, 'format of the answer'), alias: 'o', default: formats[0] }
}

/** Worker threads to use: the flag, else ROLLBENCH_JOBS, else every core. Throws OperatingError 2 for a value that is no number. */
export function chooseJobs(flag: number | undefined): number {
  if (flag !== undefined) return flag
  const named = process.env['ROLLBENCH_JOBS']
  if (named === undefined || named === '') return availableParallelism()
  try {
    return parseWholeNumber('ROLLBENCH_JOBS', named, 1, JOBS_MAX) ?? availableParallelism()
  } catch (error) {
    throw new OperatingError(error instanceof Error ? error.message : String(error), EXIT.badInput)
  }
}

function onlyOne(flag: string, value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value)) throw new Error(`--${flag} may be given once, got ${value.map(String).join(' and ')}`)
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function parseWholeNumber(flag: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined
  const name = flag === flag.toUpperCase() ? flag : `--${flag}`
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number, got "${text}"`)
  const value = Number(text)
  if (value < min || value > max) throw new Error(`${name} must be between ${min} and ${max}, got ${text}`)
  return value
}
