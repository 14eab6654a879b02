// Requests that are under way when an application ends. A pod that gets r requests a second has r E[D] of them in it, D
// being how long one takes; those that are not done x after SIGTERM, when the application exits, are r E[(D - x)+].
//
// 200/s of 50 ms each, killed at once: 10 are cut. An application that drains for 1 s cuts 200 E[(D - 1 s)+].

import { exponentialRest, lognormalRest, uniformRest } from '../kernel/expectations.ts'
import type { TrafficModel } from '../model/types.ts'
import type { DurationSpec } from '../scenario/types.ts'

/**
 * Requests cut when an application ends, for one request a second until `elapsedUs` before. A client gives up after its
 * time-out, and has nothing under way from then on.
 */
export function cutPerRate({ duration, timeoutUs }: TrafficModel, elapsedUs: number): number {
  if (elapsedUs >= timeoutUs) return 0
  return (restUs(duration, elapsedUs) - (timeoutUs === Infinity ? 0 : restUs(duration, timeoutUs))) / 1e6
}

/** E[(D - x)+] in microseconds; a request that never ends lasts as long as its client waits. */
function restUs(duration: DurationSpec, us: number): number {
  switch (duration.type) {
    case 'fixed':
      return Math.max(0, duration.us - us)
    case 'uniform':
      return uniformRest(us, duration.lowUs, duration.highUs)
    case 'lognormal':
      return lognormalRest(us, duration.medianUs, duration.p95Us)
    case 'exponential':
      return duration.meanUs === 0 ? 0 : exponentialRest(us, duration.meanUs)
    case 'list': {
      const rests = duration.entriesUs.map((entry) => Math.max(0, (entry ?? ENDLESS_US) - us))
      return rests.reduce((sum, rest) => sum + rest, 0) / rests.length
    }
    case 'never':
      return Math.max(0, ENDLESS_US - us)
  }
}

/** Longer than any client waits: a year. */
const ENDLESS_US = 3.2e13
