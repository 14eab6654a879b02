import { expect, test } from 'vitest'
import { nearestWord, suggest } from './suggestion.ts'

test.each([
  ['repplicas', ['replicas', 'selector'], 'replicas'],
  ['relpicas', ['replicas', 'selector'], 'replicas'],
  ['maxsurge', ['maxUnavailable', 'maxSurge'], 'maxSurge'],
  ['idea', ['typical', 'ideal'], 'ideal'],
  ['at', ['as', 'it'], 'as'],
  ['nothing', ['replicas'], undefined],
  ['', ['a'], 'a'],
  ['x', [], undefined],
])('the word nearest to %s among %j is %s', (word, known, nearest) => {
  expect(nearestWord(word, known)).toBe(nearest)
})

test('a suggestion is put behind a message, or nothing is', () => {
  expect(suggest('horizn', ['horizon'])).toBe(' (did you mean "horizon"?)')
  expect(suggest('colour', ['horizon'])).toBe('')
})
