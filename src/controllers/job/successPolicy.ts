// After pkg/controller/job/success_policy.go, Kubernetes v1.36.

import { NONE } from '../../base/columns.ts'
import { countCommon, countIndexes, type Intervals } from '../../model/indexIntervals.ts'
import type { JobSuccessRule } from '../../model/jobTypes.ts'

/** True if the indexes that have succeeded satisfy one of the rules. */
export function matchSuccessPolicy(rules: readonly JobSuccessRule[] | undefined, succeeded: Intervals): boolean {
  if (rules === undefined || succeeded.length === 0) return false
  return rules.some(({ indexes, count }) => {
    if (indexes === undefined) return count !== NONE && countIndexes(succeeded) >= count
    if (indexes.length === 0) return false
    const common = countCommon(indexes, succeeded)
    return common === countIndexes(indexes) || (count !== NONE && common >= count)
  })
}
