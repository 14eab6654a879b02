import { describe, expect, it } from 'vitest'
import { dueTimes } from '../../scenario/cronTimes.ts'
import { mostRecentDue, nextDue, secondsUntilNext } from './schedule.ts'

const everyMinute = dueTimes('* * * * *', undefined, 3_600)
const every25 = dueTimes('@every 25s', undefined, 3_600)

describe('the most recent due time', () => {
  it('is the only one that is made up for', () => {
    expect(mostRecentDue(everyMinute, 1, 59)).toEqual({ type: 'none', sinceSeconds: 1 })
    expect(mostRecentDue(everyMinute, 1, 60)).toEqual({ type: 'due', atSeconds: 60 })
    expect(mostRecentDue(everyMinute, 1, 200)).toEqual({ type: 'due', atSeconds: 180 })
    expect(mostRecentDue(every25, 1, 80)).toEqual({ type: 'due', atSeconds: 76 })
  })

  it('of an irregular schedule is searched for', () => {
    const uneven = dueTimes('0,1,30 * * * *', undefined, 7_200)
    expect(mostRecentDue(uneven, 1, 3_000)).toEqual({ type: 'due', atSeconds: 1_800 })
  })

  it('is none of a schedule that never comes', () => {
    expect(mostRecentDue({ type: 'never' }, 1, 100)).toEqual({ type: 'invalid' })
  })
})

it('looks again a tenth of a second after the next one', () => {
  expect(secondsUntilNext(everyMinute, mostRecentDue(everyMinute, 1, 60.1), 60.1)).toBeCloseTo(60)
  expect(secondsUntilNext(everyMinute, mostRecentDue(everyMinute, 1, 2), 2)).toBeCloseTo(58.1)
  expect(nextDue(everyMinute, 3_600)).toBeGreaterThan(3_600)
})
