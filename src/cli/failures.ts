// Turns whatever was thrown into one clear message and an exit code. No stack reaches the user unless asked for.

import type { Problem } from '../base/errors.ts'
import { formatProblem, InputError, OperatingError } from '../base/errors.ts'
import { EXIT } from './exitCodes.ts'
import { describeSystemError, isSystemError, printNote } from './terminal.ts'

/** More problems than these are not printed one by one. */
const PROBLEMS_MAX = 200

/** Errors in documents, with the closing line that counts them. */
export class DocumentsError extends InputError {
  readonly closing: string

  constructor(problems: readonly Problem[], closing: string) {
    super(problems)
    this.closing = closing
  }
}

/** Prints what went wrong on stderr and returns the exit code that goes with it. */
export function reportFailure(error: unknown): number {
  if (error instanceof InputError) {
    printNote([...listProblems(error.problems), ...closingOf(error)].join('\n'))
    return EXIT.badInput
  }
  if (error instanceof OperatingError) {
    // An interruption is no error, it is what the user asked for.
    printNote(error.exitCode >= EXIT.interrupted ? error.message : `error  ${error.message}`)
    return error.exitCode
  }
  if (isSystemError(error)) {
    const place = error.path === undefined ? '' : `${error.path}: `
    printNote(`error  ${place}${describeSystemError(error)}`)
    return EXIT.toolFailed
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  printNote(
    `error  ${firstLine(message)}\nThis is a bug in rollbench; ROLLBENCH_DEBUG=1 shows where. Please report it.`,
  )
  if (process.env['ROLLBENCH_DEBUG'] === '1' && error instanceof Error && error.stack) printNote(error.stack)
  return EXIT.toolFailed
}

/** Makes the error of a wrong command line: exit 2, with the command whose help explains it. */
export function usageError(message: string, command: string): OperatingError {
  return new OperatingError(`${message}\nSee '${command} --help' for usage.`, EXIT.badInput)
}

/** `1 error`, `2 errors`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A line for each problem; a file of quite another kind has one in each of its lines, which helps nobody. */
function listProblems(problems: readonly Problem[]): string[] {
  const lines = problems.slice(0, PROBLEMS_MAX).map(formatProblem)
  const more = problems.length - lines.length
  return more > 0 ? [...lines, `… and ${more} more`] : lines
}

/** The last line: how many errors there are. A single problem outside any document needs none. */
function closingOf(error: InputError): string[] {
  if (error instanceof DocumentsError) return [error.closing]
  const errors = error.problems.filter(({ severity }) => severity === 'error')
  return error.problems.length === 1 ? [] : [plural(errors.length, 'error')]
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
