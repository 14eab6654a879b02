import { describe, expect, test } from 'vitest'
import { countOrdinals, ordinalRanges, placeOfOrdinal } from './ordinals.ts'
import type { StatefulSetSpec } from './types.ts'

const spec = (startOrdinal: number, replicas: number): StatefulSetSpec =>
  ({ startOrdinal, replicas }) as unknown as StatefulSetSpec

describe('the ordinals of a StatefulSet', () => {
  test.each([
    ['no replicas', [spec(0, 0)], []],
    ['one spec', [spec(0, 3)], [[0, 2, 0]]],
    ['scaled up', [spec(0, 3), spec(0, 5)], [[0, 4, 0]]],
    ['ranges that touch', [spec(3, 2), spec(0, 3)], [[0, 4, 0]]],
    [
      'a start far away',
      [spec(0, 3), spec(1_000_000, 2)],
      [
        [0, 2, 0],
        [1_000_000, 1_000_001, 3],
      ],
    ],
  ])('%s', (_, specs, wanted) => {
    const ranges = ordinalRanges(specs)
    expect(ranges.map(({ first, last, base }) => [first, last, base])).toEqual(wanted)
  })

  test('have places one after another, however far apart they are', () => {
    const ranges = ordinalRanges([spec(1, 3), spec(10, 2)])
    expect(countOrdinals(ranges)).toBe(5)
    expect([1, 2, 3, 10, 11].map((ordinal) => placeOfOrdinal(ranges, ordinal))).toEqual([0, 1, 2, 3, 4])
  })
})
