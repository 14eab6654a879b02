import { expect, it } from 'vitest'
import { assert } from './assert.ts'

it('names the rule that does not hold', () => {
  expect(() => assert(false, 'a pod has one node')).toThrow('a pod has one node')
  expect(() => assert(true, 'a pod has one node')).not.toThrow()
})
