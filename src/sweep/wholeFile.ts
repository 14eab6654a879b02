// Files that are either whole or not there: written under another name and renamed. Survives kill -9 at any instant.

import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { OperatingError } from '../base/errors.ts'

/** What a file is called until it is whole. */
export const PARTIAL_SUFFIX = '.partial'

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is too large for the file system',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a file is in the place of the folder',
  EISDIR: 'a folder is in the place of the file',
  ENOENT: 'the folder is not there, and cannot be made there',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many open files',
  EIO: 'the disk failed',
}

/** Turns the failure to write a path into one clear message; other errors stay as they are. */
export function describeWriteFailure(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (code === undefined || !('syscall' in (error as Error))) return error
  return new OperatingError(`cannot write ${path}: ${REASONS[code] ?? code}`)
}

/**
 * Makes a folder and those above it, one by one: `recursive` of Node never ends below /proc, and hides the reason on a
 * read-only file system.
 *
 * @throws OperatingError if the folder cannot be made
 */
export async function makeFolder(path: string): Promise<void> {
  try {
    const missing: string[] = []
    let above = resolve(path)
    for (; !existsSync(above); above = dirname(above)) missing.unshift(above)
    for (const folder of missing) await makeOne(folder)
    if (!(await stat(path)).isDirectory()) await mkdir(path)
  } catch (error) {
    throw describeWriteFailure(error, path)
  }
}

/** Makes one folder; another process may be faster. */
async function makeOne(folder: string): Promise<void> {
  await mkdir(folder).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  })
}

/**
 * Writes a small file whole, with the folder it stands in.
 *
 * @throws OperatingError if it cannot be written; what was there before stays
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  await makeFolder(dirname(path))
  await orNothing(path, () => writeFile(path + PARTIAL_SUFFIX, content))
  await finishPartial(path)
}

/**
 * Writes any number of chunks to the partial file of a path; finishPartial makes it whole.
 *
 * @throws OperatingError if it cannot be written; AbortError if the signal said so. Nothing is left of it then
 */
export async function streamPartial(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  signal?: AbortSignal,
): Promise<void> {
  const options = signal === undefined ? {} : { signal }
  await orNothing(path, () => pipeline(Readable.from(chunks), createWriteStream(path + PARTIAL_SUFFIX), options))
}

/**
 * Gives the partial file of a path its name, in one step.
 *
 * @throws OperatingError if the name cannot be given
 */
export async function finishPartial(path: string): Promise<void> {
  await orNothing(path, () => rename(path + PARTIAL_SUFFIX, path))
}

/** Runs one step of writing; if it fails nothing of the partial file is left. */
async function orNothing(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    await rm(path + PARTIAL_SUFFIX, { force: true }).catch(() => undefined)
    throw describeWriteFailure(error, path)
  }
}
