// What one run gives back. The engine itself is built by createEngine (engine.ts).

import type { OrdinalRow, RunRow } from '../metrics/types.ts'

/** Instants at which availability is sampled, equally spaced from the first step to the horizon, both included. */
export const AVAILABILITY_POINTS = 241

/** The outcome of one seeded run of one arm. The arrays are reused by the next run: copy what you keep. */
export interface RunResult {
  /** One row per measured workload. */
  readonly rows: readonly RunRow[]
  /** One row per ordinal of each measured StatefulSet. */
  readonly ordinals: readonly OrdinalRow[]
  /** Ready, non-terminating pods in percent of the spec.replicas in force (capped at 100), per sampled instant, of the first workload. */
  readonly availability: Uint8Array
  /** Events taken from the queue: a deterministic measure of work. */
  readonly events: number
}

/** One arm of a scenario, compiled; run() resets and plays it with one seed. */
export interface Engine {
  run(seed: number): RunResult
}

/** Plays one event: its word, whose low 8 bits are the kind, and its detail. */
export type EventHandler = (word: number, detail: number) => void
