// Turns whatever was thrown into one clear message and an exit code. No stack reaches the user unless asked for.

import { formatProblem, InputError, OperatingError } from '../base/errors.ts'
import { EXIT } from './exitCodes.ts'
import { describeSystemError, isSystemError, printNote } from './terminal.ts'

/** Prints what went wrong on stderr and returns the exit code that goes with it. */
export function reportFailure(error: unknown): number {
  if (error instanceof InputError) {
    printNote(formatInputError(error))
    return EXIT.badInput
  }
  if (error instanceof OperatingError) {
    printNote(`error  ${error.message}`)
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

/** All problems, one a line, and the closing count. */
export function formatInputError(error: InputError): string {
  const errors = error.problems.filter((problem) => problem.severity === 'error')
  return [
    ...error.problems.map(formatProblem),
    countProblems(errors.length, error.problems.length - errors.length),
  ].join('\n')
}

/** `2 errors, 1 warning`; the warnings are left out where there is none. */
export function countProblems(errors: number, warnings: number): string {
  const parts = [plural(errors, 'error')]
  if (warnings > 0) parts.push(plural(warnings, 'warning'))
  return parts.join(', ')
}

/** `1 error`, `2 errors`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
