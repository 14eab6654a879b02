// After pkg/controller/statefulset/stateful_set_control.go (getStatefulSetRevisions, truncateHistory) and
// pkg/controller/history/controller_history.go, Kubernetes v1.36.3.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import type { PodId } from '../../cluster/pods.ts'
import { putRevision, removeRevision } from '../../cluster/statefulSetWrites.ts'
import { Kind, type StatefulSetId, type TemplateId } from '../../model/types.ts'

/** The revisions that were stored when the sync began, in order of their numbers. */
const listed: TemplateId[] = []

/** The two revisions between which a set is. */
export interface Revisions {
  current: TemplateId
  update: TemplateId
}

/**
 * Finds the current and the update revision. A template that is new gets a revision; one that is known, but is not the
 * newest, gets the next number: that is a rollback.
 */
export function resolveRevisions(cluster: Cluster, set: StatefulSetId, revisions: Revisions): void {
  const { api, statefulSets } = cluster
  listRevisions(cluster, set)
  const template = statefulSets.template[set]
  if (listed.at(-1) !== template) {
    putRevision(cluster, set, template, nextRevision(cluster, set))
    api.awaitAnswer()
  }
  const current = statefulSets.status[set].currentRevision
  revisions.update = template
  revisions.current = listed.includes(current) ? current : template
}

function listRevisions(cluster: Cluster, set: StatefulSetId): void {
  const { statefulSets } = cluster
  const first = statefulSets.firstRevision[set]
  listed.length = 0
  for (let i = 0; i < statefulSets.revisionCount[set]; i++)
    listed.push(statefulSets.revisionTemplate[first + i] as TemplateId)
}

/** One more than the newest; the first is 1. */
function nextRevision(cluster: Cluster, set: StatefulSetId): number {
  const { statefulSets } = cluster
  const count = statefulSets.revisionCount[set]
  return count === 0 ? 1 : statefulSets.revisionNumber[statefulSets.firstRevision[set] + count - 1] + 1
}

/**
 * Deletes the oldest revisions beyond the limit. Those that a pod or the status names are in use and do not count; nor
 * does the one that this sync has created. `usedByPod` tells of the pods as they were when the sync began.
 */
export function truncateHistory(cluster: Cluster, set: StatefulSetId, { current, update }: Revisions): void {
  const { api, statefulSets } = cluster
  const limit = statefulSets.revisionHistoryLimit[set]
  if (limit === NONE || listed.length <= limit) return
  let surplus = -limit
  for (const revision of listed) if (isUnused(cluster, set, revision, current, update)) surplus++
  for (let i = 0; i < listed.length && surplus > 0; i++) {
    if (!isUnused(cluster, set, listed[i], current, update)) continue
    removeRevision(cluster, set, listed[i])
    api.awaitAnswer()
    surplus--
  }
}

function isUnused(
  cluster: Cluster,
  set: StatefulSetId,
  revision: TemplateId,
  current: TemplateId,
  update: TemplateId,
): boolean {
  const { pods, statefulSets } = cluster
  if (revision === current || revision === update) return false
  const uid = statefulSets.uid[set]
  for (let pod = pods.firstOf[Kind.StatefulSet][set] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod])
    if (pods.template[pod] === revision && pods.ownerUid[pod] === uid) return false
  return true
}
