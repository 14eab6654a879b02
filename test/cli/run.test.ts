// From files to answers: `run` and `sweep`, what they print, what they write, with which exit code they end.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Said } from './rollbench.ts'
import { rollbench, scratchFolder, unfriendly } from './rollbench.ts'
import { CHART, smallScenario } from './scenarios.ts'

/** The most that making results may take on a busy machine. */
const HOOK_MS = 120_000

const folder = scratchFolder()
const scenarioFile = join(folder, 'small.yaml')
writeFileSync(scenarioFile, smallScenario())

let outs = 0
const newOut = (): string => join(folder, `out-${++outs}`)
const run = (...words: string[]) => rollbench(['run', '-f', scenarioFile, '--out', newOut(), ...words])

describe('a scenario', () => {
  const out = join(folder, 'scenario')
  let said: Said
  beforeAll(async () => {
    // What CI sets must not colour a pipe.
    said = await rollbench(['run', '-f', scenarioFile, '--out', out], { env: { CI: '1', FORCE_COLOR: '1' } })
  }, HOOK_MS)

  test('prints the table, the verdict and the next command, and nothing else on stdout', () => {
    expect(said).toMatchObject({ code: 0, stderr: '' })
    expect(unfriendly(said.stdout)).toEqual([])
    expect(said.stdout).toMatch(/^rollbench \d+\.\d+\.\d+ {3}scenario small {3}2 arms × 100 seeds\n/)
    expect(said.stdout).toMatch(/^ARM .*LOST/m)
    expect(said.stdout).toMatch(/^recreate /m)
    expect(said.stdout).toMatch(/^rolling-1-0 /m)
    expect(said.stdout).toContain(`Results: ${out}  (200 runs, `)
    expect(said.stdout).toMatch(/\nNext: {4}rollbench check .* --threshold 'rolling-1-0: lostRequests p95 == 0'\n$/)
  })

  test('leaves a whole results folder', () => {
    expect(readdirSync(out).toSorted()).toEqual(
      ['availability.csv', 'charts', 'provenance.json', 'runs.csv', 'summary.csv'].toSorted(),
    )
    const charts = readdirSync(join(out, 'charts'))
    expect(charts.length).toBeGreaterThanOrEqual(4)
    for (const chart of charts) expect(readFileSync(join(out, 'charts', chart), 'utf8')).toMatch(/^<svg[\s>]/)
    const lines = readFileSync(join(out, 'runs.csv'), 'utf8').split('\n')
    expect(lines[0]).toBe(
      'scenario,arm,seed,workload,outcome,rolloutSeconds,deadlinesMissed,downtimeSeconds,requests,answeredRequests,retriedRequests,lostRequests,lostRefusedAfterTermination,lostStaleEndpoint,lostNotListening,lostNotYetRegistered,lostNoEndpoint,lostKilledInFlight,lostBadVersion,lostOverload,lostConnectionReset,minReadyPercent,degradedSeconds,versionOverlapSeconds,peakPods,extraPodSeconds,terminatingPodSeconds,stuck,fullStrengthSeconds,drainingSeconds,ordinalAwayMeanSeconds,ordinalAwayMaxSeconds,noPrimarySeconds,belowQuorumSeconds,volumeWaitSeconds,recoverySeconds,lostWrites,latencyP50Ms,latencyP99Ms',
    )
    expect(lines).toHaveLength(1 + 200 + 1)
    const provenance = JSON.parse(readFileSync(join(out, 'provenance.json'), 'utf8')) as Record<string, unknown>
    expect(provenance).toMatchObject({
      firstSeed: 1,
      seeds: 100,
      scenario: { name: 'small' },
      command: ['rollbench', 'run', '-f', scenarioFile, '--out', out],
      inputs: [{ path: scenarioFile }],
    })
  })

  test('chart draws the same bytes again, all or those named', async () => {
    const drawn = readdirSync(join(out, 'charts')).toSorted()
    const elsewhere = join(folder, 'charts')
    const all = await rollbench(['chart', out, '--out', elsewhere])
    expect(all.code).toBe(0)
    expect(all.stdout.trimEnd().split('\n').toSorted()).toEqual(drawn.map((name) => join(elsewhere, name)))
    for (const name of drawn) {
      expect(readFileSync(join(elsewhere, name), 'utf8')).toBe(readFileSync(join(out, 'charts', name), 'utf8'))
    }
    const one = await rollbench(['chart', out, '--type', 'tradeoff', '--out', join(folder, 'one')])
    expect(one.stdout).toBe(`${join(folder, 'one', 'tradeoff.svg')}\n`)
    const names = (await rollbench(['list', 'charts', '-o', 'name'])).stdout.trimEnd().split('\n')
    expect(names.map((name) => `${name}.svg`).toSorted()).toEqual(drawn)
    const unknown = await rollbench(['chart', out, '--type', 'tradeof'])
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('did you mean "tradeoff"?')
  })

  test('gives the same bytes for one worker and for two', async () => {
    const [one, two] = [newOut(), newOut()]
    await rollbench(['run', '-f', scenarioFile, '--seeds', '2500', '-j', '1', '-q', '--out', one])
    await rollbench(['run', '-f', scenarioFile, '--seeds', '2500', '-q', '--out', two], {
      env: { ROLLBENCH_JOBS: '2' },
    })
    for (const name of ['runs.csv', 'availability.csv', 'summary.csv']) {
      expect(readFileSync(join(two, name)).equals(readFileSync(join(one, name)))).toBe(true)
    }
  })

  test('takes the seeds from the flags, and goes to results/<run-id> by default', async () => {
    const cwd = join(folder, 'elsewhere')
    mkdirSync(cwd)
    await rollbench(['run', '-f', scenarioFile, '--seeds', '2', '--first-seed', '9007199254740980'], { cwd })
    const [results = ''] = readdirSync(join(cwd, 'results'))
    expect(results).toMatch(/^small-[0-9a-f]{8}$/)
    const runs = readFileSync(join(cwd, 'results', results, 'runs.csv'), 'utf8')
    expect(runs).toContain('small,recreate,9007199254740981,Deployment/web,')
    const beyond = await rollbench(['run', '-f', scenarioFile, '--seeds', '20', '--first-seed', '9007199254740980'])
    expect(beyond).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('thresholds decide the exit code', () => {
  const passing = 'rolling-1-0: downtimeSeconds max == 0'
  const failing = 'recreate: downtimeSeconds p50 == 0'
  // The 99th percentile of 100 runs has no upper bound.
  const undecided = 'recreate: downtimeSeconds p99 < 60'

  test.each([
    ['hold', [passing], 0, '✓'],
    ['fail', [failing], 3, '✗'],
    ['are undecided', [undecided], 4, '?'],
    ['fail and are undecided', [undecided, failing, passing], 3, '✗'],
  ])('they %s', async (_, thresholds, code, sign) => {
    const said = await run(...thresholds.flatMap((text) => ['--threshold', text]))
    expect(said.code).toBe(code)
    expect(said.stdout).toMatch(/\n\nTHRESHOLDS\n/)
    expect(said.stdout).toContain(`  ${sign} `)
    expect(said.stdout.indexOf('THRESHOLDS')).toBeLessThan(said.stdout.indexOf('\nARM'))
  })

  test('also those in the file, and those of a sweep', async () => {
    const file = join(folder, 'thresholds.yaml')
    writeFileSync(file, smallScenario({ thresholds: [failing] }))
    expect((await rollbench(['run', '-f', file, '--out', newOut()])).code).toBe(3)
    const sweep = await rollbench(['sweep', '-f', file, '--out', newOut(), '--threshold', passing])
    expect(sweep.code).toBe(3)
    expect(sweep.stdout).toMatch(/\n {2}✗ recreate: .*\n {2}✓ rolling-1-0: .*\n$/)
  })

  test('a threshold that is none is a mistake in the input', async () => {
    const said = await run(
      '--threshold',
      'rolling: lostRequests p95',
      '--threshold',
      'rollin-1-0: lostRequests max == 0',
    )
    expect(said.code).toBe(2)
    expect(said.stderr).toContain('is not a threshold')
    expect(said.stderr).toContain('did you mean "rolling-1-0"?')
  })
})

describe('-o', () => {
  test('json is JSON', async () => {
    const said = await run('-o', 'json')
    const answer = JSON.parse(said.stdout) as { scenario: string; groups: { arm: string }[] }
    expect(answer.scenario).toBe('small')
    expect(answer.groups.map(({ arm }) => arm)).toEqual(['recreate', 'rolling-1-0'])
  })

  test('yaml says the same', async () => {
    const said = await run('-o', 'yaml', '--no-color')
    expect(said.stdout).toMatch(/^scenario: small\nreference: recreate\n/)
  })

  test('csv is summary.csv', async () => {
    const out = newOut()
    const said = await rollbench(['run', '-f', scenarioFile, '--out', out, '-o', 'csv'])
    expect(said.stdout).toBe(readFileSync(join(out, 'summary.csv'), 'utf8'))
  })

  test('name lists the arms', async () => {
    expect((await run('-o', 'name')).stdout).toBe('recreate\nrolling-1-0\n')
  })

  test('wide has more columns, and colour comes when asked for', async () => {
    const said = await run('-o', 'wide', '--color', 'always')
    expect(said.stdout).toMatch(/ARM .* ROLLOUT p95/)
    expect(said.stdout).toContain('\u001b[1m')
  })
})

describe('plain manifests', () => {
  test('come through a pipe: helm template … | rollbench run -f -', async () => {
    const said = await rollbench(['run', '-f', '-', '--seeds', '5', '--out', newOut()], { input: CHART })
    expect(said.code).toBe(0)
    expect(said.stdout).toMatch(/\n\nASSUMED\n {2}/)
    expect(said.stdout).toMatch(/^manifest /m)
    expect(said.stdout).toMatch(/^recreate /m)
    // Nothing is dropped in silence.
    expect(said.stderr).toMatch(/^standard input:\d+:\d+ {2}warning {2}ConfigMap\/shop {2}/m)
  })

  test('validate counts them', async () => {
    const said = await rollbench(['validate', '--filename', '-'], { input: CHART })
    expect(said.code).toBe(0)
    expect(said.stdout).toMatch(/\nvalid: 3 documents in 1 file, 1 warning\n$/)
    const names = await rollbench(['validate', '-f', '-', '-o', 'name'], { input: CHART })
    expect(names.stdout).toContain('Deployment/shop\n')
    const json = await rollbench(['validate', '-f', '-', '-o', 'json'], { input: CHART })
    expect(JSON.parse(json.stdout)).toMatchObject({ valid: true, documents: 3 })
  })
})

test('sweep runs several scenario files and names their results', async () => {
  const cwd = join(folder, 'sweep')
  mkdirSync(cwd)
  const other = join(folder, 'other.yaml')
  writeFileSync(other, smallScenario({ name: 'other' }))
  const said = await rollbench(['sweep', '-f', scenarioFile, '-f', other], { cwd })
  expect(said).toMatchObject({ code: 0, stderr: '' })
  const line = / {2}200 runs {2}digest sha256:[0-9a-f]{64} {2}\(/
  const lines = said.stdout.trimEnd().split('\n')
  expect(lines).toEqual([expect.stringMatching(line), expect.stringMatching(line)])
  expect(lines[0]).toMatch(/^sweep complete: results\/small-/)
  expect(lines[1]).toMatch(/^sweep complete: results\/other-/)
})

test('list scenarios names what start can run', async () => {
  const names = (await rollbench(['list', 'scenarios', '-o', 'name'])).stdout.trimEnd().split('\n')
  expect(names).toContain('checkout')
  const unknown = await rollbench(['start', 'chekout'])
  expect(unknown.code).toBe(2)
  expect(unknown.stderr).toContain('did you mean "checkout"?')
})
