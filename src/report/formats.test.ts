import { parseString } from 'fast-csv'
import { expect, test } from 'vitest'
import { fakeResults } from '../../test/report/madeResults.ts'
import { RESPONSES } from '../metrics/types.ts'
import { renderCsv, renderJson, renderNames, SUMMARY_COLUMNS } from './formats.ts'
import { summariseResults } from './summary.ts'

const summary = summariseResults(fakeResults(['recreate', 'rolling-stuck-1-0'], 50))

test('summary.csv has one row per arm, workload and response, with full numbers', async () => {
  const text = await renderCsv(summary)
  expect(text.endsWith('\n')).toBe(true)
  const rows = (await parseString(text, { headers: true, strictColumnHandling: true }).toArray()) as Record<
    string,
    string
  >[]
  expect(Object.keys(rows[0])).toEqual(SUMMARY_COLUMNS)
  expect(rows.map(({ arm, response }) => [arm, response])).toEqual(
    ['recreate', 'rolling-stuck-1-0'].flatMap((arm) => RESPONSES.map((response) => [arm, response])),
  )
  const [recreate, stuck] = summary.groups
  expect(Number(rows[2]['p95'])).toBe(recreate.responses.downtimeSeconds.quantiles.p95.estimate)
  const rollout = rows[RESPONSES.length]
  expect(rollout).toMatchObject({ response: 'rolloutSeconds', mean: '', sd: '', p95: 'Infinity', differenceMean: '' })
  expect(Number(rollout['completePercent'])).toBe(stuck.complete.share * 100)
})

test('JSON has Infinity as text and null for what is not there', () => {
  const plain = JSON.parse(renderJson(summary)) as { groups: { responses: Record<string, Record<string, unknown>> }[] }
  const { rolloutSeconds, lostRequests } = plain.groups[1].responses
  expect(rolloutSeconds).toMatchObject({ mean: null, sd: null, p95: { value: 'Infinity' } })
  expect(lostRequests['mean']).toMatchObject({ value: 0, low: 0, high: 0 })
  expect(plain.groups[0]).toMatchObject({ arm: 'recreate', differences: null })
})

test('names are one a line', () => {
  expect(renderNames(summary)).toBe('recreate\nrolling-stuck-1-0')
})
