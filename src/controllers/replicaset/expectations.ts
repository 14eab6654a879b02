// After pkg/controller/controller_utils.go (ControllerExpectations, UIDTrackingControllerExpectations), Kubernetes
// v1.36: creations and deletions that were ordered and are not yet seen. A ReplicaSet is not managed before they are.

import type { Cluster } from '../../cluster/cluster.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { lowerExpectation, raiseExpectation } from '../../cluster/replicaSetWrites.ts'

/** After this long unseen expectations are given up (ExpectationsTimeout). */
const EXPECTATIONS_TIMEOUT_US = 300_000_000

/** All creations and deletions of the last sync have been seen, or it was too long ago. */
export function expectationsSatisfied(cluster: Cluster, rs: ReplicaSetId): boolean {
  const { replicaSets } = cluster
  if (replicaSets.expectedCreations[rs] <= 0 && replicaSets.expectedDeletions[rs] <= 0) return true
  return cluster.nowUs - replicaSets.expectedSinceUs[rs] > EXPECTATIONS_TIMEOUT_US
}

/** The sync is about to create and delete this many pods; an old record is replaced. */
export function expect(cluster: Cluster, rs: ReplicaSetId, creations: number, deletions: number): void {
  raiseExpectation(cluster, rs, creations, deletions)
}

/** A pod of the ReplicaSet was seen for the first time. */
export function observeCreation(cluster: Cluster, rs: ReplicaSetId): void {
  lowerExpectation(cluster, rs, 1, 0)
}

/** A pod got its deletion mark, or went without one. Only deletions that the controller ordered are expected. */
export function observeDeletion(cluster: Cluster, pod: PodId, rs: ReplicaSetId): void {
  if (cluster.pods.expectedGone[pod] === 1) lowerExpectation(cluster, rs, 0, 1)
}
