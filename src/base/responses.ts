// The measured columns of runs.csv. They stand on the lowest floor because thresholds in scenario files name them.

import { REQUEST_COLUMNS } from './losses.ts'

/**
 * Measured columns in the order of runs.csv; each is one number in a row of results, or nothing (NaN) where it does not
 * apply: time below quorum of a Deployment, time until full strength where nothing failed.
 */
export const RESPONSES = [
  'rolloutSeconds',
  'deadlinesMissed',
  'downtimeSeconds',
  ...REQUEST_COLUMNS,
  'minReadyPercent',
  'degradedSeconds',
  'versionOverlapSeconds',
  'peakPods',
  'extraPodSeconds',
  'terminatingPodSeconds',
  'stuck',
  'fullStrengthSeconds',
  'drainingSeconds',
  'ordinalAwayMeanSeconds',
  'ordinalAwayMaxSeconds',
  'noPrimarySeconds',
  'belowQuorumSeconds',
  'volumeWaitSeconds',
  'recoverySeconds',
  'lostWrites',
  'latencyP50Ms',
  'latencyP99Ms',
] as const

export type Response = (typeof RESPONSES)[number]
