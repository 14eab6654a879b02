// The gates: `check` against thresholds and baselines, `bench` against a stored measurement, `conform` against recordings.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { ROOT, rollbench, scratchFolder, unfriendly } from './rollbench.ts'
import { smallScenario } from './scenarios.ts'

/** The most that making results may take on a busy machine. */
const HOOK_MS = 120_000

const folder = scratchFolder()
const path = (name: string): string => join(folder, name)

async function makeResults(name: string, text: string, ...words: string[]): Promise<string> {
  writeFileSync(path(`${name}.yaml`), text)
  const said = await rollbench(['run', '-f', path(`${name}.yaml`), '--out', path(name), '-q', ...words])
  expect(said.code).toBe(0)
  return path(name)
}

describe('check', () => {
  let main: string
  let slower: string
  let otherSeeds: string
  const baseline = path('main.json')

  beforeAll(async () => {
    main = await makeResults('main', smallScenario())
    slower = await makeResults('slower', smallScenario({ ready: '{ uniform: [6s, 12s] }' }))
    otherSeeds = await makeResults('otherSeeds', smallScenario(), '--first-seed', '5000')
    const said = await rollbench(['check', main, '--write-baseline', baseline])
    expect(said).toMatchObject({ code: 0, stdout: '', stderr: `wrote ${baseline}\n` })
  }, HOOK_MS)

  test('unchanged results pass, against the file and against the folder', async () => {
    for (const side of [baseline, main]) {
      const said = await rollbench(['check', main, '--baseline', side])
      expect(said).toMatchObject({ code: 0, stderr: '' })
      expect(said.stdout).toMatch(/^\d+ passed, 0 failed, 0 undecided\n$/)
    }
  })

  test('the baseline file is small', () => {
    expect(readFileSync(baseline).length).toBeLessThan(10_000)
  })

  test('slower pods are a regression: exit 3, with the interval and the limit', async () => {
    for (const side of [baseline, main]) {
      const said = await rollbench(['check', slower, '--baseline', side])
      expect(said.code).toBe(3)
      expect(said.stdout).toMatch(
        /^ {2}✗ recreate: downtimeSeconds mean [\d.]+ -> [\d.]+: \+[\d.]+ \[\+[\d.]+, \+[\d.]+\], limit [\d.]+$/m,
      )
      expect(said.stdout).toMatch(/\d+ passed, [1-9]\d* failed, \d+ undecided\n$/)
      expect(said.stderr).toContain('note: the scenario is not the one of the baseline')
      expect(unfriendly(said.stdout)).toEqual([])
    }
  })

  test('a tolerance can accept it', async () => {
    const words = [
      'check',
      slower,
      '--baseline',
      main,
      '--tolerance',
      '200%',
      '--tolerance',
      'versionOverlapSeconds=60',
    ]
    expect((await rollbench(words)).code).toBe(0)
  })

  test('other seeds without a tolerance are undecided: exit 4, with the seeds that it would take', async () => {
    const said = await rollbench(['check', otherSeeds, '--baseline', baseline, '--tolerance', '0%'])
    expect(said.code).toBe(4)
    expect(said.stdout).toMatch(/^ {2}\? recreate: downtimeSeconds mean .*: undecided, needs about [\d,]+ seeds$/m)
  })

  test('--verbose prints what did not get worse, too', async () => {
    const said = await rollbench(['check', main, '--baseline', main, '--verbose'])
    expect(said.stdout).toMatch(/^ {2}✓ recreate: downtimeSeconds mean [\d.]+, the same$/m)
  })

  test('thresholds are a gate of their own', async () => {
    const check = (text: string) => rollbench(['check', main, '--threshold', text])
    expect((await check('rolling-1-0: downtimeSeconds max == 0')).code).toBe(0)
    expect((await check('recreate: downtimeSeconds p50 == 0')).code).toBe(3)
    expect((await check('recreate: downtimeSeconds p99 < 60')).code).toBe(4)
    expect((await check('nobody: downtimeSeconds p99 < 60')).code).toBe(2)
  })

  test.each([
    ['no baseline, no threshold', [], 'nothing to check'],
    ['a baseline that is missing', ['--baseline', path('none.json')], 'no such file'],
    ['a baseline that is none', ['--baseline', path('main.yaml')], 'is not JSON'],
    ['a tolerance that is none', ['--baseline', path('main.yaml'), '--tolerance', 'much'], '--tolerance must be'],
    ['a confidence of 100 %', ['--baseline', path('main.yaml'), '--confidence', '100%'], '--confidence must be'],
  ])('%s is exit 2', async (_, words, message) => {
    const said = await rollbench(['check', main, ...words])
    expect(said).toMatchObject({ code: 2, stdout: '' })
    expect(said.stderr).toContain(message)
  })
})

describe('bench', () => {
  const baseline = path('bench.json')
  const bench = (...words: string[]) => rollbench(['bench', '--time', '5', ...words])

  test('measures, stores and compares', async () => {
    const stored = await bench('--write-baseline', baseline)
    expect(stored.code).toBe(0)
    expect(stored.stderr).toBe(`wrote ${baseline}\n`)
    expect(stored.stdout).toMatch(/^BENCHMARK +CALLS\/S/)
    for (const name of ['rolling-10', 'rolling-100', 'recreate-10', 'queue-1000']) {
      expect(stored.stdout).toMatch(new RegExp(`^${name} `, 'm'))
    }
    // Five milliseconds measure nothing, so nearly everything has to pass here.
    const compared = await bench('--baseline', baseline, '--tolerance', '99%')
    expect(compared.code).toBe(0)
    expect(compared.stdout).toMatch(/✓ rolling-10: \d+\.\d\d times the speed of the baseline/)
  })

  test('slower than the baseline is exit 3, and so is another number of events', async () => {
    const text = readFileSync(baseline, 'utf8')
    const faster = JSON.parse(text) as { benchmarks: Record<string, { score: number; events: number }> }
    for (const stored of Object.values(faster.benchmarks)) stored.score *= 1000
    writeFileSync(path('faster.json'), JSON.stringify(faster))
    expect((await bench('--baseline', path('faster.json'))).code).toBe(3)

    const other = JSON.parse(text) as typeof faster
    const rolling = other.benchmarks['rolling-10']
    if (rolling) rolling.events++
    writeFileSync(path('other.json'), JSON.stringify(other))
    const said = await bench('--baseline', path('other.json'), '--tolerance', '99%', '-o', 'json')
    expect(said.code).toBe(3)
    const { comparisons } = JSON.parse(said.stdout) as { comparisons: { name: string; state: string }[] }
    expect(comparisons).toContainEqual(expect.objectContaining({ name: 'rolling-10', state: 'changed' }))
  })

  test('a baseline that is none is exit 2', async () => {
    writeFileSync(path('none.json'), '{}')
    expect((await bench('--baseline', path('none.json'))).code).toBe(2)
  })
})

describe('conform', () => {
  const recordings = join(ROOT, 'test/data/conformance/rolling.jsonl.gz')

  test('agrees with recordings of the real controllers', async () => {
    const said = await rollbench(['conform', recordings])
    expect(said).toMatchObject({ code: 0, stderr: '' })
    expect(said.stdout).toMatch(/^rolling (\d+)\/\1\n\1 passed, 0 failed\n$/)
  })

  test('a recording that says something else fails, and its first divergence is shown', async () => {
    const [first = '', second = ''] = gunzipSync(readFileSync(recordings)).toString('utf8').split('\n')
    const changed = path('changed.jsonl')
    const other = first.replace(
      '"t":1,"state":{"pods":{"web:v1 starting":20',
      '"t":1,"state":{"pods":{"web:v1 starting":21',
    )
    expect(other).not.toBe(first)
    writeFileSync(changed, `${other}\n${second}\n`)
    const said = await rollbench(['conform', changed])
    expect(said.code).toBe(3)
    expect(said.stdout).toMatch(/^rolling 1\/2\n\nrolling-/)
    expect(said.stdout).toMatch(/\n1 passed, 1 failed\n$/)
    expect(unfriendly(said.stdout)).toEqual([])
  })

  test('a malformed file is exit 2, after what could be replayed', async () => {
    const broken = path('broken.jsonl.gz')
    writeFileSync(broken, gzipSync('{"scenario":\n'))
    const said = await rollbench(['conform', recordings, broken])
    expect(said.code).toBe(2)
    expect(said.stdout).toMatch(/^rolling /)
    expect(said.stderr).toContain('broken.jsonl.gz')
  })
})
