import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createFakeEngine } from '../../test/sweep/fakeEngine.mjs'
import { fakeScenario } from '../../test/sweep/fakeScenario.ts'
import { InputError } from '../base/errors.ts'
import { runSweep } from '../sweep/run.ts'
import { RUN_COLUMNS } from '../sweep/types.ts'
import { readResults } from './readRuns.ts'

const scenario = fakeScenario(['recreate', 'rolling-stuck-1-0'], ['checkout', 'a, "quoted" cart'])

let folder: string
let whole: string
let results: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rollbench-'))
  whole = join(folder, 'whole')
  results = join(folder, 'results')
  const machinery = { createEngine: createFakeEngine, workerFile: new URL('file:///none') }
  await runSweep({ scenario, outDir: whole, jobs: 1, firstSeed: 11, seeds: 50, command: [] }, machinery)
})
beforeEach(() => {
  rmSync(results, { recursive: true, force: true })
  cpSync(whole, results, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Changes the text of a file of the results. */
function edit(name: string, change: (text: string) => string): void {
  const path = join(results, name)
  writeFileSync(path, change(readFileSync(path, 'utf8')))
}

const editLine = (line: number, change: (text: string) => string): void =>
  edit('runs.csv', (text) =>
    text
      .split('\n')
      .with(line - 1, change(text.split('\n')[line - 1] ?? ''))
      .join('\n'),
  )

test('reads back exactly what the engine gave', async () => {
  const read = await readResults(results)
  expect(read.scenario).toBe('checkout')
  expect(read.arms).toEqual(scenario.arms.map(({ name, label }) => ({ name, label })))
  expect(read.workloads).toEqual(['Deployment/checkout', 'Deployment/a, "quoted" cart'])
  expect(read.provenance).toMatchObject({ firstSeed: 11, seeds: 50 })
  expect(read.availability.map(({ arm, seconds }) => [arm, seconds.length])).toEqual([
    ['recreate', 241],
    ['rolling-stuck-1-0', 241],
  ])
  for (const [index, group] of read.groups.entries()) {
    const arm = scenario.arms[Math.floor(index / 2)]
    const engine = createFakeEngine(scenario, arm)
    expect([group.arm, group.seeds.length, group.seeds[0]]).toEqual([arm.name, 50, 11])
    for (const [run, seed] of group.seeds.entries()) {
      const row = engine.run(seed).rows[index % 2]
      const seconds = row.outcome === 'complete' ? row.rolloutSeconds : Infinity
      expect(group.responses.rolloutSeconds[run]).toBe(seconds)
      expect(group.responses.terminatingPodSeconds[run]).toBe(row.terminatingPodSeconds)
    }
  }
})

test('needs neither provenance.json nor availability.csv', async () => {
  rmSync(join(results, 'provenance.json'))
  rmSync(join(results, 'availability.csv'))
  const read = await readResults(results)
  expect(read.availability).toEqual([])
  expect(read.provenance).toBeUndefined()
  expect(read.arms[0]).toEqual({ name: 'recreate', label: 'recreate' })
})

const cutLines = (text: string): string => text.split('\n').slice(0, 20).join('\n') + '\n'

const COLUMNS = RUN_COLUMNS.length

const refusals: [what: string, spoil: () => void, message: RegExp][] = [
  ['a folder that is not there', () => rmSync(results, { recursive: true }), /no such results folder/],
  ['a folder without runs.csv', () => rmSync(join(results, 'runs.csv')), /no runs\.csv in it; an interrupted sweep/],
  ['a file cut off inside a line', () => edit('runs.csv', (text) => text.slice(0, 900)), /it ends inside a line/],
  ['a file cut off between lines', () => edit('runs.csv', cutLines), /19 rows, but provenance\.json says 200/],
  ['an empty file', () => edit('runs.csv', () => ''), /it ends inside a line/],
  ['a header alone', () => edit('runs.csv', (text) => text.slice(0, text.indexOf('\n') + 1)), /no runs in it/],
  [
    'other columns',
    () => editLine(1, (line) => line.replace('outcome', 'state')),
    /runs\.csv:1 .*expected columns scenario,arm/,
  ],
  [
    'a row that lacks a column',
    () => editLine(5, (line) => line.replace(/,[^,]*$/, '')),
    new RegExp(`runs\\.csv:5 .*${COLUMNS - 1} columns instead of ${COLUMNS}`),
  ],
  [
    'a row with one too many',
    () => editLine(5, (line) => `${line},1`),
    new RegExp(`runs\\.csv:5 .*${COLUMNS + 1} columns instead of ${COLUMNS}`),
  ],
  [
    'text in the place of a number',
    () => editLine(3, (line) => line.replace(/,[^,]*$/, ',many')),
    new RegExp(`runs\\.csv:3 .*${RUN_COLUMNS.at(-1)}: expected a number, got "many"`),
  ],
  [
    'nothing in the place of a number',
    () => editLine(3, (line) => line.replace(/[^,]*(,[01],+)$/, '$1')),
    /terminatingPodSeconds: expected a number, got ""/,
  ],
  ['an unknown outcome', () => editLine(3, (line) => line.replace('complete', 'fine')), /unknown outcome "fine"/],
  ['a seed twice', () => edit('runs.csv', (text) => text.replace(/,12,/, ',11,')), /seed 11 of recreate stands twice/],
  ['a provenance that is not JSON', () => edit('provenance.json', () => '{'), /provenance\.json .*not JSON/],
]

test.each(refusals)('refuses %s', async (_what, spoil, message) => {
  spoil()
  const failed = readResults(results)
  await expect(failed).rejects.toThrow(InputError)
  await expect(failed).rejects.toThrow(message)
})

test('refuses a file in the place of the folder', async () => {
  await expect(readResults(join(results, 'runs.csv'))).rejects.toThrow(/not a results folder, but a file/)
})
