// After pkg/controller/nodelifecycle/node_lifecycle_controller.go (doNoScheduleTaintingPass), Kubernetes v1.36.

import type { Cluster } from '../../cluster/cluster.ts'
import { ConditionStatus } from '../../cluster/codes.ts'
import { patchTaints } from '../../cluster/nodeWrites.ts'
import { NO_SCHEDULE_TAINTS, OwnTaint, ownTaintsOf } from '../../cluster/taints.ts'
import type { NodeId } from '../../model/types.ts'

/** Makes the node's own NoSchedule taints the mirror of its Ready condition and of spec.unschedulable. */
export function syncNoScheduleTaints(cluster: Cluster, node: NodeId): void {
  const { api, nodes } = cluster
  if (nodes.exists[node] === 0) return
  const have = ownTaintsOf(nodes.taints[node]) & NO_SCHEDULE_TAINTS
  const want = taintsFor(nodes.ready[node], nodes.unschedulable[node] === 1)
  if (have === want) return
  const missing = want & ~have
  if (missing !== 0) {
    patchTaints(cluster, node, missing, 0)
    api.awaitAnswer()
  }
  const surplus = have & ~want
  if (surplus === 0) return
  patchTaints(cluster, node, 0, surplus)
  api.awaitAnswer()
}

function taintsFor(ready: ConditionStatus, unschedulable: boolean): number {
  let set = unschedulable ? OwnTaint.UnschedulableNoSchedule : 0
  if (ready === ConditionStatus.False) set |= OwnTaint.NotReadyNoSchedule
  if (ready === ConditionStatus.Unknown) set |= OwnTaint.UnreachableNoSchedule
  return set
}
