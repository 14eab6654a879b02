// After pkg/controller/replicaset/replica_set.go, Kubernetes v1.36: which events want a sync, and the sync.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { PodChange } from '../../cluster/codes.ts'
import { isActive, isAvailable, nextAvailabilityUs, type PodId } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { updateReplicaSetStatus } from '../../cluster/replicaSetWrites.ts'
import type { SyncOutcome, SyncStages } from '../../cluster/syncStages.ts'
import type { Watcher } from '../../cluster/watch.ts'
import { Kind } from '../../model/types.ts'
import { claimPods, enqueueSelecting, hasPodsToClaim } from './claimPods.ts'
import { expectationsSatisfied, observeCreation, observeDeletion } from './expectations.ts'
import { manageReplicas } from './manageReplicas.ts'

/** Claims pods if there are any to claim, brings one ReplicaSet to its size and reports what there was. */
export function syncReplicaSet(cluster: Cluster, rs: ReplicaSetId): SyncStages<SyncOutcome> | void {
  const { pods, replicaSets } = cluster
  if (replicaSets.exists[rs] === 0) return
  if ((pods.orphanCount > 0 || replicaSets.mustRelease[rs] === 1) && hasPodsToClaim(cluster, rs))
    return claimAndSync(cluster, rs)
  syncOwned(cluster, rs)
}

/** The same with adoptions and releases before it, each a write of its own. */
function* claimAndSync(cluster: Cluster, rs: ReplicaSetId): SyncStages<SyncOutcome> {
  yield* claimPods(cluster, rs)
  if (cluster.replicaSets.exists[rs] === 1) syncOwned(cluster, rs)
  return 'done'
}

/** Brings one ReplicaSet to its size, then reports what was there when the sync began. */
function syncOwned(cluster: Cluster, rs: ReplicaSetId): void {
  const { replicaSets } = cluster
  const replicas = replicaSets.activePods[rs]
  const ready = replicaSets.readyPods[rs]
  const terminating = replicaSets.terminatingPods[rs]
  const available = countAvailable(cluster, rs)
  // Of the pods that were there when the sync began, those among them that it is about to delete too.
  const awaits = replicaSets.minReadySeconds[rs] > 0 && ready !== available
  const nextCheckUs = awaits ? nextAvailabilityOf(cluster, rs) : Infinity
  if (expectationsSatisfied(cluster, rs) && replicaSets.deletionMark[rs] === 0) manageReplicas(cluster, rs)
  writeStatus(cluster, rs, replicas, ready, available, terminating)
  if (awaits) cluster.queues[Controller.ReplicaSet].addAfter(rs, cluster.nowUs, nextCheckUs)
}

/** Writes the status if any number or the observed generation differs (updateReplicaSetStatus). */
function writeStatus(
  cluster: Cluster,
  rs: ReplicaSetId,
  replicas: number,
  ready: number,
  available: number,
  terminating: number,
): void {
  const { replicaSets } = cluster
  const generation = replicaSets.generation[rs]
  if (
    replicaSets.statusReplicas[rs] === replicas &&
    replicaSets.readyReplicas[rs] === ready &&
    replicaSets.availableReplicas[rs] === available &&
    replicaSets.terminatingReplicas[rs] === terminating &&
    replicaSets.observedGeneration[rs] === generation
  )
    return
  updateReplicaSetStatus(cluster, rs, generation, replicas, ready, available, terminating)
  cluster.api.awaitAnswer()
}

function countAvailable(cluster: Cluster, rs: ReplicaSetId): number {
  const { replicaSets, pods } = cluster
  const minReadySeconds = replicaSets.minReadySeconds[rs]
  if (minReadySeconds === 0) return replicaSets.readyPods[rs]
  let available = 0
  let pod = pods.firstOf[Kind.ReplicaSet][rs] as PodId
  for (; pod !== NONE; pod = pods.nextOfOwner[pod])
    if (isActive(pods, pod) && isAvailable(pods, pod, minReadySeconds, cluster.nowUs)) available++
  return available
}

/** The shortest wait until another pod becomes available; minReadySeconds if none is waited for. */
function nextAvailabilityOf(cluster: Cluster, rs: ReplicaSetId): number {
  const { replicaSets, pods } = cluster
  const minReadySeconds = replicaSets.minReadySeconds[rs]
  let soonest = Infinity
  let pod = pods.firstOf[Kind.ReplicaSet][rs] as PodId
  for (; pod !== NONE; pod = pods.nextOfOwner[pod])
    if (isActive(pods, pod)) soonest = Math.min(soonest, nextAvailabilityUs(pods, pod, minReadySeconds, cluster.nowUs))
  return soonest === Infinity ? minReadySeconds * 1e6 : soonest
}

/** The informer handlers of the ReplicaSet controller. */
export function watchForReplicaSets(cluster: Cluster): Watcher {
  const { pods, replicaSets } = cluster
  const queue = cluster.queues[Controller.ReplicaSet]
  return {
    replicaSetChanged(rs) {
      queue.add(rs)
    },
    podAdded(pod) {
      if (pods.ownerKind[pod] === Kind.None) enqueueSelecting(cluster, pod)
      if (pods.ownerKind[pod] !== Kind.ReplicaSet) return
      const rs = pods.owner[pod] as ReplicaSetId
      observeCreation(cluster, rs)
      queue.add(rs)
    },
    podOwnerChanged(pod, formerKind, formerOwner) {
      if (formerKind === Kind.ReplicaSet && pods.deletionMark[pod] === 0) queue.add(formerOwner)
    },
    podUpdated(pod, change) {
      if (pods.ownerKind[pod] === Kind.None && change === PodChange.Metadata) enqueueSelecting(cluster, pod)
      if (pods.ownerKind[pod] !== Kind.ReplicaSet) return
      const rs = pods.owner[pod] as ReplicaSetId
      if (change === PodChange.DeletionMark) observeDeletion(cluster, pod, rs)
      queue.add(rs)
      if (change === PodChange.Ready && pods.deletionMark[pod] === 0 && replicaSets.minReadySeconds[rs] > 0)
        queue.addAfter(rs, cluster.nowUs, replicaSets.minReadySeconds[rs] * 1_000_000)
    },
    podDeleted(pod) {
      if (pods.ownerKind[pod] !== Kind.ReplicaSet) return
      const rs = pods.owner[pod] as ReplicaSetId
      if (pods.deletionMark[pod] === 0) observeDeletion(cluster, pod, rs)
      queue.add(rs)
    },
  }
}
