// Pods, as assertions see them.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { DeletionReason, nameOf, PodPhase } from '../../cluster/codes.ts'
import type { JobId } from '../../cluster/jobs.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { volumeEvent } from '../../cluster/volumeEvents.ts'
import { Kind } from '../../model/types.ts'
import { jobName } from './jobView.ts'
import { ageSince, podReady, podStatus } from './kubectl.ts'
import { NOTHING, timelineSeconds, type Value, type View } from './view.ts'

export const podView: View = {
  name: 'pod',
  rows({ cluster: { pods } }) {
    const rows: number[] = []
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) rows.push(pod)
    return rows
  },
  fields: {
    name: ({ cluster }, row) => cluster.nameOfPod(row as PodId),
    /** Ascends in the order of creation, and is never used twice. */
    uid: ({ cluster }, row) => cluster.pods.uid[row as PodId],
    /** The workload that the pod belongs to: of a Deployment's pods the Deployment; nothing for bare pods. */
    owner: ({ cluster }, row) => workloadOf(cluster, row as PodId),
    /** The kind of the owner reference: ReplicaSet for a Deployment's pods. */
    controller: ({ cluster: { pods } }, row) =>
      pods.ownerKind[row as PodId] === Kind.None ? NOTHING : nameOf(Kind, pods.ownerKind[row as PodId]),
    image: ({ cluster: { model, pods } }, row) => model.images[model.templates[pods.template[row as PodId]].image].name,
    /** What its application runs under that tag, once it does: IMAGE#VERSION after a push of the same tag. */
    bits({ cluster: { images, model } }, row) {
      const bits = images.running[row as PodId]
      return bits === NONE ? NOTHING : model.images[bits].name
    },
    node: ({ cluster: { model, pods } }, row) =>
      pods.node[row as PodId] === NONE ? NOTHING : model.nodes[pods.node[row as PodId]].name,
    phase: ({ cluster }, row) => nameOf(PodPhase, cluster.pods.phase[row as PodId]),
    ready: ({ cluster }, row) => cluster.pods.ready[row as PodId] === 1,
    /** metadata.deletionTimestamp is set. */
    terminating: ({ cluster }, row) => cluster.pods.deletionMark[row as PodId] === 1,
    deletedBy: ({ cluster }, row) => nameOf(DeletionReason, cluster.pods.deletionReason[row as PodId]),
    restarts: ({ cluster }, row) => cluster.pods.restarts[row as PodId],
    ordinal: ({ cluster }, row) =>
      cluster.pods.ordinal[row as PodId] === NONE ? NOTHING : cluster.pods.ordinal[row as PodId],
    /** On its node, it waits for its volumes. */
    waitsForVolumes: ({ cluster }, row) => cluster.volumes.waitsSinceUs[row as PodId] < Infinity,
    /** What its events say of a volume that is attached elsewhere: Multi-Attach error … */
    volumeEvent: ({ cluster }, row) => volumeEvent(cluster, row as PodId),
    createdAt: (moment, row) => timelineSeconds(moment, moment.cluster.pods.createdAtUs[row as PodId]),
    READY: ({ cluster }, row) => podReady(cluster, row as PodId),
    STATUS: ({ cluster }, row) => podStatus(cluster, row as PodId),
    RESTARTS: ({ cluster }, row) => cluster.pods.restarts[row as PodId],
    AGE: (moment, row) => ageSince(moment, moment.cluster.pods.createdAtUs[row as PodId]),
    /** Neither finished nor being deleted: what controllers count. */
    active: ({ cluster: { pods } }, row) =>
      pods.deletionMark[row as PodId] === 0 &&
      (pods.phase[row as PodId] === PodPhase.Pending || pods.phase[row as PodId] === PodPhase.Running),
  },
}

function workloadOf(cluster: Cluster, pod: PodId): Value {
  const { model, pods, replicaSets } = cluster
  const row = pods.owner[pod]
  switch (pods.ownerKind[pod]) {
    case Kind.ReplicaSet: {
      const rs = row as ReplicaSetId
      // A Deployment may be gone before the ReplicaSet that it made.
      const deployment = replicaSets.deployment[rs]
      if (deployment !== NONE) return `Deployment/${model.deployments[deployment].name}`
      if (replicaSets.object[rs] === NONE) return NOTHING
      return replicaSets.objectKind[rs] === Kind.ReplicaSet
        ? `ReplicaSet/${model.replicaSets[replicaSets.object[rs]].name}`
        : `ReplicationController/${model.replicationControllers[replicaSets.object[rs]].name}`
    }
    case Kind.StatefulSet:
      return `StatefulSet/${model.statefulSets[row].name}`
    case Kind.DaemonSet:
      return `DaemonSet/${model.daemonSets[row].name}`
    case Kind.Job:
      return `Job/${jobName(cluster, row as JobId)}`
    default:
      return NOTHING
  }
}
