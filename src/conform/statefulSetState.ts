// StatefulSets and their claims in the words of the recordings.

import type { Cluster } from '../cluster/cluster.ts'
import type { StatefulSetId } from '../model/types.ts'
import type { State } from './trace.ts'

/** Adds `StatefulSet/NAME` for each one in the store. */
export function addStatefulSets(cluster: Cluster, workloads: State): void {
  const { model, statefulSets } = cluster
  model.statefulSets.forEach(({ name }, row) => {
    const set = row as StatefulSetId
    if (statefulSets.exists[set] === 0) return
    const status = statefulSets.status[set]
    workloads[`StatefulSet/${name}`] = {
      replicas: status.replicas,
      current: status.currentReplicas,
      updated: status.updatedReplicas,
      ready: status.readyReplicas,
      available: status.availableReplicas,
      rolledOut: status.currentRevision === status.updateRevision,
    }
  })
}

/** PersistentVolumeClaims by name: 1 for each. */
export function claimStates(cluster: Cluster): Record<string, number> {
  const { claims, model, statefulSets } = cluster
  const states: Record<string, number> = {}
  model.statefulSets.forEach(({ name }, row) => {
    const set = row as StatefulSetId
    claims.templateNames[row].forEach((template, index) => {
      for (const { first, last } of statefulSets.rangesOf(set))
        for (let ordinal = first; ordinal <= last; ordinal++)
          if (claims.exists[claims.claimOf(set, index, ordinal)] === 1) states[`${template}-${name}-${ordinal}`] = 1
    })
  })
  return states
}
