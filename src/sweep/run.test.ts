import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseString } from 'fast-csv'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakeEngine } from '../../test/sweep/fakeEngine.mjs'
import { fakeScenario } from '../../test/sweep/fakeScenario.ts'
import { InputError, OperatingError } from '../base/errors.ts'
import type { SweepMachinery, SweepOptions } from './run.ts'
import { runSweep } from './run.ts'
import { RUN_COLUMNS } from './types.ts'

const machinery: SweepMachinery = {
  createEngine: createFakeEngine,
  workerFile: new URL('../../test/sweep/fakeWorker.mjs', import.meta.url),
}
const scenario = fakeScenario(['recreate', 'rolling-1-0', 'rolling-stuck-1-1'], ['checkout', 'cart'])

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbench-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function options(changes: Partial<SweepOptions> = {}): SweepOptions {
  return {
    scenario,
    outDir: join(folder, 'out'),
    jobs: 1,
    firstSeed: 1,
    seeds: 300,
    command: ['rollbench'],
    ...changes,
  }
}

const bytesOf = (outDir: string): string =>
  readFileSync(join(outDir, 'runs.csv'), 'utf8') + readFileSync(join(outDir, 'availability.csv'), 'utf8')

const parseCsv = (text: string): Promise<string[][]> => parseString(text).toArray()

describe('a complete sweep', () => {
  test('writes one row per run and workload, by arm, seed, workload', async () => {
    const outcome = await runSweep(options(), machinery)
    expect(outcome).toMatchObject({ state: 'complete', runs: 900, rows: 1800 })
    const [header, ...rows] = await parseCsv(readFileSync(join(folder, 'out/runs.csv'), 'utf8'))
    expect(header).toEqual(RUN_COLUMNS)
    expect(header?.join(', ')).toBe(
      'scenario, arm, seed, workload, outcome, rolloutSeconds, deadlinesMissed, downtimeSeconds, requests, ' +
        'answeredRequests, retriedRequests, lostRequests, lostRefusedAfterTermination, lostStaleEndpoint, ' +
        'lostNotListening, lostNotYetRegistered, lostNoEndpoint, lostKilledInFlight, lostBadVersion, lostOverload, ' +
        'lostConnectionReset, ' +
        'minReadyPercent, degradedSeconds, versionOverlapSeconds, peakPods, extraPodSeconds, terminatingPodSeconds, ' +
        'stuck, fullStrengthSeconds, drainingSeconds, ordinalAwayMeanSeconds, ordinalAwayMaxSeconds, noPrimarySeconds, ' +
        'belowQuorumSeconds, volumeWaitSeconds, recoverySeconds, lostWrites, latencyP50Ms, latencyP99Ms',
    )
    const expected = scenario.arms.flatMap(({ name }) =>
      Array.from({ length: 300 }, (_, index) => index + 1).flatMap((seed) =>
        ['Deployment/checkout', 'Deployment/cart'].map((workload) => ['checkout', name, String(seed), workload].join()),
      ),
    )
    expect(rows.map((row) => row.slice(0, 4).join())).toEqual(expected)
  })

  test('prints numbers that read back as the same, and rolloutSeconds only if complete', async () => {
    await runSweep(options(), machinery)
    const [, ...rows] = await parseCsv(readFileSync(join(folder, 'out/runs.csv'), 'utf8'))
    const engines = scenario.arms.map((arm) => createFakeEngine(scenario, arm))
    for (const [index, row] of rows.entries()) {
      const measured = engines[Math.floor(index / 600)]?.run(Number(row[2])).rows[index % 2]
      expect(row.slice(4, 6)).toEqual([
        measured?.outcome,
        measured?.outcome === 'complete' ? String(measured.rolloutSeconds) : '',
      ])
      expect(Number(row[11])).toBe(measured?.lostRequests)
    }
    expect(rows.some((row) => row[4] === 'deadlineExceeded')).toBe(true)
  })

  test('leaves no parts, and says in provenance.json how to repeat it', async () => {
    const outcome = await runSweep(options({ command: ['rollbench', 'run'] }), machinery)
    expect(readdirSync(join(folder, 'out')).toSorted()).toEqual(['availability.csv', 'provenance.json', 'runs.csv'])
    const provenance = JSON.parse(readFileSync(join(folder, 'out/provenance.json'), 'utf8')) as unknown
    expect(outcome).toMatchObject({ provenance })
    expect(provenance).toMatchObject({ firstSeed: 1, seeds: 300, windowSeconds: 1200, command: ['rollbench', 'run'] })
  })

  test('gives the quantiles of availability at each instant', async () => {
    await runSweep(options(), machinery)
    const [header, ...rows] = await parseCsv(readFileSync(join(folder, 'out/availability.csv'), 'utf8'))
    expect(header).toEqual(['arm', 'second', 'p5', 'p50', 'p95', 'mean'])
    expect(rows).toHaveLength(3 * 241)
    expect(rows[1]).toEqual(['recreate', '5', '0', '0', '10', expect.stringMatching(/^[23]\.\d+$/)])
    expect(rows[240]).toEqual(['recreate', '1200', '100', '100', '100', '100'])
  })
})

describe('the same bytes', () => {
  test('from one thread and from a pool of two workers', async () => {
    const large = fakeScenario(['recreate', 'rolling-1-0', 'rolling-2-0'])
    await runSweep(options({ scenario: large, seeds: 2000 }), machinery)
    await runSweep(options({ scenario: large, seeds: 2000, jobs: 2, outDir: join(folder, 'pool') }), machinery)
    expect(bytesOf(join(folder, 'pool'))).toBe(bytesOf(join(folder, 'out')))
  })

  test('after an interruption, a damaged part and a half-written one', async () => {
    await runSweep(options({ outDir: join(folder, 'whole') }), machinery)
    const stop = new AbortController()
    const onProgress: SweepOptions['onProgress'] = ({ doneRuns }) => doneRuns >= 400 && stop.abort()
    const interrupted = await runSweep(options({ signal: stop.signal, onProgress }), machinery)
    expect(interrupted).toEqual({ state: 'interrupted', doneRuns: 428, totalRuns: 900 })
    expect(readdirSync(join(folder, 'out'))).toEqual(['parts'])

    const parts = readdirSync(join(folder, 'out/parts')).map((name) => join(folder, 'out/parts', name))
    expect(parts).toHaveLength(4)
    const [damaged = '', halfWritten = ''] = parts
    writeFileSync(damaged, readFileSync(damaged).subarray(0, 1000))
    writeFileSync(`${halfWritten}.partial`, 'half')
    const progress: number[] = []
    await runSweep(options({ onProgress: ({ resumedRuns }) => progress.push(resumedRuns) }), machinery)
    expect(progress[0]).toBeGreaterThanOrEqual(300)
    expect(progress[0]).toBeLessThan(428)
    expect(bytesOf(join(folder, 'out'))).toBe(bytesOf(join(folder, 'whole')))
    expect(existsSync(join(folder, 'out/parts'))).toBe(false)
  })
})

describe('an interrupted sweep', () => {
  test('leaves no runs.csv, not even the one of an earlier sweep', async () => {
    await runSweep(options(), machinery)
    const stop = new AbortController()
    stop.abort()
    expect(await runSweep(options({ signal: stop.signal }), machinery)).toMatchObject({ state: 'interrupted' })
    expect(existsSync(join(folder, 'out/runs.csv'))).toBe(false)
  })

  test('ends a pool at once', async () => {
    const stop = new AbortController()
    const onProgress: SweepOptions['onProgress'] = ({ doneRuns }) => doneRuns > 0 && stop.abort()
    const outcome = await runSweep(options({ seeds: 20_000, jobs: 2, signal: stop.signal, onProgress }), machinery)
    expect(outcome.state).toBe('interrupted')
    expect(existsSync(join(folder, 'out/runs.csv'))).toBe(false)
  })
})

describe('failures', () => {
  test('a file in the place of the results folder is one clear message', async () => {
    writeFileSync(join(folder, 'file'), '')
    const failed = runSweep(options({ outDir: join(folder, 'file/out') }), machinery)
    await expect(failed).rejects.toThrow(OperatingError)
    await expect(failed).rejects.toThrow(
      /^cannot write .*file\/out\/parts: a part of the path is a file, not a folder$/,
    )
  })

  test('a full disk leaves nothing that looks whole', async () => {
    mkdirSync(join(folder, 'out'))
    symlinkSync('/dev/full', join(folder, 'out/runs.csv.partial'))
    const failed = runSweep(options(), machinery)
    await expect(failed).rejects.toThrow(
      /^cannot write .*runs\.csv: no space left on the disk; 900 of 900 runs are kept, the same command goes on from there$/,
    )
    expect(readdirSync(join(folder, 'out'))).toEqual(['parts'])
  })

  test('wrong input found by a worker arrives as InputError', async () => {
    const refused = options({ scenario: fakeScenario(['refused']), seeds: 5000, jobs: 2 })
    await expect(runSweep(refused, machinery)).rejects.toThrow(InputError)
  })

  test('our own errors name the run that shows them', async () => {
    const broken: SweepMachinery = {
      ...machinery,
      createEngine: (...args) => {
        const engine = createFakeEngine(...args)
        return {
          run(seed) {
            if (seed === 7) throw new Error('a rule does not hold')
            return engine.run(seed)
          },
        }
      },
    }
    await expect(runSweep(options(), broken)).rejects.toThrow('a rule does not hold (arm recreate, seed 7)')
  })
})
