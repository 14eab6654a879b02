// What reaches the terminal: the answer on stdout, everything else on stderr, and whether either may be coloured.

import { createColors } from 'picocolors'
import type { Colors } from 'picocolors/types.js'
import { OperatingError } from '../base/errors.ts'

export type ColourMode = 'auto' | 'always' | 'never'

interface OutputStream {
  readonly isTTY?: boolean
}

/** The environment variables that decide about colour; each is read by its name. */
export interface ColourEnvironment {
  readonly NO_COLOR?: string | undefined
  readonly ROLLBENCH_COLOR?: string | undefined
  readonly TERM?: string | undefined
}

/**
 * Decides whether `stream` gets colour: `--color`, else ROLLBENCH_COLOR, else NO_COLOR (no-color.org), else whether it is a
 * terminal. We decide ourselves because picocolors colours even a file when CI is set.
 */
export function wantsColour(mode: ColourMode, stream: OutputStream, environment: ColourEnvironment): boolean {
  if (mode !== 'auto') return mode === 'always'
  const named = environment.ROLLBENCH_COLOR
  if (named === 'always' || named === 'never') return named === 'always'
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return false
  return stream.isTTY === true && environment.TERM !== 'dumb'
}

/** Colour functions for stdout; each returns its text unchanged where colour is not wanted. */
export function stdoutColours(mode: ColourMode): Colors {
  return createColors(wantsColour(mode, process.stdout, process.env))
}

/** Colour functions for stderr. */
export function stderrColours(mode: ColourMode): Colors {
  return createColors(wantsColour(mode, process.stderr, process.env))
}

/** Prints a part of the answer on stdout, ending it with one newline. */
export function printAnswer(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Prints a remark (warning, progress, hint) on stderr. */
export function printNote(text: string): void {
  process.stderr.write(text.endsWith('\n') ? text : `${text}\n`)
}

/**
 * Makes a broken stdout harmless. A reader that left (`rollbench … | head -1`) is no failure: later output is dropped and
 * the exit code stays what it would have been. Anything else, such as a full disk, ends the program with code 1.
 */
export function guardStreams(onFailure: (error: OperatingError) => void): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    onFailure(new OperatingError(`cannot write to standard output: ${describeSystemError(error)}`))
  })
  // Nothing can be said any more when stderr itself is broken.
  process.stderr.on('error', () => undefined)
}

const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOENT: 'no such file or directory',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space left on the disk',
  EROFS: 'the file system is read-only',
  EDQUOT: 'disk quota exceeded',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'too many symbolic links',
  EIO: 'input/output error',
  EXDEV: 'the paths are on different file systems',
}

/** Says a Node system error in plain words, without the call and path that Node adds. */
export function describeSystemError(error: NodeJS.ErrnoException): string {
  return SYSTEM_ERRORS[error.code ?? ''] ?? error.code ?? error.message
}

/** Whether an unknown error comes from the operating system (it carries an errno code). */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string' && 'errno' in error
}
