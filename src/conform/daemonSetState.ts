// DaemonSets in the words of the recordings.

import type { Cluster } from '../cluster/cluster.ts'
import type { DaemonSetId } from '../model/types.ts'
import type { State } from './trace.ts'

/** Adds `DaemonSet/NAME` for each one in the store. */
export function addDaemonSets(cluster: Cluster, workloads: State): void {
  const { daemonSets, model } = cluster
  model.daemonSets.forEach(({ name }, row) => {
    if (daemonSets.exists[row as DaemonSetId] === 0) return
    const { available, current, desired, misscheduled, ready, unavailable, updated } = daemonSets.status[row]
    workloads[`DaemonSet/${name}`] = { available, current, desired, misscheduled, ready, unavailable, updated }
  })
}
