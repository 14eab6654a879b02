// When a CronJob is due: the instants of its schedule in its time zone, counted from the start of the simulation, which
// is 2000-01-01T00:00:00Z. After SpecSchedule.Next of robfig/cron v3.0.1: local times that a clock change skips do not
// come, those that it repeats come twice.

import { type CronSchedule, parseSchedule } from '../manifest/cronSchedule.ts'

/** Virtual time 0, in seconds since 1970. */
export const EPOCH_SECONDS = 946_684_800

/** Times at which a schedule is due. */
export type DueTimes =
  /** A fixed time after the last one. */
  | { readonly type: 'every'; readonly seconds: number }
  /** Ascending, seconds since the start of the simulation. */
  | { readonly type: 'listed'; readonly atSeconds: readonly number[] }
  /** The text says nothing, or a day that no month has: the controller gives up. */
  | { readonly type: 'never' }

type Fields = Extract<CronSchedule, { state: 'fields' }>

/**
 * All due times up to the horizon.
 *
 * @param schedule five fields, a descriptor or `@every DURATION`
 * @param timeZone IANA name; the controller's own zone, UTC, if undefined
 */
export function dueTimes(schedule: string, timeZone: string | undefined, horizonSeconds: number): DueTimes {
  const parsed = parseSchedule(schedule)
  if (parsed.state === 'malformed') return { type: 'never' }
  if (parsed.state === 'every') return { type: 'every', seconds: parsed.seconds }
  if (!isPossible(parsed)) return { type: 'never' }
  const offsetAt = zoneOffsets(timeZone)
  const atSeconds: number[] = []
  // Offsets change at whole quarters of an hour of UTC, if at all.
  for (let from = 0; from <= horizonSeconds; from += QUARTER_SECONDS) {
    const offset = offsetAt(from)
    for (let at = from; at < from + QUARTER_SECONDS; at += 60) if (matches(parsed, at + offset)) atSeconds.push(at)
  }
  return { type: 'listed', atSeconds }
}

const QUARTER_SECONDS = 900
const DAY_SECONDS = 86_400

/** The longest that each month can be. */
const MONTH_DAYS: readonly number[] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** False for a date such as 31 February. */
function isPossible({ daysNeedBoth, daysOfMonth, daysOfWeek, months }: Fields): boolean {
  if (!daysNeedBoth && daysOfWeek.size > 0) return true
  return [...months].some((month) => [...daysOfMonth].some((day) => day <= (MONTH_DAYS[month - 1] ?? 0)))
}

/** Whether a minute, given in local seconds, is due. */
function matches(fields: Fields, localSeconds: number): boolean {
  const minuteOfDay = Math.floor((((localSeconds % DAY_SECONDS) + DAY_SECONDS) % DAY_SECONDS) / 60)
  if (!fields.minutes.has(minuteOfDay % 60) || !fields.hours.has(Math.floor(minuteOfDay / 60))) return false
  const date = new Date((EPOCH_SECONDS + localSeconds) * 1000)
  if (!fields.months.has(date.getUTCMonth() + 1)) return false
  const isDay = fields.daysOfMonth.has(date.getUTCDate())
  const isWeekday = fields.daysOfWeek.has(date.getUTCDay())
  return fields.daysNeedBoth ? isDay && isWeekday : isDay || isWeekday
}

/** The zone's distance from UTC in seconds at a virtual second. */
function zoneOffsets(timeZone: string | undefined): (seconds: number) => number {
  if (timeZone === undefined || timeZone === 'UTC' || timeZone === 'Etc/UTC') return () => 0
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (seconds) => {
    const unixSeconds = EPOCH_SECONDS + seconds
    const parts = new Map(clock.formatToParts(unixSeconds * 1000).map(({ type, value }) => [type, Number(value)]))
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
    const day = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
    return day / 1000 - unixSeconds
  }
}
