// Every scenario that ships is played, and its thresholds hold: with few seeds here, so that those which few runs cannot
// decide may stay undecided, but none may fail.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readResults } from '../src/report/readRuns.ts'
import { judgeThresholds } from '../src/report/thresholds.ts'
import { listScenarios } from '../src/scenario/catalog.ts'
import { loadScenario } from '../src/scenario/load.ts'
import { runSweep } from '../src/sweep/run.ts'

const SEEDS = 6

const folder = mkdtempSync(join(tmpdir(), 'rollbench-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const readFile = (path: string): string => readFileSync(path, 'utf8')

test.each(listScenarios())('$name: its thresholds hold', { timeout: 120_000 }, async ({ name, file }) => {
  const { scenario } = loadScenario({ file, text: readFile(file), readFile, seeds: SEEDS })
  const outDir = join(folder, name)
  await runSweep({ scenario, outDir, jobs: 1, firstSeed: scenario.seed, seeds: SEEDS, command: [] })
  const judged = judgeThresholds(scenario.thresholds, await readResults(outDir))
  expect(judged.length).toBeGreaterThanOrEqual(scenario.thresholds.length)
  expect(judged.filter(({ state }) => state === 'failed')).toEqual([])
})
