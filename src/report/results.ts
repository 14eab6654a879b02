// What the files of a results folder say, by columns: the only thing that reports are made from.

import type { Response } from '../metrics/types.ts'
import type { Provenance } from '../sweep/types.ts'

/** One strategy setting as results name it. */
export interface ArmName {
  readonly name: string
  /** The setting in words; the name again where the results do not say. */
  readonly label: string
}

/** All runs of one arm and workload, ordered by seed; every array has one entry per run. */
export interface RunGroup {
  readonly arm: string
  readonly workload: string
  readonly seeds: Float64Array
  /** Index into OUTCOMES (sweep/types.ts); 0 is complete. */
  readonly outcomes: Uint8Array
  /** `rolloutSeconds` is Infinity where the outcome is not complete; NaN is no value: the response does not apply. */
  readonly responses: Readonly<Record<Response, Float64Array>>
}

/** Ready pods of one arm over time, in percent; every array has one entry per sampled instant. */
export interface AvailabilitySeries {
  readonly arm: string
  /** Seconds since the first step of the timeline. */
  readonly seconds: readonly number[]
  readonly p5: readonly number[]
  readonly p50: readonly number[]
  readonly p95: readonly number[]
  readonly mean: readonly number[]
}

/** One results folder, read. */
export interface Results {
  readonly scenario: string
  /** In the order of runs.csv; the first one is the reference of paired differences unless told otherwise. */
  readonly arms: readonly ArmName[]
  readonly workloads: readonly string[]
  /** Ordered by arm, then workload. */
  readonly groups: readonly RunGroup[]
  /** Empty where the folder has no availability.csv. */
  readonly availability: readonly AvailabilitySeries[]
  /** Absent where the folder has no provenance.json. */
  readonly provenance?: Provenance
}
