import { describe, expect, it } from 'vitest'
import { percentOf, resolveIntOrPercent } from './intOrString.ts'

describe('integers or percentages', () => {
  it.each([
    ['25%', 10, 3, 2],
    ['25%', 4, 1, 1],
    ['1%', 1, 1, 0],
    ['0%', 10, 0, 0],
    ['100%', 7, 7, 7],
    ['150%', 5, 8, 7],
    ['7%', 100, 7, 7],
    ['29%', 100, 29, 29],
    [3, 10, 3, 3],
    [0, 10, 0, 0],
  ] as const)('takes %s of %i as %i rounded up and %i rounded down', (value, total, up, down) => {
    expect(resolveIntOrPercent(value, total, true)).toBe(up)
    expect(resolveIntOrPercent(value, total, false)).toBe(down)
  })

  it('refuses strings that are not percentages', () => {
    for (const text of ['', '5', '%', '1.5%', '-5%', '25 %']) {
      expect(percentOf(text)).toBeUndefined()
      expect(() => resolveIntOrPercent(text, 10, true)).toThrow(RangeError)
    }
  })
})
