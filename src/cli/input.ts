// Reads the files that the user names. Whatever is wrong with one is the user's input: exit 2, one sentence.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { InputError } from '../base/errors.ts'
import { describeSystemError, printNote } from './terminal.ts'

/** What reading stops at, in millions of bytes: also an endless device must not fill the memory. */
const YAML_MEGABYTES_MAX = 5

/** Recordings are machine-made and larger; this bounds memory, also against a gzip bomb. */
const RECORDING_MEGABYTES_MAX = 256

/** A text and the name under which errors mention it. */
export interface InputText {
  readonly file: string
  readonly text: string
}

/** What messages call `-`. */
const STANDARD_INPUT = 'standard input'

const gunzipAsync = promisify(gunzip)

/** Reads a YAML file, or standard input for `-`. Throws InputError for anything that is not a text of reasonable size. */
export async function readYaml(file: string): Promise<InputText> {
  return toText(file, await readBytes(file, YAML_MEGABYTES_MAX), 'YAML')
}

/** Reads a YAML file that a scenario names; like readYaml, but at once. */
export function readYamlSync(file: string): string {
  return toText(file, readFileBytes(file, YAML_MEGABYTES_MAX), 'YAML').text
}

/** Reads a text file of our own, such as a stored baseline. */
export async function readText(file: string): Promise<InputText> {
  return toText(file, await readBytes(file, RECORDING_MEGABYTES_MAX), 'JSON')
}

/** Reads a .jsonl or .jsonl.gz file of recordings; gzip is recognised by its first bytes, not by the name. */
export async function readRecordings(file: string): Promise<InputText> {
  const bytes = await readBytes(file, RECORDING_MEGABYTES_MAX)
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return toText(file, bytes, 'JSON lines')
  try {
    return toText(file, await gunzipAsync(bytes, { maxOutputLength: RECORDING_MEGABYTES_MAX * 1e6 }), 'JSON lines')
  } catch (error) {
    if (error instanceof InputError) throw error
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    throw inputError(file, tooLarge ? tooLargeMessage(RECORDING_MEGABYTES_MAX) : 'is not a whole gzip file')
  }
}

/** Whether the path is a folder; false where there is nothing. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

/** Reads every file in order; problems of all files are reported together. Standard input can be named once. */
export async function readAll(
  files: readonly string[],
  read: (file: string) => Promise<InputText>,
): Promise<InputText[]> {
  const texts: InputText[] = []
  const problems: InputError[] = []
  if (files.filter((file) => file === '-').length > 1) {
    throw inputError('-', 'standard input can be read only once: name it in one -f')
  }
  for (const file of files) {
    try {
      texts.push(await read(file))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      problems.push(error)
    }
  }
  if (problems.length > 0) throw new InputError(problems.flatMap((error) => error.problems))
  return texts
}

async function readBytes(file: string, megabytesMax: number): Promise<Buffer> {
  return file === '-' ? readStandardInput(megabytesMax) : readFileBytes(file, megabytesMax)
}

async function readStandardInput(megabytesMax: number): Promise<Buffer> {
  if (process.stdin.isTTY) printNote('reading standard input; end it with Ctrl-D')
  const chunks: Buffer[] = []
  let length = 0
  try {
    if (fstatSync(process.stdin.fd).isDirectory()) throw inputError(STANDARD_INPUT, 'is a directory: give it a file')
    for await (const chunk of process.stdin) {
      const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk))
      chunks.push(bytes)
      length += bytes.length
      if (length > megabytesMax * 1e6) throw inputError(STANDARD_INPUT, tooLargeMessage(megabytesMax))
    }
  } catch (error) {
    throw readFailure(STANDARD_INPUT, error)
  }
  return Buffer.concat(chunks)
}

/** Reads in pieces, so that an endless device stops at the limit instead of filling the memory. */
function readFileBytes(file: string, megabytesMax: number): Buffer {
  if (file === '') throw inputError('-f', 'the file name is empty')
  const chunks: Buffer[] = []
  let length = 0
  try {
    const descriptor = openSync(file, 'r')
    try {
      if (fstatSync(descriptor).isDirectory()) throw inputError(file, DIRECTORY_MESSAGE)
      for (;;) {
        const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
        const bytesRead = readSync(descriptor, chunk)
        if (bytesRead === 0) return Buffer.concat(chunks)
        chunks.push(chunk.subarray(0, bytesRead))
        length += bytesRead
        if (length > megabytesMax * 1e6) throw inputError(file, tooLargeMessage(megabytesMax))
      }
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    throw readFailure(file, error)
  }
}

/** What goes wrong with a file that the user names is the user's input, whatever the cause. */
function readFailure(file: string, error: unknown): InputError {
  if (error instanceof InputError) return error
  return inputError(file, `cannot be read: ${describeSystemError(error as NodeJS.ErrnoException)}`)
}

const CHUNK_BYTES = 256 * 1024

const DIRECTORY_MESSAGE = 'is a directory: name the files in it, each with its own -f'

function tooLargeMessage(megabytesMax: number): string {
  return `is larger than ${megabytesMax} MB, the most that is read; split it, or give only what matters`
}

function toText(file: string, bytes: Uint8Array, expected: string): InputText {
  const name = displayName(file)
  if (bytes.includes(0)) throw inputError(name, `is not text: it holds a zero byte, where ${expected} was expected`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw inputError(name, `is not UTF-8 text, where ${expected} was expected`)
  }
  if (text.trim() === '') throw inputError(name, 'is empty')
  return { file: name, text }
}

function displayName(file: string): string {
  return file === '-' ? STANDARD_INPUT : file
}

function inputError(file: string, message: string): InputError {
  return new InputError([{ file, severity: 'error', message }])
}
