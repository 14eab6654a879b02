// After pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go, Kubernetes v1.36.

import { isTolerated } from '../../model/tolerations.ts'
import type { TemplateModel } from '../../model/types.ts'

const UNSCHEDULABLE_TAINT = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' } as const

/** Whether pods of the template may go to a node that is cordoned: they tolerate the taint that says so. */
export function filterNodeUnschedulable(template: TemplateModel): boolean {
  return isTolerated(template.tolerations, UNSCHEDULABLE_TAINT)
}
