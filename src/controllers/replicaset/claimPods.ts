// After pkg/controller/controller_ref_manager.go (ClaimPods) and replicaset/replica_set.go (getPodReplicaSets),
// Kubernetes v1.36: a ReplicaSet adopts active pods without a controller that its selector matches, and releases active
// pods of its own that it no longer matches.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { changePodOwner, selectsPod } from '../../cluster/ownership.ts'
import { isActive, type PodId } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { releasesDone } from '../../cluster/replicaSetWrites.ts'
import type { SyncStages } from '../../cluster/syncStages.ts'
import { Kind } from '../../model/types.ts'

/** Whether this sync has a pod to adopt or to release. One that is being deleted does neither. */
export function hasPodsToClaim(cluster: Cluster, rs: ReplicaSetId): boolean {
  return listClaims(cluster, rs).length > 0
}

/** Adopts and releases, one API call after another. */
export function* claimPods(cluster: Cluster, rs: ReplicaSetId): SyncStages {
  const { pods } = cluster
  const claims = listClaims(cluster, rs).map((pod) => ({ pod, uid: pods.uid[pod] }))
  releasesDone(cluster, rs)
  for (const { pod, uid } of claims) {
    if (pods.uid[pod] !== uid) continue
    if (pods.ownerKind[pod] === Kind.None) changePodOwner(cluster, pod, Kind.ReplicaSet, rs)
    else if (pods.owner[pod] === rs) changePodOwner(cluster, pod, Kind.None, 0)
    else continue
    yield
  }
}

function listClaims(cluster: Cluster, rs: ReplicaSetId): PodId[] {
  const { pods, replicaSets } = cluster
  const claims: PodId[] = []
  if (replicaSets.deletionMark[rs] === 1) return claims
  if (replicaSets.mustRelease[rs] === 1) {
    let pod = pods.firstOf[Kind.ReplicaSet][rs] as PodId
    for (; pod !== NONE; pod = pods.nextOfOwner[pod])
      if (isActive(pods, pod) && !selectsPod(cluster, rs, pod)) claims.push(pod)
  }
  let pod = pods.firstOf[Kind.None][0] as PodId
  for (; pod !== NONE; pod = pods.nextOfOwner[pod])
    if (isActive(pods, pod) && selectsPod(cluster, rs, pod)) claims.push(pod)
  return claims
}

/** Wants a sync of every ReplicaSet whose selector matches an orphan. */
export function enqueueSelecting(cluster: Cluster, pod: PodId): void {
  const { replicaSets } = cluster
  const queue = cluster.queues[Controller.ReplicaSet]
  for (let rs = 0 as ReplicaSetId; rs < replicaSets.created; rs++)
    if (replicaSets.exists[rs] === 1 && selectsPod(cluster, rs, pod)) queue.add(rs)
}
