// How a scenario wants requests to be simulated.

import { readDuration } from './distribution.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenSpec } from './schema.ts'
import type { RequestsSpec } from './types.ts'

const DEFAULT_TIMEOUT_US = 30_000_000

/** Resolves `requests`; undefined: in expectation. */
export function resolveRequests(written: WrittenSpec['requests'], at: Reporter): RequestsSpec | undefined {
  if (written?.mode !== 'requests') {
    for (const field of ['arrivals', 'timeout'] as const)
      if (written?.[field] !== undefined) at.error([field], 'only single requests have it: write mode: requests')
    return undefined
  }
  const timeoutUs = written.timeout === undefined ? undefined : at.take(readDuration(written.timeout), ['timeout'])
  return { arrivals: written.arrivals ?? 'random', timeoutUs: timeoutUs ?? DEFAULT_TIMEOUT_US }
}
