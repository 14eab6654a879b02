// After pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go, Kubernetes v1.36.

import { isTolerated } from '../../model/tolerations.ts'
import type { TemplateModel, TolerationModel } from '../../model/types.ts'
import type { Taint } from '../../scenario/types.ts'

/** Every taint NoSchedule and NoExecute is tolerated. */
export function filterTaints({ tolerations }: TemplateModel, taints: readonly Taint[]): boolean {
  return taints.every((taint) => taint.effect === 'PreferNoSchedule' || isTolerated(tolerations, taint))
}

/**
 * PreferNoSchedule taints that are not tolerated: the score before normalisation. Only tolerations of that effect, or
 * of any, are looked at.
 */
export function countIntolerable({ tolerations }: TemplateModel, taints: readonly Taint[]): number {
  const soft = tolerations.filter(({ effect }: TolerationModel) => effect === '' || effect === 'PreferNoSchedule')
  return taints.filter((taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(soft, taint)).length
}
