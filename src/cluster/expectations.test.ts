import { expect, it } from 'vitest'
import { Expectations } from './expectations.ts'

it('are satisfied when all is seen, whatever else was, or after five minutes', () => {
  const expectations = new Expectations(2)
  expect(expectations.areSatisfied(0, 0)).toBe(true)
  expectations.observeDeletion(0)
  expectations.expect(0, 2, 1, 0)
  expectations.observeCreation(0)
  expectations.observeDeletion(0)
  expect(expectations.areSatisfied(0, 0)).toBe(false)
  expect(expectations.areSatisfied(1, 0)).toBe(true)
  expect(expectations.areSatisfied(0, 300_000_001)).toBe(true)
  expectations.observeCreation(0)
  expectations.observeCreation(0)
  expect(expectations.areSatisfied(0, 0)).toBe(true)
})
