import { describe, expect, it } from 'vitest'
import { clipIntervals, countCommon, countIndexes, hasIndex, parseIntervals, withIndexes } from './indexIntervals.ts'

describe('completion indexes', () => {
  it('read the text of the API, cut at the completions', () => {
    expect(parseIntervals('1,3-5,7', 10)).toEqual([
      { first: 1, last: 1 },
      { first: 3, last: 5 },
      { first: 7, last: 7 },
    ])
    expect(parseIntervals('1,3-5,7', 5)).toEqual([
      { first: 1, last: 1 },
      { first: 3, last: 4 },
    ])
    expect(parseIntervals('', 5)).toEqual([])
  })

  it('grow together with their neighbours', () => {
    const intervals = withIndexes(parseIntervals('1,3-5', 10), [2, 7, 6, 4])
    expect(intervals).toEqual([{ first: 1, last: 7 }])
    expect(countIndexes(intervals)).toBe(7)
    expect(hasIndex(intervals, 7)).toBe(true)
    expect(hasIndex(intervals, 0)).toBe(false)
    expect(clipIntervals(intervals, 1)).toEqual([])
  })

  it('are counted where both have them', () => {
    expect(countCommon(parseIntervals('0-3,6-9', 10), parseIntervals('2-7', 10))).toBe(4)
  })
})
