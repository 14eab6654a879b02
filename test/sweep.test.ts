// A sweep as users have it: the built code, the real engine, worker threads, processes that are killed.

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseString } from 'fast-csv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const scenario = fileURLToPath(new URL('sweep/small.yaml', import.meta.url))

/** Machines that run tests are busy machines. */
const HOOK_MS_MAX = 60_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbench-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly stderr: string
}

/** Runs `rollbench run` on a small scenario; `whileRunning` may kill it. */
async function run(
  out: string,
  { seeds, jobs, env = {} }: { seeds: number; jobs: number; env?: Record<string, string> },
  whileRunning?: (kill: (signal: NodeJS.Signals) => void) => Promise<void>,
): Promise<Ended> {
  const args = [main, 'run', '-f', scenario, '--seeds', String(seeds), '--jobs', String(jobs), '--out', out]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env } })
  let stderr = ''
  child.stderr.on('data', (chunk) => (stderr += String(chunk)))
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stderr })))
  await whileRunning?.((signal) => child.kill(signal))
  return ended
}

const digest = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Digests of all results that must not depend on how they were made. */
function digests(out: string): Record<string, string> {
  const charts = readdirSync(join(out, 'charts')).map((name) => join('charts', name))
  const names = ['runs.csv', 'availability.csv', 'summary.csv', ...charts]
  return Object.fromEntries(names.map((name) => [name, digest(join(out, name))]))
}

async function untilParts(out: string, count: number): Promise<void> {
  const parts = join(out, 'parts')
  while (!existsSync(parts) || readdirSync(parts).filter((name) => name.endsWith('.bin')).length < count) await wait(5)
}

describe('the same scenario and seeds', () => {
  // Enough for two batches of each arm, and for a pool.
  const seeds = 1800
  const out = (name: string): string => join(folder, name)
  let expected: Record<string, string>
  beforeAll(async () => {
    await run(out('one'), { seeds, jobs: 1 })
    expected = digests(out('one'))
  }, HOOK_MS_MAX)

  test('give the same bytes with two workers', async () => {
    await run(out('two'), { seeds, jobs: 2 })
    expect(digests(out('two'))).toEqual(expected)
  })

  test('give the same bytes in another time zone and language', async () => {
    await run(out('tokyo'), { seeds, jobs: 2, env: { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } })
    expect(digests(out('tokyo'))).toEqual(expected)
  })

  test('give the same bytes after kill -9 and a second call', async () => {
    const killed = await run(out('killed'), { seeds, jobs: 2 }, async (kill) => {
      await untilParts(out('killed'), 3)
      kill('SIGKILL')
    })
    expect(killed.code).toBeNull()
    expect(existsSync(join(out('killed'), 'runs.csv'))).toBe(false)
    const { stderr } = await run(out('killed'), { seeds, jobs: 1 })
    expect(stderr).toMatch(/resuming: \d+ of \d+ runs are present/)
    expect(digests(out('killed'))).toEqual(expected)
  })

  test.each<[NodeJS.Signals, number, number]>([
    ['SIGINT', 130, 1],
    ['SIGINT', 130, 2],
    ['SIGTERM', 143, 2],
  ])('after %s leave exit code %d, no runs.csv and all finished parts (%d jobs)', async (signal, code, jobs) => {
    const name = out(`${signal}-${jobs}`)
    const ended = await run(name, { seeds: 100_000, jobs }, async (kill) => {
      await untilParts(name, 2)
      kill(signal)
    })
    expect(ended.code).toBe(code)
    expect(ended.stderr).toMatch(/interrupted; finished parts are kept, the same command resumes/)
    expect(ended.stderr).not.toMatch(/\n\s+at /)
    expect(readdirSync(name)).toEqual(['parts'])
  })

  test('are one row per arm and seed, all arms with the same seeds', async () => {
    const text = readFileSync(join(out('one'), 'runs.csv'), 'utf8')
    const rows = (await parseString(text, { headers: true, strictColumnHandling: true }).toArray()) as Record<
      string,
      string
    >[]
    const seedsOf = new Map<string, string[]>()
    for (const row of rows) seedsOf.set(row['arm'], [...(seedsOf.get(row['arm']) ?? []), row['seed']])
    const [first = []] = seedsOf.values()
    expect(first).toHaveLength(seeds)
    expect(new Set(first).size).toBe(seeds)
    for (const list of seedsOf.values()) expect(list).toEqual(first)
  })
})
