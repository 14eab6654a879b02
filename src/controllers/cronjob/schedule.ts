// After pkg/controller/cronjob/utils.go (mostRecentScheduleTime, nextScheduleTimeDuration), Kubernetes v1.36: which
// due time is the last one missed, and when to look again. Times are virtual seconds.

import type { DueTimes } from '../../scenario/cronTimes.ts'

/** Padding of each wake-up against clocks that differ (nextScheduleDelta). */
const PADDING_SECONDS = 0.1

/** A regular interval of less than this is an invalid schedule. */
const INTERVAL_MIN_SECONDS = 1

/** What a schedule says at some moment. */
export type Recent =
  /** Nothing was missed since `sinceSeconds`. */
  | { readonly type: 'none'; readonly sinceSeconds: number }
  /** The latest due time that is over. */
  | { readonly type: 'due'; readonly atSeconds: number }
  /** Some were missed, but none can be named. */
  | { readonly type: 'unclear' }
  | { readonly type: 'invalid' }

/** The first due time after `seconds`; Infinity if it lies beyond the horizon. */
export function nextDue(due: DueTimes, seconds: number): number {
  if (due.type === 'never') return Infinity
  if (due.type === 'every') return Math.floor(seconds) + due.seconds
  const { atSeconds } = due
  let low = 0
  let high = atSeconds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (atSeconds[middle] > seconds) high = middle
    else low = middle + 1
  }
  return atSeconds[low] ?? Infinity
}

/**
 * The most recent due time since `sinceSeconds` (the last run, the creation, or the deadline) that is not after now.
 * Every minute since 0 s, now 200 s: 180 s; the two before it are not made up for.
 */
export function mostRecentDue(due: DueTimes, sinceSeconds: number, nowSeconds: number): Recent {
  if (due.type === 'never') return { type: 'invalid' }
  const first = nextDue(due, sinceSeconds)
  const second = nextDue(due, first)
  if (nowSeconds < first) return { type: 'none', sinceSeconds }
  if (nowSeconds < second) return { type: 'due', atSeconds: first }
  const interval = second - first
  if (interval < INTERVAL_MIN_SECONDS) return { type: 'invalid' }
  const missed = Math.floor((nowSeconds - first) / interval) + 1
  let recent = NaN
  // Irregular schedules are searched from two regular intervals before now.
  for (let at = nextDue(due, first + (missed - 2) * interval); at <= nowSeconds; at = nextDue(due, at)) recent = at
  return Number.isNaN(recent) ? { type: 'unclear' } : { type: 'due', atSeconds: recent }
}

/** Seconds from now until the schedule should be looked at again. */
export function secondsUntilNext(due: DueTimes, recent: Recent, nowSeconds: number): number {
  let base = nowSeconds
  if (recent.type === 'due') base = recent.atSeconds
  if (recent.type === 'none') base = recent.sinceSeconds
  return nextDue(due, base) + PADDING_SECONDS - nowSeconds
}
