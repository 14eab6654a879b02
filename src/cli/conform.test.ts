import { expect, test } from 'vitest'
import { formatConformance } from './conform.ts'

test('every family has its line, every failing case its divergence, and the counts come last', () => {
  const text = formatConformance([
    { family: 'rolling', id: 'rolling-1', agreed: true },
    { family: 'rolling', id: 'rolling-2', agreed: false, divergence: 'pods  recorded 3  rollbench 4' },
    { family: 'paused', id: 'paused-1', agreed: true },
  ])
  expect(text.split('\n')).toEqual([
    'rolling 1/2',
    'paused 1/1',
    '',
    'rolling-2',
    'pods  recorded 3  rollbench 4',
    '',
    '2 passed, 1 failed',
  ])
})
