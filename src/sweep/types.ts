// What a sweep writes and gives back: the words that report/ and cli/ share with it.

import type { Outcome } from '../metrics/types.ts'
import { RESPONSES } from '../metrics/types.ts'

export type { Threshold } from '../scenario/types.ts'

/** Outcomes by their code in parts and results: the code is the index. */
export const OUTCOMES: readonly Outcome[] = ['complete', 'deadlineExceeded', 'horizonReached', 'aborted']

/** Columns of runs.csv, in their order. */
export const RUN_COLUMNS: readonly string[] = ['scenario', 'arm', 'seed', 'workload', 'outcome', ...RESPONSES]

/** Columns of availability.csv: percent of ready pods over time, per arm. */
export const AVAILABILITY_COLUMNS: readonly string[] = ['arm', 'second', 'p5', 'p50', 'p95', 'mean']

/** Columns of ordinals.csv: how long each ordinal of each measured StatefulSet was away, in each run. */
export const ORDINAL_COLUMNS: readonly string[] = ['arm', 'seed', 'workload', 'ordinal', 'awaySeconds']

/** Names inside a results folder. */
export const RUNS_FILE = 'runs.csv'
export const SUMMARY_FILE = 'summary.csv'
export const AVAILABILITY_FILE = 'availability.csv'
/** Only where a StatefulSet is measured. */
export const ORDINALS_FILE = 'ordinals.csv'
export const PROVENANCE_FILE = 'provenance.json'
export const CHARTS_FOLDER = 'charts'
export const PARTS_FOLDER = 'parts'

/** How far a sweep is; a run is one seed of one arm. */
export interface SweepProgress {
  /** Finished runs, those of an earlier, interrupted sweep included. */
  readonly doneRuns: number
  /** Runs taken over from an earlier, interrupted sweep. */
  readonly resumedRuns: number
  readonly totalRuns: number
}

/** How a sweep ended. Failures are thrown: InputError (exit code 2) or OperatingError. */
export type SweepOutcome =
  | { readonly state: 'complete'; readonly runs: number; readonly rows: number; readonly provenance: Provenance }
  /** The finished batches are kept; the same command goes on from there. There is no runs.csv. */
  | { readonly state: 'interrupted'; readonly doneRuns: number; readonly totalRuns: number }

/** One file and the digest of its bytes. */
export interface FileDigest {
  readonly path: string
  readonly sha256: string
}

/** Everything one needs to repeat a sweep: provenance.json. The only file of the results that depends on the clock. */
export interface Provenance {
  readonly runId: string
  readonly rollbench: string
  /** Digest of the code that simulates: where it is the same, so are the results. */
  readonly engine: string
  readonly node: string
  readonly platform: string
  readonly kubernetes: string
  readonly scenario: { readonly name: string; readonly sha256: string }
  readonly arms: readonly { readonly name: string; readonly label: string }[]
  readonly firstSeed: number
  /** Runs of each arm. */
  readonly seeds: number
  readonly rows: number
  readonly events: number
  /** Length of the measured window, from the first timeline step to the horizon. */
  readonly windowSeconds: number
  readonly command: readonly string[]
  readonly startedAt: string
  readonly finishedAt: string
  /** The files the scenario was read from, as far as the caller named them. */
  readonly inputs: readonly FileDigest[]
  /** The results whose bytes are the same for each repetition. */
  readonly results: readonly FileDigest[]
}

/** Names inside the results folder of a space. */
export const SCENARIOS_FILE = 'scenarios.csv'
export const REGIONS_FILE = 'regions.csv'

/** Columns of scenarios.csv before those of the parameters. */
export const SCENARIO_COLUMNS: readonly string[] = ['scenario', 'state', 'reason']

/**
 * What became of a drawn scenario: it ran; or Kubernetes (or we) would not take it; or its objects were not rolled out
 * when the timeline began. The last two have no runs.
 */
export type ScenarioState = 'ran' | 'refused' | 'unsettled'

/** A parameter of a space as reports need it; durations count in seconds. */
export interface ParameterName {
  readonly name: string
  readonly type: 'integer' | 'number' | 'duration' | 'choice'
  /** Of a choice: its values as scenarios.csv has them. */
  readonly values: readonly string[]
}

/** Provenance of a sweep over a space. */
export interface SpaceProvenance extends Provenance {
  readonly space: {
    readonly scenarios: number
    readonly seed: number
    /** Runs of each arm of each scenario: scenario k has the seeds from firstSeed + (k - 1) × runs. */
    readonly runs: number
    readonly parameters: readonly ParameterName[]
    readonly winBy: readonly string[]
  }
}

/** How a sweep over a space ended. */
export type SpaceOutcome =
  | { readonly state: 'complete'; readonly runs: number; readonly provenance: SpaceProvenance }
  | { readonly state: 'interrupted' }
