import { expect, test } from 'vitest'
import { fakeResults, makeResults } from '../../test/report/madeResults.ts'
import { FLAGSHIP_ARMS } from '../../test/sweep/fakeScenario.ts'
import { summariseResults } from './summary.ts'
import { renderMarkdown, renderTable } from './table.ts'

const small = summariseResults(fakeResults(['recreate', 'rolling-1-0', 'rolling-stuck-25pct-25pct'], 200))
const flagship = summariseResults(fakeResults(FLAGSHIP_ARMS, 100))

test('looks as kubectl would print it', () => {
  expect(`\n${renderTable(small)}\n`).toMatchInlineSnapshot(`
    "
    ARM                         COMPLETE    STUCK   LOST p50        LOST p95      DOWN p95   ROLLOUT p50   VS recreate
    recreate                       100 %      0 %     38,096   43,455 ±1,172    21.7s ±0.6      21s ±0.4             -
    rolling-1-0                    100 %      0 %          0      0 (≤3.6 %)   0s (≤1.9 %)     2m10s ±4s    +1m49s ±3s
    rolling-stuck-25pct-25pct     68.5 %   31.5 %        909       1,114 ±48   0s (≤1.9 %)    27.9s ±1.8    +6.6s ±0.9

    200 runs per arm. ± reaches to the far end of the 95 % interval; 0 (≤x): at most x of runs have more.
    STUCK: unfinished, and nothing moves any more; LOST requests; DOWN: no pod serves.
    VS: median difference in rollout time from recreate, seed by seed.
    "
  `)
})

test('shows every column if asked to be wide', () => {
  expect(`\n${renderTable(small, { wide: true })}\n`).toMatchInlineSnapshot(`
    "
    ARM                         COMPLETE    STUCK   LOST p50        LOST p95    LOST p99      DOWN p95   ROLLOUT p50   ROLLOUT p95   VS recreate        LOST VS   OVERLAP   MIN READY   PEAK PODS   EXTRA POD-S   DEADLINES
    recreate                       100 %      0 %     38,096   43,455 ±1,172   44,431 ±?    21.7s ±0.6      21s ±0.4    23.7s ±0.6             -              -        0s         0 %          10             0         0 %
    rolling-1-0                    100 %      0 %          0      0 (≤3.6 %)      0.4 ±?   0s (≤1.9 %)     2m10s ±4s     2m35s ±5s    +1m49s ±3s   -38,096 ±752     1m57s       100 %          11           104         0 %
    rolling-stuck-25pct-25pct     68.5 %   31.5 %        909       1,114 ±48    1,170 ±?   0s (≤1.9 %)    27.9s ±1.8         never    +6.6s ±0.9   -37,161 ±698     23.6s        80 %          14            63      31.5 %

    recreate loses 38,056 in the mean: 38,056 refused after termination
    rolling-stuck-25pct-25pct loses 911 in the mean: 911 refused after termination

    200 runs per arm. ± reaches to the far end of the 95 % interval; 0 (≤x): at most x of runs have more.
    STUCK: unfinished, and nothing moves any more; LOST requests; DOWN: no pod serves; OVERLAP: two versions serve; MIN READY p5; PEAK PODS most seen.
    VS: median difference in rollout time from recreate, seed by seed.
    "
  `)
})

test('fits 120 columns with thirteen arms, and fewer if need be', () => {
  const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length))
  expect(flagship.groups.length).toBeGreaterThanOrEqual(13)
  expect(widest(renderTable(flagship))).toBeLessThanOrEqual(120)
  const [narrow] = renderTable(flagship, { columnsMax: 80 }).split('\n')
  expect(narrow.length).toBeLessThanOrEqual(80)
  expect(narrow).toMatch(/^ARM +LOST p95 +DOWN p95 +ROLLOUT p50/)
})

test('says where there are too few runs, and prints no 0 without its bound', () => {
  const few = renderTable(
    summariseResults(makeResults({ a: { rolloutSeconds: [10, 20, 30], lostRequests: [0, 0, 0] } })),
  )
  expect(few).toContain('0 (≤70.8 %)')
  expect(few).toContain('20s ±?')
})

test('has colours only if asked, and never other bytes', () => {
  const escape = String.fromCodePoint(27)
  const plain = renderTable(small, { best: 'rolling-1-0' })
  const coloured = renderTable(small, { best: 'rolling-1-0', colour: true })
  expect(plain).not.toContain(escape)
  expect(coloured).toContain(`${escape}[1mrolling-1-0`)
  expect(coloured.replaceAll(new RegExp(`${escape}\\[\\d+m`, 'g'), '')).toBe(plain)
})

test('names the workload where there are several', () => {
  const results = fakeResults(['recreate', 'rolling-1-0'], 10)
  const cart = results.groups.map((group) => ({ ...group, workload: 'StatefulSet/cart' }))
  const both = {
    ...results,
    workloads: [...results.workloads, 'StatefulSet/cart'],
    groups: [...results.groups, ...cart],
  }
  expect(renderTable(summariseResults(both))).toMatch(/^ARM +WORKLOAD +LOST p50/)
})

test('becomes a Markdown table', () => {
  const [head, rule, ...rows] = renderMarkdown(small).split('\n')
  expect(head).toMatch(/^\| ARM \| COMPLETE \| STUCK \| LOST p50 \| /)
  expect(rule).toMatch(/^\| --- \| ---: \|/)
  expect(rows).toHaveLength(3)
})
