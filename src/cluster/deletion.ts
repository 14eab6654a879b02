// Deletion of objects that own others: the API server's part (registry/generic/registry/store.go, deletionFinalizers)
// and the garbage collector's (pkg/controller/garbagecollector), Kubernetes v1.36. The collector acts at once here; left
// out are its queues and owners beside the controller.

import { NONE } from '../base/columns.ts'
import { type Cascade, type DaemonSetId, type DeploymentId, Kind, type StatefulSetId } from '../model/types.ts'
import type { Cluster } from './cluster.ts'
import { removeDaemonSet } from './daemonSetWrites.ts'
import { markDeployment, removeDeployment } from './deploymentWrites.ts'
import { collectPodsOf, orphanPodsOf } from './garbageCollector.ts'
import { Hold } from './holds.ts'
import type { JobId } from './jobs.ts'
import { removeJob } from './jobWrites.ts'
import { changeReplicaSetOwner } from './ownership.ts'
import type { ReplicaSetId } from './replicaSets.ts'
import { dropReplicaSet, markReplicaSet } from './replicaSetWrites.ts'
import { removeStatefulSet } from './statefulSetWrites.ts'
import type { Watcher } from './watch.ts'

/** What the collector must know of a kind whose objects own others; one row each. */
interface OwnerKind {
  exists(cluster: Cluster, row: number): boolean
  /** The deletion timestamp is set: the generation rises, the owner's controller hears of it. */
  mark(cluster: Cluster, row: number): void
  /** The object leaves the store; dependents that it still has are collected. */
  drop(cluster: Cluster, row: number): void
  hasDependents(cluster: Cluster, row: number): boolean
  /** Deletes the dependents that are not being deleted, for foreground deletion. */
  deleteDependents(cluster: Cluster, row: number): void
  orphanDependents(cluster: Cluster, row: number): void
}

/** The part that is the same for all kinds that own pods directly. */
function ownerOfPods(kind: Kind): Pick<OwnerKind, 'hasDependents' | 'deleteDependents' | 'orphanDependents'> {
  return {
    hasDependents: ({ pods }, row) => pods.firstOf[kind][row] !== NONE,
    deleteDependents: (cluster, row) => {
      collectPodsOf(cluster, kind, row)
    },
    orphanDependents: (cluster, row) => {
      orphanPodsOf(cluster, kind, row)
    },
  }
}

const OWNER_KINDS: Readonly<Partial<Record<Kind, OwnerKind>>> = {
  [Kind.Deployment]: {
    exists: ({ deployments }, row) => deployments.exists[row as DeploymentId] === 1,
    mark: (cluster, row) => {
      markDeployment(cluster, row as DeploymentId)
    },
    drop: (cluster, row) => {
      removeDeployment(cluster, row as DeploymentId)
    },
    hasDependents: ({ deployments }, row) => deployments.oldestReplicaSet[row as DeploymentId] !== NONE,
    deleteDependents: (cluster, row) => {
      for (const rs of replicaSetsOf(cluster, row as DeploymentId)) {
        const marked = cluster.replicaSets.deletionMark[rs] === 1
        const hasPods = OWNER_KINDS[Kind.ReplicaSet]!.hasDependents(cluster, rs)
        if (!marked) deleteObject(cluster, Kind.ReplicaSet, rs, hasPods ? 'foreground' : 'background')
      }
    },
    orphanDependents: (cluster, row) => {
      for (const rs of replicaSetsOf(cluster, row as DeploymentId))
        changeReplicaSetOwner(cluster, rs, NONE as DeploymentId)
    },
  },
  [Kind.ReplicaSet]: {
    ...ownerOfPods(Kind.ReplicaSet),
    exists: ({ replicaSets }, row) => replicaSets.exists[row as ReplicaSetId] === 1,
    mark: (cluster, row) => {
      markReplicaSet(cluster, row as ReplicaSetId)
    },
    drop: (cluster, row) => {
      dropReplicaSet(cluster, row as ReplicaSetId)
    },
  },
  [Kind.StatefulSet]: {
    ...ownerOfPods(Kind.StatefulSet),
    exists: ({ statefulSets }, row) => statefulSets.exists[row as StatefulSetId] === 1,
    mark: (cluster, row) => {
      cluster.statefulSets.generation[row as StatefulSetId] += 1
      cluster.watch.specChanged(Kind.StatefulSet, row)
    },
    drop: (cluster, row) => {
      removeStatefulSet(cluster, row as StatefulSetId)
    },
  },
  [Kind.Job]: {
    ...ownerOfPods(Kind.Job),
    exists: ({ jobs }, row) => jobs.exists[row as JobId] === 1,
    mark: (cluster, row) => {
      cluster.jobs.generation[row as JobId] += 1
      cluster.watch.specChanged(Kind.Job, row)
    },
    drop: (cluster, row) => {
      removeJob(cluster, row as JobId)
    },
  },
  [Kind.DaemonSet]: {
    ...ownerOfPods(Kind.DaemonSet),
    exists: ({ daemonSets }, row) => daemonSets.exists[row as DaemonSetId] === 1,
    mark: (cluster, row) => {
      cluster.daemonSets.generation[row as DaemonSetId] += 1
      cluster.watch.specChanged(Kind.DaemonSet, row)
    },
    drop: (cluster, row) => {
      removeDaemonSet(cluster, row as DaemonSetId)
    },
  },
}

function replicaSetsOf({ deployments, replicaSets }: Cluster, deployment: DeploymentId): ReplicaSetId[] {
  const list: ReplicaSetId[] = []
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs]) list.push(rs)
  return list
}

/**
 * A DELETE request. Background: gone at once, its dependents are collected. Foreground: marked, gone after the last
 * dependent. Orphan: the dependents lose their owner and live on. Finalizers of the manifest keep it marked in any case.
 *
 * @param row of the kind's table; of ReplicaSets the ReplicaSetId
 */
export function deleteObject(cluster: Cluster, kind: Kind, row: number, cascade: Cascade): void {
  const { holds } = cluster
  const owner = OWNER_KINDS[kind]
  if (owner === undefined || !owner.exists(cluster, row)) return
  const before = holds.bits[kind][row]
  let bits = before & Hold.Manifest
  if (cascade === 'foreground') bits |= Hold.Foreground
  if (cascade === 'orphan') bits |= Hold.Orphan
  if (bits === 0) {
    drop(cluster, kind, row, owner)
    return
  }
  holds.set(kind, row, bits | Hold.Mark)
  if ((before & Hold.Mark) === 0) owner.mark(cluster, row)
  if (cascade === 'foreground') owner.deleteDependents(cluster, row)
  if (cascade === 'orphan') owner.orphanDependents(cluster, row)
  finish(cluster, kind, row)
}

/** The finalizers of the manifest were written: an object that only waited for their removal goes. */
export function writeFinalizers(cluster: Cluster, kind: Kind, row: number, present: boolean): void {
  cluster.holds.setManifest(kind, row, present)
  finish(cluster, kind, row)
}

/** Takes off the collector's finalizers that have done their work, and lets go what nothing holds any more. */
function finish(cluster: Cluster, kind: Kind, row: number): void {
  const { holds } = cluster
  const owner = OWNER_KINDS[kind]
  let bits = holds.bits[kind][row]
  if (owner === undefined || (bits & Hold.Mark) === 0 || !owner.exists(cluster, row)) return
  bits &= ~Hold.Orphan
  if ((bits & Hold.Foreground) !== 0 && !owner.hasDependents(cluster, row)) bits &= ~Hold.Foreground
  holds.set(kind, row, bits)
  if (bits === Hold.Mark) drop(cluster, kind, row, owner)
}

function drop(cluster: Cluster, kind: Kind, row: number, owner: OwnerKind): void {
  cluster.holds.set(kind, row, 0)
  owner.drop(cluster, row)
}

/**
 * The garbage collector as an observer: a dependent that is gone may let its owner go. Add it last, so that everyone
 * has seen the dependent go.
 */
export function watchForGarbage(cluster: Cluster): Watcher {
  const { holds, pods, replicaSets } = cluster
  /** A dependent of an owner in foreground deletion is gone: later ones are deleted too, and the last one frees it. */
  const dependentGone = (kind: Kind, row: number): void => {
    if ((holds.bits[kind][row] & Hold.Foreground) === 0) return
    OWNER_KINDS[kind]!.deleteDependents(cluster, row)
    finish(cluster, kind, row)
  }
  return {
    podDeleted: (pod) => {
      if (holds.foregroundCount > 0) dependentGone(pods.ownerKind[pod], pods.owner[pod])
    },
    replicaSetDeleted: (rs) => {
      const deployment = replicaSets.deployment[rs]
      if (deployment !== NONE && holds.foregroundCount > 0) dependentGone(Kind.Deployment, deployment)
    },
  }
}
