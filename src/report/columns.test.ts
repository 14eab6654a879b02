import { expect, test } from 'vitest'
import { columns } from './columns.ts'

test('columns have three spaces between them and none at the end', () => {
  const rows = [
    ['NAME', 'RUNS', 'WHAT'],
    ['rolling-10', '7', 'a'],
    ['°é', '1234', 'longer'],
  ]
  expect(columns(rows, [1]).split('\n')).toEqual([
    'NAME         RUNS   WHAT',
    'rolling-10      7   a',
    '°é           1234   longer',
  ])
})
