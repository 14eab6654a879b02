// After pkg/controller/deployment/sync.go (scale, scaleReplicaSet) and util/deployment_util.go (fractions),
// Kubernetes v1.36: proportional scaling, while paused or in the middle of a rollout.

import { assert } from '../../base/assert.ts'
import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { DeploymentStatus } from '../../cluster/deployments.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { scaleReplicaSet as writeScale } from '../../cluster/replicaSetWrites.ts'
import type { DeploymentId } from '../../model/types.ts'
import { countOldReplicas, findActiveOrLatest } from './replicaSetList.ts'

/** Most ReplicaSets that one proportional scaling can hold. */
const SCALED_MAX = 4096
const sorted: ReplicaSetId[] = []

/**
 * Scales a ReplicaSet together with its annotations; equal sizes are left alone, annotations too.
 * Returns true if the size changed.
 */
export function scaleReplicaSetTo(
  cluster: Cluster,
  deployment: DeploymentId,
  rs: ReplicaSetId,
  replicas: number,
): boolean {
  if (cluster.replicaSets.knownReplicas[rs] === replicas) return false
  forceScale(cluster, deployment, rs, replicas)
  return true
}

/** Writes size and annotations where either differs (scaleReplicaSet). */
function forceScale(cluster: Cluster, deployment: DeploymentId, rs: ReplicaSetId, replicas: number): void {
  const { deployments, replicaSets } = cluster
  const desired = deployments.replicas[deployment]
  const max = desired + deployments.maxSurge[deployment]
  const same = replicaSets.knownReplicas[rs] === replicas
  if (same && replicaSets.desiredReplicas[rs] === desired && replicaSets.maxReplicas[rs] === max) return
  writeScale(cluster, rs, replicas, desired, max)
  cluster.api.awaitAnswer()
}

/** Spreads a change of spec.replicas over the ReplicaSets that are active. */
export function scale(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
  status: DeploymentStatus,
): void {
  const { deployments, replicaSets } = cluster
  const desired = deployments.replicas[deployment]
  const only = findActiveOrLatest(cluster, deployment, newReplicaSet)
  if (only !== NONE) {
    scaleReplicaSetTo(cluster, deployment, only, desired)
    return
  }
  if (isSaturated(cluster, deployment, newReplicaSet)) {
    for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
      if (rs !== newReplicaSet && replicaSets.knownReplicas[rs] > 0) scaleReplicaSetTo(cluster, deployment, rs, 0)
    return
  }
  if (deployments.recreate[deployment] === 0) scaleProportionally(cluster, deployment, newReplicaSet, status)
}

/** The new ReplicaSet has its full size and all of it is available (IsSaturated). */
function isSaturated(cluster: Cluster, deployment: DeploymentId, newReplicaSet: ReplicaSetId): boolean {
  const { deployments, replicaSets } = cluster
  if (newReplicaSet === NONE) return false
  const desired = deployments.replicas[deployment]
  return (
    replicaSets.knownReplicas[newReplicaSet] === desired &&
    replicaSets.desiredReplicas[newReplicaSet] === desired &&
    replicaSets.availableReplicas[newReplicaSet] === desired
  )
}

/**
 * Each active ReplicaSet gets its share of what is to be added or removed; the rest goes to the first.
 * 15 replicas, maxSurge 3, sizes 8 and 5 (of at most 13): 18 - 13 = 5 to add, 8*18/13 - 8 = 3, 5*18/13 - 5 = 2.
 */
function scaleProportionally(
  cluster: Cluster,
  deployment: DeploymentId,
  newReplicaSet: ReplicaSetId,
  status: DeploymentStatus,
): void {
  const { deployments, replicaSets } = cluster
  const desired = deployments.replicas[deployment]
  const allowed = desired > 0 ? desired + deployments.maxSurge[deployment] : 0
  const toAdd = allowed - countOldReplicas(cluster, deployment, NONE as ReplicaSetId)
  listActive(cluster, deployment, newReplicaSet, toAdd)
  let added = 0
  for (const rs of sorted) {
    const size = replicaSets.knownReplicas[rs]
    let share = 0
    if (toAdd !== 0 && size !== 0 && toAdd !== added) {
      const fraction = fractionOf(cluster, deployment, rs, status)
      const left = toAdd - added
      share = toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left)
    }
    scaledTo[rs] = size + share
    added += share
  }
  const first = sorted[0]
  scaledTo[first] = Math.max(0, scaledTo[first] + toAdd - added)
  for (const rs of sorted) forceScale(cluster, deployment, rs, scaledTo[rs])
}

const scaledTo = new Int32Array(SCALED_MAX)

/** Active ReplicaSets: to add, largest first and newer before older; to remove, largest first and older before newer. */
function listActive(cluster: Cluster, deployment: DeploymentId, newReplicaSet: ReplicaSetId, toAdd: number): void {
  const { deployments, replicaSets } = cluster
  sorted.length = 0
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    if (rs !== newReplicaSet && replicaSets.knownReplicas[rs] > 0) sorted.push(rs)
  // findActiveOrLatest left the old ones newest first, and the new one comes behind them.
  sorted.reverse()
  if (newReplicaSet !== NONE && replicaSets.knownReplicas[newReplicaSet] > 0) sorted.push(newReplicaSet)
  assert(replicaSets.created <= SCALED_MAX, `at most ${SCALED_MAX} ReplicaSets`)
  if (toAdd === 0) return
  const newerFirst = toAdd > 0 ? 1 : -1
  const size = replicaSets.knownReplicas
  sorted.sort((a, b) => size[b] - size[a] || (b - a) * newerFirst)
}

/** A ReplicaSet's share before limits (getReplicaSetFraction); halves are rounded away from zero. */
function fractionOf(cluster: Cluster, deployment: DeploymentId, rs: ReplicaSetId, status: DeploymentStatus): number {
  const { deployments, replicaSets } = cluster
  const size = replicaSets.knownReplicas[rs]
  const desired = deployments.replicas[deployment]
  if (desired === 0) return -size
  const annotated = replicaSets.maxReplicas[rs]
  const base = annotated > 0 ? annotated : status.replicas
  if (base === 0) return 0
  const product = Math.imul(size, desired + deployments.maxSurge[deployment])
  return Math.floor(product / base + 0.5) - size
}
