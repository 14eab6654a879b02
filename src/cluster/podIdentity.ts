// Pods by name. Only a StatefulSet gives the same name to a later pod; every other name is used once.

import { NONE } from '../base/columns.ts'
import { Kind } from '../model/types.ts'
import type { PodId, Pods } from './pods.ts'

/** What a client remembers of a pod when it knows its name only. */
export interface PodIdentity {
  readonly pod: PodId
  readonly uid: number
  readonly kind: Kind
  readonly owner: number
  readonly ordinal: number
}

/** The identity of a pod that is in the store. */
export function identify(pods: Pods, pod: PodId): PodIdentity {
  return {
    pod,
    uid: pods.uid[pod],
    kind: pods.ownerKind[pod],
    owner: pods.owner[pod],
    ordinal: pods.ordinal[pod],
  }
}

/** The pod that has that name now, or NONE: of a StatefulSet it may be a later one. */
export function findPod(pods: Pods, { pod, uid, kind, owner, ordinal }: PodIdentity): PodId {
  if (pods.uid[pod] === uid) return pod
  if (kind !== Kind.StatefulSet) return NONE as PodId
  let other = pods.firstOf[kind][owner] as PodId
  while (other !== NONE && pods.ordinal[other] !== ordinal) other = pods.nextOfOwner[other]
  return other
}
