import { expect, test } from 'vitest'
import { wantsColour } from './terminal.ts'

const terminal = { isTTY: true }
const file = {}

test('a terminal gets colour, a file does not, also with CI set', () => {
  expect(wantsColour('auto', terminal, {})).toBe(true)
  expect(wantsColour('auto', file, { CI: '1' } as object)).toBe(false)
  expect(wantsColour('auto', terminal, { TERM: 'dumb' })).toBe(false)
})

test('the flag wins over ROLLBENCH_COLOR, which wins over NO_COLOR', () => {
  expect(wantsColour('always', file, { ROLLBENCH_COLOR: 'never', NO_COLOR: '1' })).toBe(true)
  expect(wantsColour('never', terminal, { ROLLBENCH_COLOR: 'always' })).toBe(false)
  expect(wantsColour('auto', file, { ROLLBENCH_COLOR: 'always', NO_COLOR: '1' })).toBe(true)
  expect(wantsColour('auto', terminal, { NO_COLOR: '1' })).toBe(false)
})

test('an empty NO_COLOR counts as absent, as no-color.org says', () => {
  expect(wantsColour('auto', terminal, { NO_COLOR: '' })).toBe(true)
})
