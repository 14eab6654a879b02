import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { fakeResults, makeResults } from '../../test/report/madeResults.ts'
import { FLAGSHIP_ARMS } from '../../test/sweep/fakeScenario.ts'
import { findFront } from './charts/tradeoff.ts'
import { buildChart, CHART_TYPES, renderChart, renderCharts } from './charts.ts'

const results = fakeResults(['recreate', 'rolling-1-0', 'rolling-stuck-2-1', 'rolling-5-0'], 40)

describe.each(CHART_TYPES)('the chart %s', (type) => {
  test('is the golden one, byte for byte (renew with: npx vitest run src/report/charts.test.ts -u)', async () => {
    await expect(await renderChart(type, results)).toMatchFileSnapshot(`../../test/golden/charts/${type}.svg`)
  })

  test('has the same bytes each time, after other charts too', async () => {
    const first = await renderChart(type, results)
    await renderCharts(fakeResults(['recreate'], 3))
    expect(await renderChart(type, results)).toBe(first)
  })

  test('names every arm of the flagship scenario', async () => {
    const svg = await renderChart(type, fakeResults(FLAGSHIP_ARMS, 30))
    for (const arm of FLAGSHIP_ARMS) expect(svg).toContain(`>${arm}<`)
  })

  test.each([
    ['one run of one arm', fakeResults(['recreate'], 1)],
    ['arms that never complete', makeResults({ a: { rolloutSeconds: [Infinity] }, b: { rolloutSeconds: [Infinity] } })],
    ['arms that cost nothing', makeResults({ a: { rolloutSeconds: [0, 0] } })],
    ['no arm', makeResults({})],
  ])('can be drawn for %s', async (_what, extreme) => {
    const svg = await renderChart(type, extreme)
    expect(svg).toMatch(/^<svg .*<\/svg>\n$/s)
    expect(svg).not.toMatch(/NaN|Infinity|undefined/)
  })

  test('is plain JSON as Vega-Lite, and escapes nothing but what it must', () => {
    const spec = buildChart(type, results)
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec)
    expect(spec.$schema).toBe('https://vega.github.io/schema/vega-lite/v6.json')
  })
})

test('all charts are written, the one of availability only if there are samples', async () => {
  expect((await renderCharts(results)).map(({ name }) => name)).toEqual(CHART_TYPES.map((type) => `${type}.svg`))
  const without = await renderCharts({ ...results, availability: [] })
  expect(without.map(({ name }) => name)).toEqual(['tradeoff.svg', 'downtime.svg', 'rollout.svg'])
})

test('a name with markup in it stays text', async () => {
  const svg = await renderChart('downtime', makeResults({ '<script>&"': { rolloutSeconds: [1, 2] } }))
  expect(svg).toContain('&lt;script&gt;&amp;')
  expect(svg).not.toContain('<script>')
})

test('the front holds the arms that no other arm beats', () => {
  const arm = (name: string, time: number, lost: number) => ({
    name,
    rolloutMedian: { estimate: time, interval: { low: time, high: time } },
    costP95: { estimate: lost, interval: { low: lost, high: lost } },
  })
  const arms = [arm('slow', 9, 0), arm('fast', 1, 9), arm('between', 5, 5), arm('beaten', 5, 6), arm('twin', 5, 5)]
  expect(findFront(arms).map(({ name }) => name)).toEqual(['fast', 'between', 'twin', 'slow'])
})

test('no package that measures text is there: SVG bytes would depend on it', () => {
  expect(existsSync(new URL('../../node_modules/canvas', import.meta.url))).toBe(false)
})
