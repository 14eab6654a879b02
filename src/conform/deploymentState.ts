// Deployments in the words of the recordings.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { ConditionStatus, DeploymentReason, nameOf } from '../cluster/codes.ts'
import type { DeploymentId } from '../model/types.ts'
import type { State } from './trace.ts'

/** Adds `Deployment/NAME` for each one in the store. */
export function addDeployments(cluster: Cluster, workloads: State): void {
  const { deployments, model } = cluster
  model.deployments.forEach(({ name }, row) => {
    const deployment = row as DeploymentId
    if (deployments.exists[deployment] === 0) return
    const status = deployments.status[deployment]
    const entry: State = {
      replicas: status.replicas,
      updated: status.updatedReplicas,
      ready: status.readyReplicas,
      available: status.availableReplicas,
      unavailable: status.unavailableReplicas,
      replicaSets: replicaSetStates(cluster, deployment),
    }
    if (status.terminatingReplicas !== NONE) entry['terminating'] = status.terminatingReplicas
    if (status.available !== ConditionStatus.Absent)
      entry['Available'] =
        `${nameOf(ConditionStatus, status.available)} ${nameOf(DeploymentReason, status.availableReason)}`
    if (status.progressing !== ConditionStatus.Absent)
      entry['Progressing'] =
        `${nameOf(ConditionStatus, status.progressing)} ${nameOf(DeploymentReason, status.progressingReason)}`
    workloads[`Deployment/${name}`] = entry
  })
}

/** `IMAGE rREVISION`: spec.replicas, status.replicas, readyReplicas, availableReplicas. */
function replicaSetStates(cluster: Cluster, deployment: DeploymentId): Record<string, number[]> {
  const { deployments, model, replicaSets } = cluster
  const states: Record<string, number[]> = {}
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) {
    const image = model.images[model.templates[replicaSets.template[rs]].image].name
    const revision = replicaSets.revision[rs] === 0 ? '' : replicaSets.revision[rs]
    states[`${image} r${revision}`] = [
      replicaSets.replicas[rs],
      replicaSets.statusReplicas[rs],
      replicaSets.readyReplicas[rs],
      replicaSets.availableReplicas[rs],
    ]
  }
  return states
}
