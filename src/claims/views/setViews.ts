// StatefulSets and DaemonSets, as assertions see them.

import { type DaemonSetId, Kind, type StatefulSetId } from '../../model/types.ts'
import { ageSince, createdUs, outOf } from './kubectl.ts'
import { existingRows, type View } from './view.ts'

export const statefulSetView: View = {
  name: 'statefulSet',
  rows: ({ cluster: { statefulSets } }) => existingRows(statefulSets.exists, statefulSets.count),
  fields: {
    name: ({ cluster: { model } }, row) => model.statefulSets[row].name,
    /** spec.replicas. */
    desired: ({ cluster }, row) => cluster.statefulSets.replicas[row as StatefulSetId],
    replicas: ({ cluster }, row) => cluster.statefulSets.status[row].replicas,
    ready: ({ cluster }, row) => cluster.statefulSets.status[row].readyReplicas,
    available: ({ cluster }, row) => cluster.statefulSets.status[row].availableReplicas,
    updated: ({ cluster }, row) => cluster.statefulSets.status[row].updatedReplicas,
    current: ({ cluster }, row) => cluster.statefulSets.status[row].currentReplicas,
    READY: ({ cluster: { statefulSets } }, row) =>
      outOf(statefulSets.status[row].readyReplicas, statefulSets.replicas[row as StatefulSetId]),
    AGE: (moment, row) => ageSince(moment, createdUs(moment, Kind.StatefulSet, row)),
    /** Numbers of its ControllerRevisions, ascending. */
    history({ cluster: { statefulSets } }, row) {
      const first = statefulSets.firstRevision[row as StatefulSetId]
      const end = first + statefulSets.revisionCount[row as StatefulSetId]
      return Array.from(statefulSets.revisionNumber.subarray(first, end)).sort((a, b) => a - b)
    },
  },
}

export const daemonSetView: View = {
  name: 'daemonSet',
  rows: ({ cluster: { daemonSets } }) => existingRows(daemonSets.exists, daemonSets.count),
  fields: {
    name: ({ cluster: { model } }, row) => model.daemonSets[row].name,
    desired: ({ cluster }, row) => cluster.daemonSets.status[row].desired,
    current: ({ cluster }, row) => cluster.daemonSets.status[row].current,
    misscheduled: ({ cluster }, row) => cluster.daemonSets.status[row].misscheduled,
    ready: ({ cluster }, row) => cluster.daemonSets.status[row].ready,
    updated: ({ cluster }, row) => cluster.daemonSets.status[row].updated,
    available: ({ cluster }, row) => cluster.daemonSets.status[row].available,
    unavailable: ({ cluster }, row) => cluster.daemonSets.status[row].unavailable,
    DESIRED: ({ cluster }, row) => cluster.daemonSets.status[row].desired,
    CURRENT: ({ cluster }, row) => cluster.daemonSets.status[row].current,
    READY: ({ cluster }, row) => cluster.daemonSets.status[row].ready,
    'UP-TO-DATE': ({ cluster }, row) => cluster.daemonSets.status[row].updated,
    AVAILABLE: ({ cluster }, row) => cluster.daemonSets.status[row].available,
    AGE: (moment, row) => ageSince(moment, createdUs(moment, Kind.DaemonSet, row)),
    /** Numbers of its ControllerRevisions, ascending. */
    history: ({ cluster }, row) =>
      cluster.daemonSets.history[row as DaemonSetId].map(({ number }) => number).sort((a, b) => a - b),
  },
}
