// The garbage collector's work on claims, after pkg/controller/garbagecollector, Kubernetes v1.36: a claim goes when
// none of its owners is left. It looks when all else at the instant is quiet, so a controller that runs at the moment
// at which a pod goes still sees the pod's claim. (A real claim also waits until no pod uses it: pvc-protection.)

import { NONE } from '../base/columns.ts'
import { Kind, type StatefulSetId } from '../model/types.ts'
import type { ClaimId } from './claims.ts'
import type { Cluster } from './cluster.ts'
import type { PodId } from './pods.ts'
import { removeClaim } from './statefulSetWrites.ts'
import type { Watcher } from './watch.ts'

/** Deletes the claims whose owners are all gone. */
export function collectClaims(cluster: Cluster): void {
  const { claims } = cluster
  if (!claims.areSuspected) return
  claims.areSuspected = false
  for (let set = 0 as StatefulSetId; set < claims.suspected.length; set++) {
    if (claims.suspected[set] === 0) continue
    claims.suspected[set] = 0
    collectClaimsOf(cluster, set)
  }
}

function collectClaimsOf(cluster: Cluster, set: StatefulSetId): void {
  const { claims, statefulSets } = cluster
  const names = claims.templateNames[set].length
  for (const { first, last } of statefulSets.rangesOf(set)) {
    for (let ordinal = first; ordinal <= last; ordinal++) {
      for (let template = 0; template < names; template++) {
        const claim = claims.claimOf(set, template, ordinal)
        if (claims.exists[claim] === 1 && isGarbage(cluster, set, claim)) removeClaim(cluster, set, claim)
      }
    }
  }
}

function isGarbage(cluster: Cluster, set: StatefulSetId, claim: ClaimId): boolean {
  const { claims, pods, statefulSets } = cluster
  if (!claims.isOwned(claim)) return false
  if (statefulSets.exists[set] === 1 && claims.ownerSet[claim] === statefulSets.uid[set]) return false
  const owner = claims.ownerPod[claim]
  if (owner === NONE) return true
  let pod = pods.firstOf[Kind.StatefulSet][set] as PodId
  for (; pod !== NONE; pod = pods.nextOfOwner[pod]) if (pods.uid[pod] === owner) return false
  return true
}

/** Pods that go may have owned claims. */
export function watchForClaims(cluster: Cluster): Watcher {
  const { claims, pods } = cluster
  return {
    podDeleted(pod) {
      if (pods.ownerKind[pod] === Kind.StatefulSet) claims.suspect(pods.owner[pod] as StatefulSetId)
    },
  }
}
