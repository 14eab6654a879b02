// The garbage collector's work on pods, after pkg/controller/garbagecollector, Kubernetes v1.36.

import { NONE } from '../base/columns.ts'
import { Kind } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { DeletionReason } from './codes.ts'
import { changePodOwner } from './ownership.ts'
import type { PodId } from './pods.ts'
import { removeFinalizer, removePod } from './podWrites.ts'

/** Background collection of an owner that is gone: its pods are deleted at once, each with its grace period. */
export function collectPodsOf(cluster: Cluster, kind: Kind, row: number): void {
  const { pods } = cluster
  let pod = pods.firstOf[kind][row] as PodId
  while (pod !== NONE) {
    const next = pods.nextOfOwner[pod]
    if (pods.deletionMark[pod] === 0) removePod(cluster, pod, NONE, DeletionReason.OwnerGone)
    pod = next
  }
}

/** Takes the owner off all pods of an object that is deleted with propagation `orphan`; they live on. */
export function orphanPodsOf(cluster: Cluster, kind: Kind, row: number): void {
  const { pods } = cluster
  let pod = pods.firstOf[kind][row] as PodId
  while (pod !== NONE) {
    const next = pods.nextOfOwner[pod]
    changePodOwner(cluster, pod, Kind.None, 0)
    // The Job controller's orphan workers let go of pods that no Job tracks.
    if (kind === Kind.Job) removeFinalizer(cluster, pod)
    pod = next
  }
}
