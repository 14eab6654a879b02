import { expect, test } from 'vitest'
import type { MadeArm } from '../../test/report/madeResults.ts'
import { fakeResults, makeResults } from '../../test/report/madeResults.ts'
import { judgeArms } from './verdict.ts'

const spread = (value: number, runs = 50): number[] =>
  Array.from({ length: runs }, (_, run) => value * (1 + (run % 7) / 10))
const arm = (rollout: number, lost: number): MadeArm => ({
  rolloutSeconds: spread(rollout),
  lostRequests: spread(lost),
})

test('names the fastest of the arms that lose least, what it is faster than, and what it costs', () => {
  const verdict = judgeArms(makeResults({ recreate: arm(20, 40_000), tight: arm(100, 0), wide: arm(50, 0) }))
  expect(verdict).toEqual({
    best: 'wide',
    alike: [],
    sentence:
      'wide is the fastest of the 2 arms that lose least (no request at p95): 1m5s ±5s, while tight takes 2.00 times as ' +
      'long (95 % 2.00 to 2.00); recreate takes 26s ±2.0, 0.40 times as long (95 % 0.40 to 0.40), but loses 64,000 ±? ' +
      'requests at p95 (paired by seed, n = 50).',
  })
})

test('does not choose between arms that cannot be told apart', () => {
  const even = spread(50)
  const jitter = even.map((seconds, run) => seconds + (run % 2 === 0 ? 0.1 : -0.1))
  const verdict = judgeArms(makeResults({ a: { rolloutSeconds: even }, b: { rolloutSeconds: jitter } }))
  expect(verdict?.alike).toHaveLength(1)
  expect(verdict?.sentence).toMatch(/^All arms lose alike .*, not to be told from [ab] \(paired by seed, n = 50\)\.$/)
})

test('leaves out arms that do not always complete, and says so', () => {
  const stuck = { rolloutSeconds: [...spread(10, 49), Infinity] }
  const verdict = judgeArms(makeResults({ stuck, recreate: arm(20, 40_000), rolling: arm(50, 0) }))
  expect(verdict?.best).toBe('rolling')
  expect(verdict?.sentence).toContain('stuck left out: not every run completed')
})

test('works if no run of any arm completes', () => {
  const verdict = judgeArms(
    makeResults({ a: { rolloutSeconds: spread(Infinity) }, b: { rolloutSeconds: spread(Infinity) } }),
  )
  expect(verdict?.sentence).toBe('No arm is done in any of its runs; all arms lose alike (no request at p95).')
})

test('describes a single arm', () => {
  expect(judgeArms(makeResults({ recreate: arm(20, 1000) }))?.sentence).toBe(
    'recreate, the only arm, takes 26s ±2.0 (median) and loses 1,600 ±? requests at p95.',
  )
})

test('has nothing to say without runs', () => {
  expect(judgeArms(makeResults({}))).toBeUndefined()
})

test('is the same each time', () => {
  const results = fakeResults(['recreate', 'rolling-1-0', 'rolling-1-1', 'rolling-5-0'], 100)
  expect(judgeArms(results)).toEqual(judgeArms(results))
  expect(judgeArms(results)?.best).toBe('rolling-5-0')
})
