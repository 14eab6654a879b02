import { expect, test } from 'vitest'
import { formatConformance } from './conform.ts'

test('every family has its line, every failing case its divergence, and the counts come last', () => {
  const text = formatConformance([
    { family: 'rolling', id: 'rolling-1', agreed: true },
    { family: 'rolling', id: 'rolling-2', agreed: false, divergence: 'rolling-2 at 3.000\n  theirs  ours' },
    { family: 'paused', id: 'paused-1', agreed: true },
  ])
  expect(text.split('\n')).toEqual([
    'rolling 1/2',
    'paused 1/1',
    '',
    'rolling-2 at 3.000',
    '  theirs  ours',
    '',
    '2 passed, 1 failed',
  ])
})
