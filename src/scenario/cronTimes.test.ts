import { describe, expect, it } from 'vitest'
import { dueTimes, EPOCH_SECONDS } from './cronTimes.ts'

const hour = 3_600
const day = 86_400

const listed = (schedule: string, timeZone: string | undefined, horizonSeconds: number): readonly number[] => {
  const due = dueTimes(schedule, timeZone, horizonSeconds)
  return due.type === 'listed' ? due.atSeconds.filter((at) => at <= horizonSeconds) : []
}

describe('due times', () => {
  it('count from 2000-01-01, a Saturday', () => {
    expect(listed('*/20 * * * *', undefined, hour)).toEqual([0, 1200, 2400, 3600])
    expect(listed('0 12 * * 0', undefined, 9 * day)).toEqual([day + 12 * hour, 8 * day + 12 * hour])
  })

  it('match either day field if both are restricted, both if one is open', () => {
    expect(listed('0 0 3 * 0', undefined, 5 * day)).toEqual([day, 2 * day])
    expect(listed('0 0 */2 * 0', undefined, 9 * day)).toContain(2 * day)
    expect(listed('0 0 * * 0', undefined, 9 * day)).toEqual([day, 8 * day])
  })

  it('are local to the time zone', () => {
    expect(listed('0 9 * * *', 'Asia/Kolkata', day)).toEqual([3.5 * hour])
    expect(listed('0 0 1 1 *', 'America/New_York', day)).toEqual([5 * hour])
  })

  it('leave out what a clock change skips and repeat what it repeats', () => {
    const march26 = Date.UTC(2000, 2, 26) / 1000 - EPOCH_SECONDS
    const october29 = Date.UTC(2000, 9, 29) / 1000 - EPOCH_SECONDS
    const berlin = listed('30 2 * * *', 'Europe/Berlin', 365 * day)
    expect(berlin.filter((at) => at >= march26 - 2 * hour && at < march26 + 22 * hour)).toEqual([])
    expect(berlin.filter((at) => at >= october29 - 2 * hour && at < october29 + 23 * hour)).toHaveLength(2)
  })

  it('may be a fixed time apart, or never', () => {
    expect(dueTimes('@every 90s', undefined, day)).toEqual({ type: 'every', seconds: 90 })
    expect(dueTimes('0 0 31 2 *', undefined, day)).toEqual({ type: 'never' })
    expect(dueTimes('nonsense', undefined, day)).toEqual({ type: 'never' })
  })
})
