// The measured numbers of one run and workload: the columns of runs.csv, in their order.

import { RESPONSES, type Response } from '../base/responses.ts'

/** How a rollout stands at the horizon. */
export type Outcome = 'complete' | 'deadlineExceeded' | 'horizonReached'

export { RESPONSES, type Response }

/** One row of runs.csv. `rolloutSeconds` is NaN unless outcome is complete. */
export interface RunRow extends Record<Response, number> {
  scenario: string
  arm: string
  seed: number
  workload: string
  outcome: Outcome
}
