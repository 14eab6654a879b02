// Plays a delayed API write at its time. Objects that are gone by then answer NotFound, which nobody minds.

import { NONE } from '../base/columns.ts'
import type { BudgetId, DeploymentId, Kind, NodeId, ServiceId, StatefulSetId, TemplateId } from '../model/types.ts'
import { applyNodeWrite } from './applyNodeWrite.ts'
import { writeBudgetStatus } from './budgetWrites.ts'
import type { ClaimId } from './claims.ts'
import type { Cluster } from './cluster.ts'
import { DeletionReason } from './codes.ts'
import { applyDaemonSetStatus } from './daemonSetWrites.ts'
import { unpackStatus, updateDeploymentStatus } from './deploymentWrites.ts'
import { writeEndpointSlice } from './endpointSliceWrites.ts'
import type { JobId } from './jobs.ts'
import { publishJob, removeJob, storeSentStatus } from './jobWrites.ts'
import type { PodId } from './pods.ts'
import { insertPod, removeFinalizer, removePod } from './podWrites.ts'
import type { ReplicaSetId } from './replicaSets.ts'
import {
  publishReplicaSet,
  removeReplicaSet,
  renewReplicaSet,
  scaleReplicaSet,
  updateReplicaSetStatus,
} from './replicaSetWrites.ts'
import {
  deletePodOfOrdinal,
  putClaim,
  putRevision,
  removeRevision,
  unpackStatefulSetStatus,
  updateStatefulSetStatus,
} from './statefulSetWrites.ts'
import { switchSelector } from './serviceSelectors.ts'
import { Write } from './writes.ts'

/** Applies the write whose fields stand in `slot`, and frees the slot. */
export function applyWrite(cluster: Cluster, write: Write, slot: number): void {
  const { api } = cluster
  switch (write) {
    case Write.CreatePod:
    case Write.DeletePod:
    case Write.ReleasePod:
      applyPodWrite(cluster, write, slot)
      break
    case Write.DeploymentStatus: {
      const deployment = api.field(slot, 0) as DeploymentId
      if (cluster.deployments.exists[deployment] === 1)
        updateDeploymentStatus(cluster, deployment, unpackStatus(api.table, api.place(slot)))
      break
    }
    case Write.DaemonSetStatus:
      applyDaemonSetStatus(cluster, slot)
      break
    case Write.CreateJob:
    case Write.DeleteJob:
    case Write.JobStatus:
      applyJobWrite(cluster, write, api.field(slot, 0) as JobId)
      break
    case Write.StatefulSetStatus:
    case Write.PutRevision:
    case Write.RemoveRevision:
    case Write.PutClaim:
    case Write.DeletePodOfOrdinal:
      applyStatefulSetWrite(cluster, write, slot)
      break
    case Write.InsertReplicaSet:
      publishReplicaSet(cluster, api.field(slot, 0) as ReplicaSetId)
      break
    case Write.PatchTaints:
    case Write.NodeReady:
    case Write.PodNotReady:
    case Write.PodDisruptionTarget:
    case Write.PodFailed:
    case Write.DeletePodByName:
      applyNodeWrite(cluster, write, slot)
      break
    case Write.SwitchSelector:
      switchSelector(cluster, api.field(slot, 0) as DeploymentId, api.field(slot, 1) as TemplateId)
      break
    case Write.BudgetStatus:
      writeBudgetStatus(cluster, api.field(slot, 0) as BudgetId)
      break
    case Write.EndpointSlice:
      writeEndpointSlice(cluster, api.field(slot, 0) as ServiceId, api.field(slot, 1))
      break
    default:
      applyReplicaSetWrite(cluster, write, slot)
  }
  api.release(slot)
}

function applyJobWrite(cluster: Cluster, write: Write, job: JobId): void {
  if (write === Write.CreateJob) publishJob(cluster, job)
  else if (write === Write.DeleteJob) removeJob(cluster, job)
  else storeSentStatus(cluster, job)
}

function applyPodWrite(cluster: Cluster, write: Write, slot: number): void {
  const { api, pods } = cluster
  if (write === Write.ReleasePod) {
    const pod = api.field(slot, 0) as PodId
    if (pods.uid[pod] === api.field(slot, 1)) removeFinalizer(cluster, pod)
    return
  }
  if (write === Write.DeletePod) {
    const pod = api.field(slot, 0) as PodId
    if (pods.uid[pod] === api.field(slot, 1))
      removePod(cluster, pod, api.field(slot, 2), api.field(slot, 3) as DeletionReason)
    return
  }
  const pod = insertPod(
    cluster,
    api.field(slot, 0) as Kind,
    api.field(slot, 1),
    api.field(slot, 2) as TemplateId,
    api.field(slot, 3),
    api.field(slot, 4) as NodeId,
    api.field(slot, 5),
    api.field(slot, 6),
    api.field(slot, 7),
  )
  // The owner went while the write was under way: the garbage collector takes the pod.
  if (!cluster.isOwnerAlive(pod)) removePod(cluster, pod, NONE, DeletionReason.OwnerGone)
}

function applyStatefulSetWrite(cluster: Cluster, write: Write, slot: number): void {
  const { api } = cluster
  const set = api.field(slot, 0) as StatefulSetId
  if (cluster.statefulSets.exists[set] === 0 && write !== Write.PutClaim) return
  if (write === Write.StatefulSetStatus)
    updateStatefulSetStatus(cluster, set, unpackStatefulSetStatus(api.table, api.place(slot)))
  else if (write === Write.PutRevision) putRevision(cluster, set, api.field(slot, 1) as TemplateId, api.field(slot, 2))
  else if (write === Write.RemoveRevision) removeRevision(cluster, set, api.field(slot, 1) as TemplateId)
  else if (write === Write.PutClaim)
    putClaim(cluster, set, api.field(slot, 1) as ClaimId, api.field(slot, 2), api.field(slot, 3))
  else deletePodOfOrdinal(cluster, set, api.field(slot, 1), api.field(slot, 2) as DeletionReason)
}

function applyReplicaSetWrite(cluster: Cluster, write: Write, slot: number): void {
  const { api, replicaSets } = cluster
  const rs = api.field(slot, 0) as ReplicaSetId
  if (replicaSets.exists[rs] === 0) return
  if (write === Write.ScaleReplicaSet)
    scaleReplicaSet(cluster, rs, api.field(slot, 1), api.field(slot, 2), api.field(slot, 3))
  else if (write === Write.RenewReplicaSet)
    renewReplicaSet(cluster, rs, api.field(slot, 1), api.field(slot, 2), api.field(slot, 3))
  else if (write === Write.RemoveReplicaSet) removeReplicaSet(cluster, rs)
  else
    updateReplicaSetStatus(
      cluster,
      rs,
      api.field(slot, 1),
      api.field(slot, 2),
      api.field(slot, 3),
      api.field(slot, 4),
      api.field(slot, 5),
    )
}
