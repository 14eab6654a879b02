// What the machine does to us: interruptions, folders that cannot be written, full disks. No half-written file looks whole.

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { rollbench, runProgram, scratchFolder, unfriendly } from './rollbench.ts'
import { smallScenario } from './scenarios.ts'

const folder = scratchFolder()
const scenarioFile = join(folder, 'small.yaml')
writeFileSync(scenarioFile, smallScenario())

const SEEDS = '6000'

/** Runs until the first parts are written, then sends the signal. */
async function interrupt(words: readonly string[], out: string, signal: NodeJS.Signals) {
  let kill: ((signal: NodeJS.Signals) => void) | undefined
  const saying = rollbench(words, { onStart: (send) => (kill = send) })
  const parts = join(out, 'parts')
  while (!existsSync(parts) || readdirSync(parts).length < 2) await sleep(5)
  kill?.(signal)
  return saying
}

describe('an interrupted run', () => {
  test.each([
    ['Ctrl-C', 'SIGINT', 130, 'sweep', '1'],
    ['kill', 'SIGTERM', 143, 'run', '2'],
  ] as const)('%s (%s) exits %i: %s -j %s', async (_, signal, code, command, jobs) => {
    const out = join(folder, `${command}-${signal}-${jobs}`)
    const words = [command, '-f', scenarioFile, '--seeds', SEEDS, '-j', jobs, '--out', out]
    const said = await interrupt(words, out, signal)
    expect(said.code).toBe(code)
    expect(said.stderr).toMatch(/interrupted; finished parts are kept, the same command resumes\n$/)
    expect(said.stdout).toBe('')
    expect(unfriendly(said.stderr)).toEqual([])
    expect(existsSync(join(out, 'runs.csv'))).toBe(false)
    expect((await rollbench(['chart', out])).code).toBe(2)

    const resumed = await rollbench(words)
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toMatch(/^resuming: \d+ of 12000 runs are present\n/)
    const whole = join(folder, 'uninterrupted')
    if (!existsSync(whole)) await rollbench([command, '-f', scenarioFile, '--seeds', SEEDS, '--out', whole])
    expect(readFileSync(join(out, 'runs.csv')).equals(readFileSync(join(whole, 'runs.csv')))).toBe(true)
  })

  test('a command with nothing to keep ends at once', async () => {
    const said = await rollbench(['validate', '-f', '-'], {
      keepStdinOpen: true,
      onStart: (kill) => void sleep(2000).then(() => kill('SIGINT')),
    })
    expect(said).toMatchObject({ code: 130, stderr: 'interrupted\n' })
  })
})

describe('a results folder that cannot be written', () => {
  test('exits 1 and says why', async () => {
    const said = await rollbench(['run', '-f', scenarioFile, '--out', join(scenarioFile, 'results')])
    expect(said).toMatchObject({ code: 1, stdout: '' })
    expect(said.stderr).toMatch(/^error {2}cannot write .*: a part of the path is a file, not a folder\n$/)
  })

  test.runIf(existsSync('/proc/self'))('also where folders cannot be made at all', async () => {
    const said = await rollbench(['run', '-f', scenarioFile, '--out', '/proc/results/small'])
    expect(said).toMatchObject({ code: 1, stdout: '' })
    expect(said.stderr).toMatch(/^error {2}cannot write \/proc\/results/)
  })

  test('so does a baseline', async () => {
    const out = join(folder, 'written')
    await rollbench(['run', '-f', scenarioFile, '--out', out])
    const said = await rollbench(['check', out, '--write-baseline', join(scenarioFile, 'baseline.json')])
    expect(said.code).toBe(1)
    expect(said.stderr).toMatch(/^error {2}cannot write /)
  })
})

/** Makes every write after the first `calls` fail as on a full disk; loaded before the program. */
function fullDisk(calls: number): string {
  const preload = join(folder, `fullDisk${calls}.cjs`)
  writeFileSync(
    preload,
    `const fs = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')
let left = ${calls}
const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', errno: -28, syscall: 'write' })
const { writeFile } = fs.promises
fs.promises.writeFile = async (...words) => { if (left-- > 0) return writeFile(...words); throw full() }
const { write, writev } = fs
fs.write = (...words) => { if (left-- > 0) return write(...words); words.at(-1)(full()) }
fs.writev = (...words) => { if (left-- > 0) return writev(...words); words.at(-1)(full()) }
syncBuiltinESMExports()
`,
  )
  return preload
}

describe('a full disk', () => {
  // The first writes are parts, later ones the results: it may be full at any of them.
  test.each([0, 1, 3])('exits 1 and leaves nothing that looks whole, after %i writes', async (calls) => {
    const out = join(folder, `full-${calls}`)
    const words = ['run', '-f', scenarioFile, '--seeds', '200', '-j', '1', '--out', out]
    const said = await rollbench(words, { node: ['--require', fullDisk(calls)] })
    expect(said).toMatchObject({ code: 1, stdout: '' })
    expect(said.stderr).toMatch(/^error {2}cannot write .*: no space left on the disk(; .*)?\n$/)
    expect(existsSync(join(out, 'runs.csv'))).toBe(false)
  })

  test('a limit on the size of files is one as well', async () => {
    const out = join(folder, 'limited')
    const command = `ulimit -f 8; "${process.execPath}" dist/cli/main.js run -f "${scenarioFile}" --seeds 2000 --out "${out}"`
    const said = await runProgram('bash', ['-c', command])
    expect(said.code).toBe(1)
    expect(said.stderr).toMatch(/^error {2}cannot write .*: the file is too large for the file system(; .*)?\n$/)
    expect(existsSync(join(out, 'runs.csv'))).toBe(false)
  })
})
