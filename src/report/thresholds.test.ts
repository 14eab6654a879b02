import { describe, expect, test } from 'vitest'
import { makeResults } from '../../test/report/madeResults.ts'
import { parseThreshold } from '../scenario/thresholds.ts'
import type { Threshold } from '../sweep/types.ts'
import type { MadeArm } from '../../test/report/madeResults.ts'
import { judgeThresholds } from './thresholds.ts'

function parse(text: string): Threshold {
  const parsed = parseThreshold(text)
  if (!('value' in parsed)) throw new Error(parsed.wrong)
  return parsed.value
}

const judge = (text: string, arm: MadeArm) => judgeThresholds([parse(text)], makeResults({ a: arm }))[0]

/** 1, 2, 3 … 1000. */
const thousand = Array.from({ length: 1000 }, (_, index) => index + 1)
const zeros = (runs: number): number[] => Array.from({ length: runs }, () => 0)

describe('a threshold', () => {
  // The interval of the median of 1 … 1000 is [469, 532]; of the mean 500.5 ± 17.9.
  test.each<[string, string, MadeArm]>([
    ['passed', 'a: lostRequests p50 <= 532', { lostRequests: thousand }],
    ['undecided', 'a: lostRequests p50 <= 531', { lostRequests: thousand }],
    ['undecided', 'a: lostRequests p50 <= 470', { lostRequests: thousand }],
    ['failed', 'a: lostRequests p50 <= 468', { lostRequests: thousand }],
    ['passed', 'a: lostRequests p50 > 468', { lostRequests: thousand }],
    ['failed', 'a: lostRequests p50 >= 533', { lostRequests: thousand }],
    ['failed', 'a: lostRequests p50 == 0', { lostRequests: thousand }],
    ['passed', 'a: lostRequests p50 != 0', { lostRequests: thousand }],
    ['undecided', 'a: lostRequests p50 == 500', { lostRequests: thousand }],
    ['passed', 'a: lostRequests mean < 519', { lostRequests: thousand }],
    ['undecided', 'a: lostRequests mean < 518', { lostRequests: thousand }],
    ['failed', 'a: lostRequests mean < 482', { lostRequests: thousand }],
    ['passed', 'a: lostRequests max <= 1000', { lostRequests: thousand }],
    ['failed', 'a: lostRequests max < 1000', { lostRequests: thousand }],
    ['passed', 'a: downtimeSeconds p99 == 0', { downtimeSeconds: zeros(1000) }],
    // With 200 runs nothing bounds the 99th percentile from above.
    ['undecided', 'a: downtimeSeconds p99 == 0', { downtimeSeconds: zeros(200) }],
    ['failed', 'a: rolloutSeconds mean <= 100', { rolloutSeconds: [1, 2, Infinity] }],
    ['failed', 'a: rolloutSeconds max <= 100', { rolloutSeconds: [1, 2, Infinity] }],
  ])('is %s: %s', (state, text, arm) => {
    expect(judge(text, arm)?.state).toBe(state)
  })

  test('says how many runs would decide a quantile that nothing bounds', () => {
    const runsNeeded = judge('a: downtimeSeconds p99 == 0', { downtimeSeconds: zeros(200) })?.runsNeeded ?? 0
    expect(judge('a: downtimeSeconds p99 == 0', { downtimeSeconds: zeros(runsNeeded) })?.state).toBe('passed')
    expect(judge('a: downtimeSeconds p99 == 0', { downtimeSeconds: zeros(runsNeeded - 1) })?.state).toBe('undecided')
  })

  test('says which share of runs may break it', () => {
    expect(judge('a: downtimeSeconds max == 0', { downtimeSeconds: zeros(1000) })?.breakingShareMax).toBeCloseTo(
      0.00368,
      5,
    )
    expect(judge('a: downtimeSeconds mean == 0', { downtimeSeconds: zeros(1000) })?.breakingShareMax).toBeUndefined()
  })

  test('is judged for every arm that * names, and for no other', () => {
    const results = makeResults({ a: { lostRequests: 0 }, b: { lostRequests: 1 } })
    const judged = judgeThresholds([parse('*: lostRequests max == 0'), parse('c: lostRequests max == 0')], results)
    expect(judged.map(({ arm, state }) => [arm, state])).toEqual([
      ['a', 'passed'],
      ['b', 'failed'],
    ])
  })
})
