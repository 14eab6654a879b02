// After pkg/scheduler/framework/plugins/nodeports/node_ports.go, Kubernetes v1.36.

import type { NodeId } from '../../model/types.ts'
import type { NodeInfos } from '../nodeInfos.ts'
import type { TemplatePlan } from '../templatePlans.ts'

/** No pod on the node has a port that is in the way of one of the pod's own. */
export function filterPorts(infos: NodeInfos, plan: TemplatePlan, node: NodeId): boolean {
  const { conflicts } = plan
  for (let i = 0; i < conflicts.length; i++) if (infos.portsTaken[conflicts[i]][node] > 0) return false
  return true
}

/** Whether a pod of `gone` had a port that is in the way of one of `waiting`: the hint of a pod's deletion. */
export function freesPort(gone: TemplatePlan, waiting: TemplatePlan): boolean {
  return gone.ports.some((port) => waiting.conflicts.includes(port))
}
