// After pkg/controller/disruption/disruption.go (getExpectedPodCount, updatePdbStatus), Kubernetes v1.36.

import { scaledValue } from '../../model/fenceposts.ts'
import type { BudgetSpec } from '../../model/types.ts'

/**
 * How many pods must stay healthy. Percentages round up, both of what must stay and of what may go:
 * maxUnavailable 25 % of 7 is 2, so 5 must stay; minAvailable 50 % of 7 is 4.
 *
 * @param expectedPods the scale of the controllers, or for an integer minAvailable the number of pods
 */
export function desiredHealthy(demand: BudgetSpec['demand'], expectedPods: number): number {
  if (demand.type === 'nothing') return 0
  const value = scaledValue(demand.value, expectedPods, true)
  return demand.type === 'minAvailable' ? value : Math.max(0, expectedPods - value)
}

/** How many pods may be evicted now: none while no pod is expected. */
export function allowedDisruptions(expectedPods: number, currentHealthy: number, desired: number): number {
  return expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desired)
}
