// Wins and regions of a space whose answer is known.

import { describe, expect, test } from 'vitest'
import { madeSpace } from '../../../test/report/madeSpace.ts'
import { renderRegionsChart } from './chart.ts'
import { regionsCsv, summaryCsv } from './formats.ts'
import { binsOf, findRegions } from './regions.ts'
import { renderSpace } from './table.ts'
import { growTree } from './tree.ts'
import { judgeSpace } from './wins.ts'

const results = madeSpace()
const verdict = judgeSpace(results)
const regions = findRegions(results, verdict)
const armOf = (name: string) => verdict.arms.find(({ arm }) => arm === name)

describe('wins', () => {
  test('go to the arm that completes, then loses least, then is fastest', () => {
    expect(verdict.arms.map(({ arm, won }) => [arm, won.count, won.of])).toEqual([
      ['fast', 50, 100],
      ['safe', 50, 100],
      ['stuck', 0, 100],
    ])
  })

  test('are shared by arms that are equal, and then nobody wins alone', () => {
    const fast = results.arms[0]
    const twins = judgeSpace({ ...results, arms: [fast, { ...fast, arm: 'twin' }] })
    expect(twins.arms.map(({ won, wonAlone }) => [won.count, wonAlone.count])).toEqual([
      [100, 0],
      [100, 0],
    ])
  })

  test('follow the criteria that the space names', () => {
    const byTime = judgeSpace({ ...results, winBy: ['rolloutSeconds'] })
    expect(byTime.arms.map(({ won }) => won.count)).toEqual([100, 0, 0])
  })

  test('are counted where an arm ran', () => {
    const missing = {
      ...results.arms[0],
      complete: results.arms[0].complete.map((share, at) => (at < 10 ? NaN : share)),
    }
    const [fast, safe] = judgeSpace({ ...results, arms: [missing, results.arms[1]] }).arms
    expect([fast.won.of, fast.won.count, safe.won.of, safe.won.count]).toEqual([90, 40, 100, 60])
  })

  test('have exact intervals, and downtime and stuck runs are counted beside them', () => {
    expect(armOf('safe')?.down).toMatchObject({ count: 25, of: 100, share: 0.25 })
    expect(armOf('safe')?.down.interval.low).toBeCloseTo(0.169, 3)
    expect(armOf('safe')?.down.interval.high).toBeCloseTo(0.347, 3)
    expect(armOf('stuck')?.incomplete.count).toBe(100)
  })
})

describe('regions', () => {
  test('show the parameter that separates first, and one that does not as such', () => {
    const [x, y] = regions.filter(({ arm, target }) => arm === 'fast' && target === 'won')
    expect([x.parameter, x.isClear, x.strength]).toEqual(['x', true, 1])
    expect([y.parameter, y.isClear, y.strength]).toEqual(['y', false, 0])
    expect(x.bins.map(({ label, share }) => [label, share.share, share.of])).toEqual([
      ['1s–25s', 1, 25],
      ['26s–50s', 1, 25],
      ['51s–1m15s', 0, 25],
      ['1m16s–1m40s', 0, 25],
    ])
  })

  test('keep few values apart, and equal values together', () => {
    const integer = { name: 'n', type: 'integer' as const, values: [] }
    expect(binsOf(integer, ['3', '1', '3', '2']).map(({ label }) => label)).toEqual(['1', '2', '3'])
    const many = Array.from({ length: 40 }, (_, at) => String(at < 20 ? 1 : at))
    expect(binsOf(integer, many).map(({ label }) => label)).toEqual(['1', '20–29', '30–39'])
  })

  test('of two parameters are found by the tree', () => {
    const flags = Int8Array.from(results.scenarios, ({ values: [colour, x] }) =>
      colour === 'red' && Number(x) <= 50 ? 1 : 0,
    )
    const [best, ...others] = growTree(results, flags)
    expect(best.share).toMatchObject({ count: 25, of: 25 })
    expect(best.conditions.toSorted()).toEqual(['x ≤ 50s', 'y = red'])
    expect(others.every(({ share }) => share.count === 0)).toBe(true)
  })
})

test('the answer names the winner, the contrasts, and what was left out', () => {
  const [first, ...rest] = results.scenarios
  const text = renderSpace(
    results,
    judgeSpace({ ...results, scenarios: [{ ...first, state: 'unsettled', reason: 'too small' }, ...rest] }),
    regions,
  )
  expect(text).toContain('wins 100 % (86 to 100) at x 1s–25s, 0 % (0 to 14) at x 1m16s–1m40s')
  expect(text).toContain('is down in 100 % (86 to 100) at x 1m16s–1m40s')
  expect(text).toContain('1: too small (made-1)')
})

test('files and chart have the same bytes each time', async () => {
  expect(String(await summaryCsv(verdict)).split('\n')[1]).toMatch(/^fast,100,0.5,0.398321,0.601679,/)
  expect(String(await regionsCsv(regions))).toContain('fast,won,x,1,1s–25s,25,1,')
  const svg = await renderRegionsChart(results, verdict, regions)
  expect(svg).toContain('wins most often')
  expect(await renderRegionsChart(results, verdict, regions)).toBe(svg)
})
