import { expect, test } from 'vitest'
import { parseThreshold } from './thresholds.ts'

const arms = ['recreate', 'rolling-1-0', 'rolling-25pct-0']

test.each([
  ['rolling-1-0: downtimeSeconds p99 == 0', 'rolling-1-0', 'downtimeSeconds', { type: 'quantile', q: 0.99 }, '==', 0],
  ['*: lostRequests mean <= 1e3', '*', 'lostRequests', { type: 'mean' }, '<=', 1000],
  [
    ' recreate:rolloutSeconds p99.9<60.5 ',
    'recreate',
    'rolloutSeconds',
    { type: 'quantile', q: 99.9 / 100 },
    '<',
    60.5,
  ],
  ['recreate: minReadyPercent max >= 0', 'recreate', 'minReadyPercent', { type: 'max' }, '>=', 0],
])('%s is read', (text, arm, column, stat, op, value) => {
  const read = parseThreshold(text, arms)
  expect(read).toEqual({ value: { text: text.trim(), arm, column, stat, op, value } })
})

test.each([
  ['downtimeSeconds p99 == 0', 'write ARM: COLUMN STAT OP VALUE'],
  ['recreat: downtimeSeconds p99 == 0', 'there is no arm "recreat" (did you mean "recreate"?)'],
  ['*: downtimeSecond p99 == 0', 'there is no column "downtimeSecond" (did you mean "downtimeSeconds"?)'],
  ['*: downtimeSeconds p100 == 0', '"p100" is not a statistic: use mean, max, or p50 … p99.9'],
  ['*: downtimeSeconds min == 0', '"min" is not a statistic'],
  ['*: downtimeSeconds p99 == 500ms', '"500ms" is not a plain number: downtimeSeconds counts seconds'],
  ['*: minReadyPercent p50 >= 90%', 'write 90, not 90%'],
  ['*: downtimeSeconds p99 => 0', 'write ARM: COLUMN STAT OP VALUE'],
])('%s is refused', (text, message) => {
  expect(parseThreshold(text, arms)).toEqual({ wrong: expect.stringContaining(message) })
})

test('without a list of arms any arm is accepted', () => {
  expect(parseThreshold('whatever: requests max > 0')).toHaveProperty('value.arm', 'whatever')
})
