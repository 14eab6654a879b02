import { expect, it } from 'vitest'
import { NONE } from '../../base/columns.ts'
import { parseIntervals } from '../../model/indexIntervals.ts'
import { matchSuccessPolicy } from './successPolicy.ts'

it.each([
  ['0-2', NONE, '0-1', false],
  ['0-2', NONE, '0-2,5', true],
  ['0-2', 2, '0,2', true],
  ['0-2', 2, '0,7', false],
  [undefined, 2, '0,7', true],
  [undefined, 3, '0,7', false],
  [undefined, 1, '', false],
])('of %s and at least %i, with %s done, is %s', (indexes, count, done, wanted) => {
  const rule = { indexes: indexes === undefined ? undefined : parseIntervals(indexes, 10), count }
  expect(matchSuccessPolicy([rule], parseIntervals(done, 10))).toBe(wanted)
})
