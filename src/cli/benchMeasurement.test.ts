import { expect, test } from 'vitest'
import { compareBench, measure, parseBenchBaseline, writeBenchBaseline } from './benchMeasurement.ts'
import { createCalibration } from './benchmarks.ts'

const one = (score: number, events = 100) => [{ name: 'rolling-10', text: '', medianMs: 1, score, events }]
const baseline = parseBenchBaseline('bench.json', writeBenchBaseline(one(50)))

test('slower than the tolerance is a regression, within it is not', () => {
  expect(compareBench(one(50), baseline, 0.15)).toEqual([{ name: 'rolling-10', state: 'holds', ratio: 1 }])
  expect(compareBench(one(45), baseline, 0.15)).toMatchObject([{ state: 'holds' }])
  expect(compareBench(one(40), baseline, 0.15)).toMatchObject([{ state: 'slower', ratio: 0.8 }])
})

test('another number of events is another behaviour, whatever the speed', () => {
  expect(compareBench(one(90, 101), baseline, 0.15)).toEqual([
    { name: 'rolling-10', state: 'changed', eventsBefore: 100 },
  ])
})

test.each(['{', '{}', '{"format":"rollbench-bench/1"}', '{"format":"rollbench-bench/1","benchmarks":{"a":{}}}'])(
  '%s is no bench baseline',
  (text) => expect(() => parseBenchBaseline('old.json', text)).toThrow('old.json'),
)

test('the yardstick measured against itself scores about a thousand', async () => {
  const [measured] = await measure(
    [{ name: 'itself', text: '', run: createCalibration(), events: 0 }],
    createCalibration(),
    20,
  )
  expect(measured?.score).toBeGreaterThan(200)
  expect(measured?.score).toBeLessThan(5000)
})

test('a benchmark that throws is an error, not a result', async () => {
  const run = () => {
    throw new Error('no such pod')
  }
  await expect(measure([{ name: 'broken', text: '', run, events: 0 }], createCalibration(), 5)).rejects.toThrow(
    'no such pod',
  )
})
