// What a profile is: every delay that a scenario leaves unsaid.

import type { ImageTimings, Surroundings } from '../types.ts'

/** A complete set of delays, over which a scenario's own timings are merged. */
export interface Profile {
  readonly timings: ImageTimings
  readonly surroundings: Surroundings
}
