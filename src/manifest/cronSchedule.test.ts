import { describe, expect, it } from 'vitest'
import { parseSchedule } from './cronSchedule.ts'

describe('cron schedules', () => {
  it('reads lists, ranges, steps and names', () => {
    expect(parseSchedule('5/20,0 9-17/4 ? JAN,12 mon-wed')).toEqual({
      state: 'fields',
      minutes: new Set([5, 25, 45, 0]),
      hours: new Set([9, 13, 17]),
      daysOfMonth: new Set(Array.from({ length: 31 }, (_, day) => day + 1)),
      months: new Set([1, 12]),
      daysOfWeek: new Set([1, 2, 3]),
      daysNeedBoth: true,
    })
  })

  it('takes a stepped star for a restriction', () => {
    expect(parseSchedule('0 0 */2 * mon')).toMatchObject({ daysNeedBoth: false })
    expect(parseSchedule('0 0 1 * mon')).toMatchObject({ daysNeedBoth: false })
    expect(parseSchedule('0 0 */1 * mon')).toMatchObject({ daysNeedBoth: true })
  })

  it.each([
    ['@daily', { state: 'fields', minutes: new Set([0]), hours: new Set([0]) }],
    ['@weekly', { state: 'fields', daysOfWeek: new Set([0]) }],
    ['@every 1h30m', { state: 'every', seconds: 5400 }],
    ['@every 1.5s', { state: 'every', seconds: 1 }],
    ['@every 10ms', { state: 'every', seconds: 1 }],
  ])('reads %s', (text, schedule) => {
    expect(parseSchedule(text)).toMatchObject(schedule)
  })

  it.each([
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
    ['@fortnightly', 'unrecognized descriptor: @fortnightly'],
    ['@every soon', 'failed to parse duration @every soon: time: invalid duration "soon"'],
  ])('refuses %s', (text, reason) => {
    expect(parseSchedule(text)).toEqual({ state: 'malformed', reason })
  })
})
