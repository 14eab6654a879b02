// After pkg/controller/tainteviction/taint_eviction.go (getMinTolerationTime) and component-helpers/scheduling/corev1
// (GetMatchingTolerations), Kubernetes v1.36.

import { NONE } from '../../base/columns.ts'
import { tolerates } from '../../model/tolerations.ts'
import type { TolerationModel } from '../../model/types.ts'
import type { Taint } from '../../scenario/types.ts'

/** Some taint is not tolerated for any time. */
export const NOT_TOLERATED = -1

/**
 * For how many seconds a pod may stay on a node with these NoExecute taints: NOT_TOLERATED if one is not tolerated at
 * all, Infinity if all are tolerated for ever. Of several tolerations for one taint the first in the pod's list counts.
 */
export function tolerationSeconds(tolerations: readonly TolerationModel[], taints: readonly Taint[]): number {
  let least = Infinity
  for (const taint of taints) {
    const used = tolerations.find((toleration) => tolerates(toleration, taint))
    if (used === undefined) return NOT_TOLERATED
    if (used.tolerationSeconds !== NONE) least = Math.min(least, Math.max(0, used.tolerationSeconds))
  }
  return least
}
