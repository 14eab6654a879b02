import { expect, test } from 'vitest'
import { parseTolerances, toleratedAmount } from './tolerance.ts'

test('five percent is tolerated unless something else is said, and no fewer complete rollouts', () => {
  const tolerances = parseTolerances([])
  expect(toleratedAmount(tolerances('rolloutSeconds'), 200)).toBe(10)
  expect(toleratedAmount(tolerances('complete'), 100)).toBe(0)
})

test('a column can have its own tolerance, as a share or as an amount', () => {
  const tolerances = parseTolerances(['10%', 'lostRequests=1.5', 'rolloutSeconds=2%'])
  expect(toleratedAmount(tolerances('downtimeSeconds'), 30)).toBe(3)
  expect(toleratedAmount(tolerances('lostRequests'), 1000)).toBe(1.5)
  expect(toleratedAmount(tolerances('rolloutSeconds'), 100)).toBe(2)
})

test.each(['abc', '5', '-5%', 'lostRequests=', 'lost=5%', '1e3%'])('%s is refused', (text) => {
  expect(() => parseTolerances([text])).toThrow('--tolerance')
})
