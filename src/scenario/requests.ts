// How a scenario wants requests to be simulated.

import type { Reporter } from './reporter.ts'
import type { WrittenSpec } from './schema.ts'
import type { RequestsSpec } from './types.ts'

/** Resolves `requests`; undefined: in expectation. */
export function resolveRequests(written: WrittenSpec['requests'], at: Reporter): RequestsSpec | undefined {
  if (written?.mode === 'requests') return { arrivals: written.arrivals ?? 'random' }
  if (written?.arrivals !== undefined) at.error(['arrivals'], 'only single requests have it: write mode: requests')
  return undefined
}
