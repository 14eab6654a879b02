// A sweep over a space as users have it: the built code, worker threads, a process that is killed.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const space = fileURLToPath(new URL('sweep/smallSpace.yaml', import.meta.url))
const small = fileURLToPath(new URL('sweep/small.yaml', import.meta.url))

/** Machines that run tests are busy machines. */
const HOOK_MS_MAX = 60_000
const FILES = ['runs.csv', 'scenarios.csv', 'summary.csv', 'regions.csv', join('charts', 'regions.svg')]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbench-'))
  rollbench('sweep', '-f', space, '--jobs', '1', '--out', out('one'))
}, HOOK_MS_MAX)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const out = (name: string): string => join(folder, name)
const contents = (name: string): string[] => FILES.map((file) => readFileSync(join(out(name), file), 'utf8'))
const linesOf = (name: string, file: string): string[] =>
  readFileSync(join(out(name), file), 'utf8')
    .trim()
    .split('\n')

const partsIn = (parts: string): boolean =>
  existsSync(parts) && readdirSync(parts).some((name) => name.endsWith('.bin'))

function rollbench(...args: string[]): { stdout: string; stderr: string; code: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
  return { stdout, stderr, code: status }
}

test('gives the same bytes with two workers', () => {
  rollbench('sweep', '-f', space, '--jobs', '2', '--out', out('two'))
  expect(contents('two')).toEqual(contents('one'))
})

test('goes on after kill -9, to the same bytes', async () => {
  const args = [main, 'sweep', '-f', space, '--jobs', '1', '--out', out('killed')]
  const child = spawn(process.execPath, args, { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.on('close', resolve))
  const parts = join(out('killed'), 'parts')
  while (child.exitCode === null && !partsIn(parts)) await wait(5)
  child.kill('SIGKILL')
  await ended
  expect(existsSync(join(out('killed'), 'runs.csv'))).toBe(false)
  expect(rollbench(...args.slice(1)).stderr).toMatch(/resuming: \d+ of 60 scenarios are present/)
  expect(contents('killed')).toEqual(contents('one'))
})

test('counts and names scenarios that are refused or do not settle', () => {
  const states = linesOf('one', 'scenarios.csv')
    .slice(1)
    .map((line) => line.split(',')[1])
  expect(states).toHaveLength(60)
  expect(new Set(states)).toEqual(new Set(['ran', 'refused', 'unsettled']))
  const { stdout } = rollbench('sweep', '-f', space, '--jobs', '1', '--out', out('again'))
  expect(stdout).toMatch(/scenarios were left out, refused:\n.*restartPolicy/)
  expect(stdout).toMatch(/scenarios were left out, not settled when the timeline began:/)
})

test('prints a scenario that `run` repeats row by row', () => {
  const ran = linesOf('one', 'scenarios.csv').findIndex((line) => line.includes(',ran,'))
  const printed = rollbench('sweep', '-f', space, '--print-scenario', String(ran))
  const file = join(folder, 'printed.yaml')
  writeFileSync(file, printed.stdout)
  rollbench('run', '-f', file, '--out', out('printed'), '-q')
  const wanted = linesOf('one', 'runs.csv').filter((line) => line.startsWith(`small-${ran},`))
  expect(linesOf('printed', 'runs.csv').slice(1)).toEqual(wanted)
})

test('a space without faults and parameters is the plain scenario', () => {
  const file = join(folder, 'plain.yaml')
  const head = 'apiVersion: rollbench.dev/v1\nkind: ScenarioSpace\nmetadata: { name: plain }\n'
  writeFileSync(file, `${head}spec: { base: ${small}, parameters: [], runs: 20, scenarios: 1 }\n`)
  rollbench('sweep', '-f', file, '--out', out('space'), '-q')
  rollbench('sweep', '-f', small, '--seeds', '20', '--out', out('plain'), '-q')
  const withoutName = (name: string) => linesOf(name, 'runs.csv').map((line) => line.slice(line.indexOf(',')))
  expect(withoutName('space')).toEqual(withoutName('plain'))
})

test.each([
  [['run', '-f', space], 'a ScenarioSpace holds many scenarios: give it to rollbench sweep -f'],
  [['sweep', '-f', small, '--scenarios', '5'], '--scenarios needs a ScenarioSpace, and the files hold none'],
  [['sweep', '-f', space, '-f', small], 'a ScenarioSpace goes alone: give one -f with it'],
  [['sweep', '-f', space, '--print-scenario', '61'], '--print-scenario 61: there are 60 scenarios'],
  [['sweep', '-f', space, '--threshold', '*: lostRequests max == 0'], 'a threshold is on the runs of one scenario'],
])('%j is refused in words', (args, message) => {
  const { code, stderr } = rollbench(...args)
  expect(stderr).toContain(message)
  expect(code).toBe(2)
})

test('chart draws the regions again', () => {
  const { stdout } = rollbench('chart', out('one'), '--out', out('charts'))
  expect(stdout).toBe(`${join(out('charts'), 'regions.svg')}\n`)
  expect(readFileSync(join(out('charts'), 'regions.svg'), 'utf8')).toBe(contents('one').at(-1))
  expect(rollbench('chart', out('one'), '--type', 'tradeoff').stderr).toContain('results of a space have one chart')
})
