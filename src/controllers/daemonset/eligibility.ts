// After pkg/controller/daemon/daemon_controller.go (NodeShouldRunDaemonPod, predicates), Kubernetes v1.36: on which
// nodes a DaemonSet wants a pod. Resources, ports and readiness play no part: such pods stay Pending.

import type { Cluster } from '../../cluster/cluster.ts'
import type { DaemonSetSpec, NodeId, TolerationModel } from '../../model/types.ts'
import { matchesNodeAffinity } from '../../model/nodeAffinity.ts'
import { isTolerated } from '../../model/tolerations.ts'
import type { Taint } from '../../scenario/types.ts'

/** What a DaemonSet wants of a node: a pod, to keep the one that is there, or none. */
export type Eligibility = 'run' | 'keep' | 'none'

/** A NoSchedule taint keeps new pods away; a NoExecute taint, labels and the node's name also end running ones. */
export function eligibilityOf(cluster: Cluster, spec: DaemonSetSpec, node: NodeId): Eligibility {
  const { model, nodes } = cluster
  const { name } = model.nodes[node]
  if (spec.nodeName !== '' && spec.nodeName !== name) return 'none'
  const template = model.templates[spec.template]
  const labels = nodes.labels[node]
  for (const key in template.nodeSelector) if (labels[key] !== template.nodeSelector[key]) return 'none'
  if (!matchesNodeAffinity(spec.nodeAffinity, name, labels)) return 'none'
  return eligibilityByTaints(template.tolerations, nodes.taints[node])
}

/** PreferNoSchedule is ignored. */
export function eligibilityByTaints(tolerations: readonly TolerationModel[], taints: readonly Taint[]): Eligibility {
  let eligibility: Eligibility = 'run'
  for (const taint of taints) {
    if (taint.effect === 'PreferNoSchedule' || isTolerated(tolerations, taint)) continue
    if (taint.effect === 'NoExecute') return 'none'
    eligibility = 'keep'
  }
  return eligibility
}
