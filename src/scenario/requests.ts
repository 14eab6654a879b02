// How a scenario wants requests to be simulated.

import type { Reporter } from './reporter.ts'
import type { WrittenSpec } from './schema.ts'
import type { RequestsSpec, TrafficSpec } from './types.ts'

/** Resolves `requests`; undefined: in expectation. */
export function resolveRequests(written: WrittenSpec['requests'], at: Reporter): RequestsSpec | undefined {
  if (written?.mode === 'requests') return { arrivals: written.arrivals ?? 'random' }
  if (written?.arrivals !== undefined) at.error(['arrivals'], 'only single requests have it: write mode: requests')
  return undefined
}

/** Clients that stay with endpoints, or try again, are an expectation: single requests do neither. */
export function refuseHabits(traffic: readonly TrafficSpec[], at: Reporter): void {
  for (const field of ['keepAlive', 'retries', 'sources'] as const) {
    if (traffic.every((entry) => entry[field] === undefined)) continue
    const word = field === 'sources' ? 'clients' : field
    at.error(['mode'], `single requests know no ${word}, which traffic has: leave it out, or write mode: fluid`)
  }
}
