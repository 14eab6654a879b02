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
  /** Called with every piece of stderr; may send a signal. */
  readonly onStderr?: (text: string, kill: (signal: NodeJS.Signals) => void) => void
  /** Words for node itself, before the program. */
  readonly node?: readonly string[]
}

/** Runs `rollbench` with these words. Stdin is closed unless `input` is given. */
export function rollbench(words: readonly string[], call: Call = {}): Promise<Said> {
  return runProgram(process.execPath, [...(call.node ?? []), MAIN, ...words], call)
}

/** Runs any program, with an environment that neither colours nor limits the number of workers. */
export function runProgram(program: string, words: readonly string[], call: Call = {}): Promise<Said> {
  const { NO_COLOR: _, FORCE_COLOR: __, ROLLBENCH_COLOR: ___, ROLLBENCH_JOBS: ____, ...environment } = process.env
  const startedAt = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: call.cwd ?? ROOT, env: { ...environment, ...call.env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
      call.onStderr?.(text, (signal) => child.kill(signal))
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr, seconds: (performance.now() - startedAt) / 1000 }))
    // The program may refuse its input before it has read all of it.
    child.stdin.on('error', () => undefined)
    child.stdin.end(call.input ?? '')
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
