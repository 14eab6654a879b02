// Runs the built program as its users do, as a child process, and gives back what it said.

import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const MAIN = join(ROOT, 'dist/cli/main.js')

if (!existsSync(MAIN))
  throw new Error('dist/ is missing: these tests run the built program, so run `npm run build` first')

export interface Said {
  /** Null when a signal ended the program. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
}

export interface Call {
  readonly input?: string | Buffer
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Called when the program has been started; gives the way to send it a signal. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void
  /** Leaves stdin open, as a terminal would. */
  readonly keepStdinOpen?: boolean
  /** Words for node itself, before the program. */
  readonly node?: readonly string[]
}

/** Runs `rollbench` with these words. Stdin is closed unless `input` is given. */
export function rollbench(words: readonly string[], call: Call = {}): Promise<Said> {
  return runProgram(process.execPath, [...(call.node ?? []), MAIN, ...words], call)
}

/** Variables that change what the program prints, or with how many workers; npm sets some for its scripts. */
const DISTURBING = /^(NO_COLOR|FORCE_COLOR|CI|ROLLBENCH_.*|npm_.*)$/

/** A pool of workers costs more than the small scenarios of these tests. */
const QUICK = { ROLLBENCH_JOBS: '1' }

/** Runs any program in an environment without disturbing variables. */
export function runProgram(program: string, words: readonly string[], call: Call = {}): Promise<Said> {
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !DISTURBING.test(name)))
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: call.cwd ?? ROOT, env: { ...environment, ...QUICK, ...call.env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr, seconds: (performance.now() - startedAt) / 1000 }))
    // The program may refuse its input before it has read all of it.
    child.stdin.on('error', () => undefined)
    if (call.keepStdinOpen !== true) child.stdin.end(call.input ?? '')
    call.onStart?.((signal) => child.kill(signal))
  })
}

/** A folder for the files of one test file, removed at its end. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollbench-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Asserts-as-value: what a user must never see. Empty when the text is clean. */
export function unfriendly(text: string): string[] {
  const stack = /^\s+at .+:\d+:\d+\)?$/m.exec(text)
  const escape = text.includes('\u001b') ? ['escape character'] : []
  return [...(stack === null ? [] : [stack[0]]), ...escape]
}
