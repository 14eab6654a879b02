// The filters of the scheduler, after pkg/scheduler/framework/plugins (noderesources/fit.go, nodeunschedulable,
// tainttoleration, nodeaffinity), Kubernetes v1.36.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'
import { isTolerated } from '../model/tolerations.ts'
import type { NodeId, TemplateModel } from '../model/types.ts'
import type { Taint } from '../scenario/types.ts'
import { volumeFilter } from './plugins/volumes.ts'
import { Reason } from './reasons.ts'

/** Number of pods, cpu and memory of the node suffice; terminating pods still hold theirs. */
export function fits(cluster: Cluster, pod: PodId, node: NodeId): boolean {
  const { model, nodes, pods } = cluster
  const wants = model.templates[pods.template[pod]]
  const has = model.nodes[node]
  return (
    nodes.podCount[node] + 1 <= has.pods &&
    nodes.cpuMillis[node] + wants.cpuMillis <= has.cpuMillis &&
    nodes.memoryBytes[node] + wants.memoryBytes <= has.memoryBytes
  )
}

/** The node exists, is schedulable (DaemonSet pods do not mind), its taints are tolerated and its labels match. */
export function admits(cluster: Cluster, pod: PodId, node: NodeId): boolean {
  const { model, nodes, pods } = cluster
  if (nodes.exists[node] === 0) return false
  if (nodes.unschedulable[node] === 1 && pods.targetNode[pod] === NONE) return false
  const template = model.templates[pods.template[pod]]
  return (
    toleratesScheduling(template, nodes.taints[node]) &&
    selectsNode(template, nodes.labels[node]) &&
    volumeFilter(cluster, pod, node) === Reason.Fits
  )
}

/** Every NoSchedule and NoExecute taint is tolerated. */
export function toleratesScheduling(template: TemplateModel, taints: readonly Taint[]): boolean {
  for (let i = 0; i < taints.length; i++) {
    const taint = taints[i]
    if (taint.effect !== 'PreferNoSchedule' && !isTolerated(template.tolerations, taint)) return false
  }
  return true
}

function selectsNode(template: TemplateModel, labels: Readonly<Record<string, string>>): boolean {
  for (const key in template.nodeSelector) if (labels[key] !== template.nodeSelector[key]) return false
  return true
}
