// After pkg/scheduler/framework/plugins/nodename/node_name.go, Kubernetes v1.36: a pod of a DaemonSet is for one node
// (the controller writes it as required affinity on metadata.name; pods with spec.nodeName never come here).

import { NONE } from '../../base/columns.ts'
import type { Pods, PodId } from '../../cluster/pods.ts'
import type { NodeId } from '../../model/types.ts'

/** Whether a pod may go to a node as far as names count. */
export function filterNodeName(pods: Pods, pod: PodId, node: NodeId): boolean {
  return pods.targetNode[pod] === NONE || pods.targetNode[pod] === node
}
