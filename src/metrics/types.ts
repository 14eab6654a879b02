// The measured numbers of one run and workload: the columns of runs.csv, in their order.

/** How a rollout stands at the horizon. */
export type Outcome = 'complete' | 'deadlineExceeded' | 'horizonReached'

/** Measured columns in the order of runs.csv; each is one number in a row of results. */
export const RESPONSES = [
  'rolloutSeconds',
  'deadlinesMissed',
  'downtimeSeconds',
  'requests',
  'lostRequests',
  'minReadyPercent',
  'degradedSeconds',
  'versionOverlapSeconds',
  'peakPods',
  'extraPodSeconds',
  'terminatingPodSeconds',
] as const

export type Response = (typeof RESPONSES)[number]

/** One row of runs.csv. `rolloutSeconds` is NaN unless outcome is complete. */
export interface RunRow extends Record<Response, number> {
  scenario: string
  arm: string
  seed: number
  workload: string
  outcome: Outcome
}
