// The measured numbers of one run and workload: the columns of runs.csv, in their order.

import { RESPONSES, type Response } from '../base/responses.ts'

/** How a rollout stands at the horizon. */
/** `aborted`: Argo Rollouts has given the release up and returned to the former version. */
export type Outcome = 'complete' | 'deadlineExceeded' | 'horizonReached' | 'aborted'

export { RESPONSES, type Response }

/** The time that one ordinal of a StatefulSet was away, in one run: a row of ordinals.csv. */
export interface OrdinalRow {
  readonly workload: string
  readonly ordinal: number
  readonly awaySeconds: number
}

/** One row of runs.csv. `rolloutSeconds` is NaN unless outcome is complete, others where they do not apply. */
export interface RunRow extends Record<Response, number> {
  scenario: string
  arm: string
  seed: number
  workload: string
  outcome: Outcome
}
