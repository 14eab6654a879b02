// After pkg/controller/controller_utils.go (ActivePods) and job_controller.go (activePodsForRemoval), Kubernetes v1.36:
// which pods go first when a Job has too many.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { JobSpec } from '../../model/jobTypes.ts'
import type { JobPod } from './jobPods.ts'

/** Order of deletion by phase: Pending before Unknown before Running. */
const PHASE_ORDER: readonly number[] = [0, 2, 3, 3, 1]

/**
 * At least `count` of the active pods: of an Indexed Job first those without an index, with one that is not asked for,
 * and all but the best of each index.
 */
export function chooseForRemoval(cluster: Cluster, spec: JobSpec, active: readonly JobPod[], count: number): JobPod[] {
  const chosen: JobPod[] = []
  const left: JobPod[] = []
  if (!spec.indexed) left.push(...active)
  else {
    for (const group of groupByIndex(active).values()) {
      const index = group[0].index
      const keep = index !== NONE && index < spec.completions ? 1 : 0
      const ranked = group.sort((a, b) => compareForRemoval(cluster, a, b))
      chosen.push(...ranked.slice(0, ranked.length - keep))
      left.push(...ranked.slice(ranked.length - keep))
    }
  }
  if (chosen.length >= count) return chosen
  left.sort((a, b) => compareForRemoval(cluster, a, b))
  return [...chosen, ...left.slice(0, count - chosen.length)]
}

function groupByIndex(pods: readonly JobPod[]): Map<number, JobPod[]> {
  const groups = new Map<number, JobPod[]>()
  for (const pod of pods) {
    const group = groups.get(pod.index)
    if (group === undefined) groups.set(pod.index, [pod])
    else group.push(pod)
  }
  return groups
}

/** Negative if `a` goes before `b`; equals, whose order upstream leaves open, in order of creation. */
export function compareForRemoval(cluster: Cluster, a: JobPod, b: JobPod): number {
  const { pods } = cluster
  const assigned = Number(pods.node[a.pod] !== NONE) - Number(pods.node[b.pod] !== NONE)
  if (assigned !== 0) return assigned
  if (a.phase !== b.phase) return PHASE_ORDER[a.phase] - PHASE_ORDER[b.phase]
  if (a.isReady !== b.isReady) return Number(a.isReady) - Number(b.isReady)
  if (a.isReady && pods.readyTransitionSeconds[a.pod] !== pods.readyTransitionSeconds[b.pod])
    return pods.readyTransitionSeconds[b.pod] - pods.readyTransitionSeconds[a.pod]
  if (pods.restarts[a.pod] !== pods.restarts[b.pod]) return pods.restarts[b.pod] - pods.restarts[a.pod]
  const createdA = Math.floor(pods.createdAtUs[a.pod] / 1e6)
  const createdB = Math.floor(pods.createdAtUs[b.pod] / 1e6)
  return createdB - createdA || a.uid - b.uid
}
