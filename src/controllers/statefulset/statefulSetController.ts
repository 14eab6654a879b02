// After pkg/controller/statefulset/stateful_set.go, Kubernetes v1.36.3: which events want a sync, and the sync.

import { NONE } from '../../base/columns.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import { PodChange } from '../../cluster/codes.ts'
import { nextAvailabilityUs, type PodId } from '../../cluster/pods.ts'
import { StatefulSetStatus } from '../../cluster/statefulSets.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { SyncOutcome } from '../../cluster/syncStages.ts'
import { Kind, type StatefulSetId, type TemplateId } from '../../model/types.ts'
import { resolveRevisions, type Revisions, truncateHistory } from './history.ts'
import { Slots, sortIntoSlots } from './slots.ts'
import { updateStatefulSet } from './statefulSetControl.ts'
import { completeRollingUpdate, computeStatus, writeStatus } from './status.ts'

/** Scratch of one sync. */
const slots = new Slots()
const status = new StatefulSetStatus()
const revisions: Revisions = { current: NONE as TemplateId, update: NONE as TemplateId }

/** Takes one StatefulSet a step further, then reports what was there when the sync began. */
export function syncStatefulSet(cluster: Cluster, set: StatefulSetId): SyncOutcome {
  const { api, statefulSets } = cluster
  if (statefulSets.exists[set] === 0) return 'done'
  resolveRevisions(cluster, set, revisions)
  computeStatus(cluster, set, revisions, status)
  sortIntoSlots(cluster, set, revisions.current, revisions.update, slots)
  // A set that is being deleted only reports.
  const marked = cluster.holds.isMarked(Kind.StatefulSet, set)
  const ok = marked || updateStatefulSet(cluster, set, slots, revisions.update, status)
  completeRollingUpdate(cluster, set, status)
  writeStatus(cluster, set, status)
  truncateHistory(cluster, set, revisions)
  if (!ok) return 'retry'
  if (statefulSets.minReadySeconds[set] > 0 && status.readyReplicas !== status.availableReplicas) {
    const queue = cluster.queues[Controller.StatefulSet]
    const endUs = cluster.nowUs + api.offsetUs
    queue.addAfter(set, endUs, nextCheckUs(cluster, set, endUs) - endUs)
  }
  return 'done'
}

/** When the next pod may become available; without one, minReadySeconds from the end of the sync. */
function nextCheckUs(cluster: Cluster, set: StatefulSetId, endUs: number): number {
  const { pods, statefulSets } = cluster
  const minReadySeconds = statefulSets.minReadySeconds[set]
  const uid = statefulSets.uid[set]
  let soonest = Infinity
  for (let pod = pods.firstOf[Kind.StatefulSet][set] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod])
    if (pods.ownerUid[pod] === uid)
      soonest = Math.min(soonest, nextAvailabilityUs(pods, pod, minReadySeconds, cluster.nowUs))
  return soonest === Infinity ? endUs + minReadySeconds * 1_000_000 : cluster.nowUs + soonest
}

/** The informer handlers of the StatefulSet controller: claims and revisions wake nobody. */
export function watchForStatefulSets(cluster: Cluster): Watcher {
  const { pods, statefulSets } = cluster
  const queue = cluster.queues[Controller.StatefulSet]
  const setOf = (pod: PodId): StatefulSetId =>
    (pods.ownerKind[pod] === Kind.StatefulSet && cluster.isOwnerAlive(pod) ? pods.owner[pod] : NONE) as StatefulSetId
  const enqueue = (kind: Kind, row: number): void => {
    if (kind === Kind.StatefulSet) queue.add(row)
  }
  const podChanged = (pod: PodId): void => {
    const set = setOf(pod)
    if (set !== NONE) queue.add(set)
  }
  return {
    specChanged: enqueue,
    statusChanged: enqueue,
    objectDeleted: enqueue,
    podAdded: podChanged,
    podDeleted: podChanged,
    podUpdated(pod, change) {
      const set = setOf(pod)
      if (set === NONE) return
      queue.add(set)
      if (change === PodChange.Ready && statefulSets.minReadySeconds[set] > 0)
        queue.addAfter(set, cluster.nowUs, statefulSets.minReadySeconds[set] * 1_000_000)
    },
  }
}
