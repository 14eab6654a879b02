// Ctrl-C and SIGTERM: a command that can stop cleanly is asked to, every other one ends at once.

import { OperatingError } from '../base/errors.ts'
import { EXIT } from './exitCodes.ts'
import { printNote } from './terminal.ts'

/** A command that does not stop within this time of Ctrl-C is ended; what it wrote so far is whole or has a temporary name. */
const STOP_SECONDS_MAX = 5

const KEPT = 'interrupted; finished parts are kept, the same command resumes'

let stopping: AbortController | undefined
let exitCode: number | undefined

/** Installs the two signal handlers, once, at the start of the program. */
export function installInterruption(): void {
  process.on('SIGINT', () => interrupt(EXIT.interrupted))
  process.on('SIGTERM', () => interrupt(EXIT.terminated))
}

/**
 * Runs work that can stop cleanly: its signal is aborted by Ctrl-C or SIGTERM. When that happened, this throws the
 * OperatingError for exit 130 or 143, whether the work rejected or returned.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController()
  stopping = controller
  try {
    const result = await work(controller.signal)
    if (exitCode !== undefined) throw new OperatingError(KEPT, exitCode)
    return result
  } catch (error) {
    throw exitCode === undefined ? error : new OperatingError(KEPT, exitCode)
  } finally {
    stopping = undefined
  }
}

function interrupt(code: number): void {
  const second = exitCode !== undefined
  exitCode ??= code
  if (stopping === undefined || second) {
    if (!second) printNote('interrupted')
    process.exit(exitCode)
  }
  stopping.abort()
  setTimeout(() => {
    printNote(KEPT)
    process.exit(code)
  }, STOP_SECONDS_MAX * 1000).unref()
}
