// After pkg/controller/daemon/daemon_controller.go, Kubernetes v1.36: which events want a sync, and the sync.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { PodChange } from '../../cluster/codes.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { SyncOutcome, SyncStages } from '../../cluster/syncStages.ts'
import type { Watcher } from '../../cluster/watch.ts'
import { type DaemonSetId, type DaemonSetSpec, Kind, type NodeId } from '../../model/types.ts'
import { eligibilityOf } from './eligibility.ts'
import { cleanupHistory, constructHistory } from './history.ts'
import { decideBasicState } from './manage.ts'
import { decideRollingUpdate } from './rollingUpdate.ts'
import { writeStatus } from './status.ts'
import { syncNodes } from './syncNodes.ts'

/** Brings every node to its basic state, then takes a step of the rollout, then reports; reads pods anew each time. */
export function* syncDaemonSet(cluster: Cluster, ds: DaemonSetId): SyncStages<SyncOutcome> {
  const { daemonSets } = cluster
  if (daemonSets.exists[ds] === 0) {
    daemonSets.expectations.clear(ds)
    return 'done'
  }
  // One that is being deleted may have lost its revisions already: it does nothing more.
  if (cluster.holds.isMarked(Kind.DaemonSet, ds)) return 'done'
  const spec = daemonSets.spec[ds]
  const generation = daemonSets.generation[ds]
  const old = yield* constructHistory(cluster, ds, spec)
  if (!daemonSets.expectations.areSatisfied(ds, cluster.nowUs)) {
    yield* writeStatus(cluster, ds, spec, generation, false)
    return 'done'
  }
  yield* syncNodes(cluster, ds, spec, decideBasicState(cluster, ds, spec))
  const outcome = yield* rollOut(cluster, ds, spec)
  if (outcome === 'done') yield* cleanupHistory(cluster, ds, spec, old)
  yield* writeStatus(cluster, ds, spec, generation, true)
  return outcome
}

/** The step of a rolling update, once all that was ordered has been seen. */
function* rollOut(cluster: Cluster, ds: DaemonSetId, spec: DaemonSetSpec): SyncStages<SyncOutcome> {
  if (spec.onDelete || !cluster.daemonSets.expectations.areSatisfied(ds, cluster.nowUs)) return 'done'
  const changes = decideRollingUpdate(cluster, ds, spec)
  if (changes === undefined) return 'retry'
  yield* syncNodes(cluster, ds, spec, changes)
  return 'done'
}

/** A node came, or its labels or taints changed: wakes the DaemonSets that want something else of it now. */
export function syncNodeUpdate(cluster: Cluster, node: NodeId): void {
  const { daemonSets, nodes } = cluster
  if (nodes.exists[node] === 0) return
  for (let ds = 0 as DaemonSetId; ds < daemonSets.count; ds++) {
    if (daemonSets.exists[ds] === 0) continue
    const eligibility = eligibilityOf(cluster, daemonSets.spec[ds], node)
    const scheduled = hasPodOn(cluster, ds, node)
    const wanted = scheduled ? eligibility === 'none' : eligibility === 'run'
    if (wanted || (scheduled && daemonSets.status[ds].misscheduled > 0)) cluster.queues[Controller.DaemonSet].add(ds)
  }
}

function hasPodOn(cluster: Cluster, ds: DaemonSetId, node: NodeId): boolean {
  const { pods } = cluster
  for (let pod = pods.firstOf[Kind.DaemonSet][ds] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod])
    if (pods.node[pod] === node) return true
  return false
}

/** The informer handlers of the DaemonSet controller. */
export function watchForDaemonSets(cluster: Cluster): Watcher {
  const { daemonSets, pods } = cluster
  const queue = cluster.queues[Controller.DaemonSet]
  const ownerOf = (pod: PodId): DaemonSetId => {
    const ds = pods.owner[pod] as DaemonSetId
    if (pods.ownerKind[pod] !== Kind.DaemonSet || daemonSets.exists[ds] === 0) return NONE as DaemonSetId
    return daemonSets.owns(pods, ds, pod) ? ds : (NONE as DaemonSetId)
  }
  const wake = (kind: Kind, row: number): void => {
    if (kind === Kind.DaemonSet) queue.add(row)
  }
  const podGoes = (ds: DaemonSetId): void => {
    daemonSets.expectations.observeDeletion(ds)
    queue.add(ds)
  }
  return {
    specChanged: wake,
    statusChanged: wake,
    revisionChanged: wake,
    objectDeleted(kind, row) {
      if (kind !== Kind.DaemonSet) return
      daemonSets.expectations.clear(row)
      queue.add(row)
    },
    podAdded(pod) {
      const ds = ownerOf(pod)
      if (ds === NONE) return
      daemonSets.expectations.observeCreation(ds)
      queue.add(ds)
    },
    podUpdated(pod, change) {
      const ds = ownerOf(pod)
      if (ds === NONE) return
      if (pods.deletionMark[pod] === 1) return podGoes(ds)
      queue.add(ds)
      const { minReadySeconds } = daemonSets.spec[ds]
      if (change === PodChange.Ready && minReadySeconds > 0)
        queue.addAfter(ds, cluster.nowUs, (minReadySeconds + 1) * 1_000_000)
    },
    podDeleted(pod) {
      const ds = ownerOf(pod)
      if (ds !== NONE) podGoes(ds)
    },
    nodeChanged(node) {
      cluster.queues[Controller.DaemonSetNode].add(node)
    },
  }
}
