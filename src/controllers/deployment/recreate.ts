// After pkg/controller/deployment/recreate.go, Kubernetes v1.36: all old pods are gone before the first new one.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { DeploymentStatus } from '../../cluster/deployments.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { noteKnownReplicas } from '../../cluster/replicaSetWrites.ts'
import type { DeploymentId } from '../../model/types.ts'
import { getNewReplicaSet } from './newReplicaSet.ts'
import { syncRolloutStatus } from './progress.ts'
import { oldPodsRunning } from './replicaSetList.ts'
import { scaleReplicaSetTo } from './scale.ts'
import { cleanupDeployment, isStoredComplete } from './sync.ts'

/** One step: the old ones down, or wait for their pods, or the new one up. */
export function rolloutRecreate(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): void {
  let newReplicaSet = getNewReplicaSet(cluster, deployment, status, false)
  if (
    !scaleDownOldReplicaSets(cluster, deployment, newReplicaSet) &&
    !oldPodsRunning(cluster, deployment, newReplicaSet)
  ) {
    if (newReplicaSet === NONE) newReplicaSet = getNewReplicaSet(cluster, deployment, status, true)
    scaleReplicaSetTo(cluster, deployment, newReplicaSet, cluster.deployments.replicas[deployment])
    if (isStoredComplete(cluster, deployment)) cleanupDeployment(cluster, deployment, newReplicaSet)
  }
  syncRolloutStatus(cluster, deployment, newReplicaSet, status)
}

/** Scales every active old ReplicaSet to 0; true if there was one. */
function scaleDownOldReplicaSets(cluster: Cluster, deployment: DeploymentId, newReplicaSet: ReplicaSetId): boolean {
  const { deployments, replicaSets } = cluster
  let scaled = false
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) {
    if (rs === newReplicaSet || replicaSets.knownReplicas[rs] === 0) continue
    scaleReplicaSetTo(cluster, deployment, rs, 0)
    noteKnownReplicas(cluster, rs, 0)
    scaled = true
  }
  return scaled
}
