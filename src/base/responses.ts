// The measured columns of runs.csv. They stand on the lowest floor because thresholds in scenario files name them.

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
