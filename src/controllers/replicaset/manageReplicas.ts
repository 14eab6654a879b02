// After pkg/controller/replicaset/replica_set.go (manageReplicas, slowStartBatch), Kubernetes v1.36.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { DeletionReason } from '../../cluster/codes.ts'
import { createPod, deletePod, expectGone } from '../../cluster/podWrites.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { Kind, type NodeId } from '../../model/types.ts'
import { expect } from './expectations.ts'
import { chooseVictims } from './ranking.ts'

/** Most pods that one sync creates or deletes (BurstReplicas). */
export const BURST_REPLICAS = 500

/** Creates or deletes pods until as many are active as wanted; at most BURST_REPLICAS a sync. */
export function manageReplicas(cluster: Cluster, rs: ReplicaSetId): void {
  const { replicaSets } = cluster
  const surplus = replicaSets.activePods[rs] - replicaSets.replicas[rs]
  if (surplus < 0) createPods(cluster, rs, Math.min(-surplus, BURST_REPLICAS))
  else if (surplus > 0) deletePods(cluster, rs, Math.min(surplus, BURST_REPLICAS))
}

/** Slow start: batches of 1, 2, 4, 8 …, the calls of a batch side by side. Seven pods: 1, 2, 4. */
function createPods(cluster: Cluster, rs: ReplicaSetId, count: number): void {
  const template = cluster.replicaSets.template[rs]
  expect(cluster, rs, count, 0)
  let left = count
  for (let size = 1; left > 0; size *= 2) {
    const batch = Math.min(size, left)
    for (let i = 0; i < batch; i++) createPod(cluster, Kind.ReplicaSet, rs, template, NONE, NONE as NodeId, 0)
    cluster.api.awaitAnswer()
    left -= batch
  }
}

/** Deletes the pods that are worth least, all side by side. */
function deletePods(cluster: Cluster, rs: ReplicaSetId, count: number): void {
  const victims = chooseVictims(cluster, rs, count)
  expect(cluster, rs, 0, count)
  for (let i = 0; i < count; i++) expectGone(cluster, victims[i])
  for (let i = 0; i < count; i++) deletePod(cluster, victims[i], NONE, DeletionReason.ScaledDown)
  cluster.api.awaitAnswer()
}
