// Deployments and ReplicaSets, as assertions see them.

import { NONE } from '../../base/columns.ts'
import { ConditionStatus, DeploymentReason, nameOf } from '../../cluster/codes.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import { type DeploymentId, Kind, type Model } from '../../model/types.ts'
import { ageSince, createdUs, outOf } from './kubectl.ts'
import { existingRows, NOTHING, orNothing, timelineSeconds, type Value, type View } from './view.ts'

export const deploymentView: View = {
  name: 'deployment',
  rows: ({ cluster: { deployments } }) => existingRows(deployments.exists, deployments.count),
  fields: {
    name: ({ cluster: { model } }, row) => model.deployments[row].name,
    /** spec.replicas. */
    desired: ({ cluster }, row) => cluster.deployments.replicas[row as DeploymentId],
    paused: ({ cluster }, row) => cluster.deployments.paused[row as DeploymentId] === 1,
    replicas: ({ cluster }, row) => cluster.deployments.status[row].replicas,
    updated: ({ cluster }, row) => cluster.deployments.status[row].updatedReplicas,
    ready: ({ cluster }, row) => cluster.deployments.status[row].readyReplicas,
    available: ({ cluster }, row) => cluster.deployments.status[row].availableReplicas,
    unavailable: ({ cluster }, row) => cluster.deployments.status[row].unavailableReplicas,
    terminating: ({ cluster }, row) => orNothing(cluster.deployments.status[row].terminatingReplicas),
    /** The annotation deployment.kubernetes.io/revision. */
    revision: ({ cluster }, row) => cluster.deployments.status[row].revision,
    /** Conditions as STATUS/REASON. */
    Available: ({ cluster }, row) =>
      condition(cluster.deployments.status[row].available, cluster.deployments.status[row].availableReason),
    Progressing: ({ cluster }, row) =>
      condition(cluster.deployments.status[row].progressing, cluster.deployments.status[row].progressingReason),
    image: ({ cluster: { deployments, model } }, row) =>
      model.images[model.templates[deployments.template[row as DeploymentId]].image].name,
    READY: ({ cluster: { deployments } }, row) =>
      outOf(deployments.status[row].readyReplicas, deployments.replicas[row as DeploymentId]),
    'UP-TO-DATE': ({ cluster }, row) => cluster.deployments.status[row].updatedReplicas,
    AVAILABLE: ({ cluster }, row) => cluster.deployments.status[row].availableReplicas,
    AGE: (moment, row) => ageSince(moment, createdUs(moment, Kind.Deployment, row)),
    /** Revisions that `kubectl rollout history` lists: those of its ReplicaSets, ascending. */
    history({ cluster: { deployments, replicaSets } }, row) {
      const revisions: number[] = []
      let rs = deployments.oldestReplicaSet[row as DeploymentId]
      for (; rs !== NONE; rs = replicaSets.next[rs]) revisions.push(replicaSets.revision[rs])
      return revisions.sort((a, b) => a - b)
    },
    /** What `kubectl rollout history` shows beside each of them: CHANGE-CAUSE, `<none>` without the annotation. */
    causes({ cluster: { deployments, replicaSets, model } }, row) {
      const list: ReplicaSetId[] = []
      let rs = deployments.oldestReplicaSet[row as DeploymentId]
      for (; rs !== NONE; rs = replicaSets.next[rs]) list.push(rs)
      list.sort((a, b) => replicaSets.revision[a] - replicaSets.revision[b])
      return list.map((each) => causeOf(model, replicaSets.changeCause[each]))
    },
  },
}

export const replicaSetView: View = {
  name: 'replicaSet',
  rows: ({ cluster: { replicaSets } }) => existingRows(replicaSets.exists, replicaSets.created),
  fields: {
    name: ({ cluster: { model, replicaSets } }, row) => {
      const rs = row as ReplicaSetId
      const object = replicaSets.object[rs]
      if (object === NONE) return `replicaset-${row}`
      return (replicaSets.objectKind[rs] === Kind.ReplicaSet ? model.replicaSets : model.replicationControllers)[object]
        .name
    },
    owner: ({ cluster: { model, replicaSets } }, row): Value => {
      const deployment = replicaSets.deployment[row as ReplicaSetId]
      return deployment === NONE ? NOTHING : `Deployment/${model.deployments[deployment].name}`
    },
    image: ({ cluster: { model, replicaSets } }, row) =>
      model.images[model.templates[replicaSets.template[row as ReplicaSetId]].image].name,
    revision: ({ cluster }, row) => cluster.replicaSets.revision[row as ReplicaSetId],
    /** The annotation kubernetes.io/change-cause. */
    cause: ({ cluster: { model, replicaSets } }, row) => causeOf(model, replicaSets.changeCause[row as ReplicaSetId]),
    /** spec.replicas. */
    desired: ({ cluster }, row) => cluster.replicaSets.replicas[row as ReplicaSetId],
    replicas: ({ cluster }, row) => cluster.replicaSets.statusReplicas[row as ReplicaSetId],
    ready: ({ cluster }, row) => cluster.replicaSets.readyReplicas[row as ReplicaSetId],
    available: ({ cluster }, row) => cluster.replicaSets.availableReplicas[row as ReplicaSetId],
    DESIRED: ({ cluster }, row) => cluster.replicaSets.replicas[row as ReplicaSetId],
    CURRENT: ({ cluster }, row) => cluster.replicaSets.statusReplicas[row as ReplicaSetId],
    READY: ({ cluster }, row) => cluster.replicaSets.readyReplicas[row as ReplicaSetId],
    AGE: (moment, row) => ageSince(moment, moment.cluster.replicaSets.createdAtUs[row as ReplicaSetId]),
    createdAt: (moment, row) => timelineSeconds(moment, moment.cluster.replicaSets.createdAtUs[row as ReplicaSetId]),
  },
}

function causeOf(model: Model, row: number): string {
  return row === NONE ? '<none>' : model.changeCauses[row]
}

function condition(status: ConditionStatus, reason: DeploymentReason): Value {
  if (status === ConditionStatus.Absent) return NOTHING
  return `${nameOf(ConditionStatus, status)}/${nameOf(DeploymentReason, reason)}`
}
