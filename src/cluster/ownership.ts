// Who may own whom, and the writes that change an owner: adoption, release and orphaning, after
// pkg/controller/controller_ref_manager.go, Kubernetes v1.36. Cold: pods keep their owner in almost every run.

import { NONE } from '../base/columns.ts'
import { matchesSelector } from '../manifest/labels.ts'
import { type DeploymentId, Kind } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { PodChange } from './codes.ts'
import { countPod } from './podCounts.ts'
import type { PodId } from './pods.ts'
import { linkToOwner, unlinkFromOwner } from './podWrites.ts'
import type { ReplicaSetId } from './replicaSets.ts'

/** Whether the selector of a ReplicaSet (or ReplicationController) matches the labels of a pod. */
export function selectsPod(cluster: Cluster, rs: ReplicaSetId, pod: PodId): boolean {
  const { deployments, model, pods, replicaSets } = cluster
  // A Deployment's ReplicaSet selects by pod-template-hash as well.
  if (replicaSets.hash[rs] !== NONE && replicaSets.hash[rs] !== pods.hash[pod]) return false
  const own = replicaSets.objectSpec[rs]
  const selector = own === undefined ? deployments.selector[replicaSets.creator[rs]] : own.selector
  return matchesSelector(selector, model.templates[pods.template[pod]].labels)
}

/** Whether the selector of a Deployment matches the labels of a ReplicaSet; one that a Deployment made has its pods'. */
export function selectsReplicaSet(cluster: Cluster, deployment: DeploymentId, rs: ReplicaSetId): boolean {
  const { deployments, model, replicaSets } = cluster
  if (replicaSets.objectKind[rs] === Kind.ReplicationController) return false
  const labels = replicaSets.objectSpec[rs]?.labels ?? model.templates[replicaSets.hash[rs]].labels
  return matchesSelector(deployments.selector[deployment], labels)
}

/** Gives a pod to another owner; Kind.None makes it an orphan, which others may adopt. */
export function changePodOwner(cluster: Cluster, pod: PodId, kind: Kind, owner: number): void {
  const { pods } = cluster
  const formerKind = pods.ownerKind[pod]
  const formerOwner = pods.owner[pod]
  countPod(cluster, pod, -1)
  unlinkFromOwner(pods, pod)
  pods.ownerKind[pod] = kind
  pods.owner[pod] = kind === Kind.None ? 0 : owner
  pods.expectedGone[pod] = 0
  linkToOwner(pods, pod)
  countPod(cluster, pod, 1)
  cluster.watch.podOwnerChanged(pod, formerKind, formerOwner)
  cluster.watch.podUpdated(pod, PodChange.Metadata)
}

/** Gives a ReplicaSet, with what its pods count for, to a Deployment; NONE makes it an orphan. */
export function changeReplicaSetOwner(cluster: Cluster, rs: ReplicaSetId, deployment: DeploymentId): void {
  const { deployments, pods, replicaSets } = cluster
  const former = replicaSets.deployment[rs]
  const firstPod = pods.firstOf[Kind.ReplicaSet][rs] as PodId
  for (let pod = firstPod; pod !== NONE; pod = pods.nextOfOwner[pod]) countPod(cluster, pod, -1)
  if (former === NONE) replicaSets.orphanCount--
  else {
    deployments.removeReplicaSet(replicaSets, former, rs)
    deployments.mustRelease[former] = 0
  }
  replicaSets.deployment[rs] = deployment
  if (deployment === NONE) replicaSets.orphanCount++
  else deployments.insertReplicaSet(replicaSets, deployment, rs)
  for (let pod = firstPod; pod !== NONE; pod = pods.nextOfOwner[pod]) countPod(cluster, pod, 1)
  cluster.watch.replicaSetOwnerChanged(rs, former)
  cluster.watch.replicaSetChanged(rs)
  if (deployment === NONE) cluster.watch.replicaSetOrphaned(rs)
}
