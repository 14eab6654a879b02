// What serving a request takes in a pod, for those who play single requests.

import type { ApplicationSpec, DurationSpec } from '../scenario/types.ts'
import { meanUs } from './durations.ts'

export interface ServiceTimeModel {
  /** Of one request. */
  readonly time: DurationSpec
  /** What it is multiplied by, so that all servers together answer exactly the capacity. */
  readonly scale: number
  /** Requests served at the same time; 0: any number. */
  readonly servers: number
  /** Requests that may wait. */
  readonly places: number
}

/** Request durations LN(0.05 s, 1.0), assumed: their 95 % point is 0.05 × exp(1.645). */
const DEFAULT_TIME: DurationSpec = { type: 'lognormal', medianUs: 50_000, p95Us: 259_000 }

const DEFAULT_PLACES = 1_000

/**
 * Servers and service time of a pod. A capacity is kept exactly: at 100 requests a second of 83 ms each 8.3 are served at a
 * time, so 9 servers take 90 ms for each.
 *
 * @param ofTraffic what the traffic says of how long its requests take
 */
export function compileService(
  spec: ApplicationSpec | undefined,
  ofTraffic: DurationSpec | undefined,
): ServiceTimeModel {
  const time = spec?.serviceTime ?? ofTraffic ?? DEFAULT_TIME
  const places = spec?.queue ?? DEFAULT_PLACES
  const capacity = spec?.capacity
  if (capacity === undefined) return { time, scale: 1, servers: spec?.concurrency ?? 0, places }
  const busy = (capacity * meanUs(time)) / 1e6
  const servers = spec?.concurrency ?? Math.max(1, Math.ceil(busy))
  return { time, scale: servers / busy, servers, places }
}

/** Requests per second that a pod can answer; undefined: any number. */
export function capacityOf(spec: ApplicationSpec): number | undefined {
  if (spec.capacity !== undefined || spec.concurrency === undefined) return spec.capacity
  return (spec.concurrency * 1e6) / meanUs(spec.serviceTime ?? DEFAULT_TIME)
}
