// The profile without any delay: what remains is what the controllers decide and what the scenario names.

import type { DurationSpec } from '../types.ts'
import type { Profile } from './profile.ts'

const atOnce: DurationSpec = { type: 'fixed', us: 0 }

/** Every delay is zero; containers run until they are told to stop. */
export const ideal: Profile = {
  timings: { pull: atOnce, start: atOnce, ready: atOnce, terminate: atOnce, run: { type: 'never' }, fail: 0 },
  surroundings: { apiWriteUs: 0, bind: atOnce, endpointDelayUs: 0 },
}
