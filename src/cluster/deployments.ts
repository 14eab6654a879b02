// The table of Deployments and its only writers.

import { type Column, fillColumn, float64Column, int32Column, NONE, uint8Column } from '../base/columns.ts'
import { type DeploymentId, type DeploymentSpec, Kind, type Model, type TemplateId } from '../model/types.ts'
import { resolveFenceposts } from '../model/fenceposts.ts'
import type { Cluster } from './cluster.ts'
import { ConditionStatus, DeploymentReason } from './codes.ts'
import { removeReplicaSet, type ReplicaSetId, type ReplicaSets } from './replicaSets.ts'
import { Write } from './writes.ts'

export class Deployments {
  readonly count: number
  readonly exists: Column<DeploymentId>
  readonly generation: Column<DeploymentId>
  readonly replicas: Column<DeploymentId>
  readonly template: Column<DeploymentId, TemplateId>
  /** 1: strategy Recreate. */
  readonly recreate: Column<DeploymentId>
  /** Fenceposts resolved for the replicas in force: MaxSurge() and MaxUnavailable() of deployment_util.go. */
  readonly maxSurge: Column<DeploymentId>
  readonly maxUnavailable: Column<DeploymentId>
  readonly minReadySeconds: Column<DeploymentId>
  /** NONE: no deadline. */
  readonly progressDeadlineSeconds: Column<DeploymentId>
  /** NONE: keep all. */
  readonly revisionHistoryLimit: Column<DeploymentId>
  readonly paused: Column<DeploymentId>
  readonly status: readonly DeploymentStatus[]
  /** ReplicaSets in creation order: the list that upstream sorts by (creationTimestamp, name). */
  readonly oldestReplicaSet: Column<DeploymentId, ReplicaSetId>
  readonly newestReplicaSet: Column<DeploymentId, ReplicaSetId>

  constructor(model: Model) {
    const n = model.deployments.length
    this.count = n
    this.exists = uint8Column(n)
    this.generation = int32Column(n)
    this.replicas = int32Column(n)
    this.template = int32Column<DeploymentId, TemplateId>(n)
    this.recreate = uint8Column(n)
    this.maxSurge = int32Column(n)
    this.maxUnavailable = int32Column(n)
    this.minReadySeconds = int32Column(n)
    this.progressDeadlineSeconds = float64Column(n)
    this.revisionHistoryLimit = int32Column(n)
    this.paused = uint8Column(n)
    this.status = Array.from({ length: n }, () => new DeploymentStatus())
    this.oldestReplicaSet = int32Column<DeploymentId, ReplicaSetId>(n)
    this.newestReplicaSet = int32Column<DeploymentId, ReplicaSetId>(n)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    fillColumn(this.generation, 0)
    fillColumn(this.oldestReplicaSet, NONE as ReplicaSetId)
    fillColumn(this.newestReplicaSet, NONE as ReplicaSetId)
    for (const status of this.status) status.clear()
  }

  appendReplicaSet(replicaSets: ReplicaSets, deployment: DeploymentId, rs: ReplicaSetId): void {
    const newest = this.newestReplicaSet[deployment]
    if (newest === NONE) this.oldestReplicaSet[deployment] = rs
    else replicaSets.next[newest] = rs
    this.newestReplicaSet[deployment] = rs
  }

  removeReplicaSet(replicaSets: ReplicaSets, deployment: DeploymentId, gone: ReplicaSetId): void {
    let before = NONE as ReplicaSetId
    let rs = this.oldestReplicaSet[deployment]
    for (; rs !== NONE && rs !== gone; rs = replicaSets.next[rs]) before = rs
    if (rs === NONE) return
    if (before === NONE) this.oldestReplicaSet[deployment] = replicaSets.next[gone]
    else replicaSets.next[before] = replicaSets.next[gone]
    if (this.newestReplicaSet[deployment] === gone) this.newestReplicaSet[deployment] = before
  }
}

/** Status of a Deployment as its controller reads, computes and writes it. Condition times are whole seconds. */
export class DeploymentStatus {
  /** The revision annotation, which travels with status writes; 0 if unset. Not part of equals(). */
  revision = 0
  observedGeneration = 0
  replicas = 0
  updatedReplicas = 0
  readyReplicas = 0
  availableReplicas = 0
  unavailableReplicas = 0
  /** Sum of the ReplicaSets' spec.replicas when the sync began: what unavailableReplicas counts from. */
  wantedReplicas = 0
  /** NONE: unknown. */
  terminatingReplicas: number = NONE
  available: ConditionStatus = ConditionStatus.Absent
  availableReason: DeploymentReason = DeploymentReason.None
  progressing: ConditionStatus = ConditionStatus.Absent
  progressingReason: DeploymentReason = DeploymentReason.None
  progressingUpdateSeconds = 0
  progressingTransitionSeconds = 0

  clear(): void {
    this.copy(EMPTY)
  }

  copy(from: DeploymentStatus): void {
    this.revision = from.revision
    this.observedGeneration = from.observedGeneration
    this.replicas = from.replicas
    this.updatedReplicas = from.updatedReplicas
    this.readyReplicas = from.readyReplicas
    this.availableReplicas = from.availableReplicas
    this.unavailableReplicas = from.unavailableReplicas
    this.wantedReplicas = from.wantedReplicas
    this.terminatingReplicas = from.terminatingReplicas
    this.available = from.available
    this.availableReason = from.availableReason
    this.progressing = from.progressing
    this.progressingReason = from.progressingReason
    this.progressingUpdateSeconds = from.progressingUpdateSeconds
    this.progressingTransitionSeconds = from.progressingTransitionSeconds
  }

  equals(other: DeploymentStatus): boolean {
    return (
      this.observedGeneration === other.observedGeneration &&
      this.replicas === other.replicas &&
      this.updatedReplicas === other.updatedReplicas &&
      this.readyReplicas === other.readyReplicas &&
      this.availableReplicas === other.availableReplicas &&
      this.unavailableReplicas === other.unavailableReplicas &&
      this.terminatingReplicas === other.terminatingReplicas &&
      this.available === other.available &&
      this.availableReason === other.availableReason &&
      this.progressing === other.progressing &&
      this.progressingReason === other.progressingReason &&
      this.progressingUpdateSeconds === other.progressingUpdateSeconds &&
      this.progressingTransitionSeconds === other.progressingTransitionSeconds
    )
  }

  /** Sets Available; an equal status and reason leaves it alone (SetDeploymentCondition). */
  setAvailable(status: ConditionStatus, reason: DeploymentReason): void {
    this.available = status
    this.availableReason = reason
  }

  /** Sets Progressing; same status and reason: untouched; same status: the transition time is kept. */
  setProgressing(status: ConditionStatus, reason: DeploymentReason, nowSeconds: number): void {
    if (this.progressing === status && this.progressingReason === reason) return
    this.replaceProgressing(status, reason, nowSeconds)
  }

  /** As setProgressing, but the update time is renewed even if status and reason stay. */
  replaceProgressing(status: ConditionStatus, reason: DeploymentReason, nowSeconds: number): void {
    if (this.progressing !== status) this.progressingTransitionSeconds = nowSeconds
    this.progressing = status
    this.progressingReason = reason
    this.progressingUpdateSeconds = nowSeconds
  }

  removeProgressing(): void {
    this.progressing = ConditionStatus.Absent
    this.progressingReason = DeploymentReason.None
    this.progressingUpdateSeconds = 0
    this.progressingTransitionSeconds = 0
  }
}

const EMPTY = new DeploymentStatus()

/** Writes a spec (create, apply, patch, scale, pause …); the generation rises if anything differs. */
export function applyDeploymentSpec(cluster: Cluster, deployment: DeploymentId, spec: DeploymentSpec): void {
  const { deployments } = cluster
  deployments.exists[deployment] = 1
  deployments.replicas[deployment] = spec.replicas
  deployments.template[deployment] = spec.template
  deployments.recreate[deployment] = spec.recreate ? 1 : 0
  const fenceposts = resolveFenceposts(spec)
  deployments.maxSurge[deployment] = fenceposts.maxSurge
  deployments.maxUnavailable[deployment] = fenceposts.maxUnavailable
  deployments.minReadySeconds[deployment] = spec.minReadySeconds
  deployments.progressDeadlineSeconds[deployment] = spec.progressDeadlineSeconds
  deployments.revisionHistoryLimit[deployment] = spec.revisionHistoryLimit
  deployments.paused[deployment] = spec.paused ? 1 : 0
  deployments.generation[deployment] += 1
  cluster.watch.specChanged(Kind.Deployment, deployment)
}

/** Deletes a Deployment with background propagation: its ReplicaSets and their pods are collected. */
export function removeDeployment(cluster: Cluster, deployment: DeploymentId): void {
  const { deployments, replicaSets } = cluster
  if (deployments.exists[deployment] === 0) return
  deployments.exists[deployment] = 0
  deployments.status[deployment]!.clear()
  cluster.watch.objectDeleted(Kind.Deployment, deployment)
  let rs = deployments.oldestReplicaSet[deployment]
  while (rs !== NONE) {
    const next = replicaSets.next[rs]
    removeReplicaSet(cluster, rs)
    rs = next
  }
}

/** Writes the status as a whole; writing what is there already wakes nobody. */
export function updateDeploymentStatus(cluster: Cluster, deployment: DeploymentId, status: DeploymentStatus): void {
  const { api, deployments } = cluster
  if (api.isDelayed()) {
    packStatus(api.table, api.delay(cluster.nowUs, Write.DeploymentStatus), deployment, status)
    return
  }
  const stored = deployments.status[deployment]!
  const revision = cluster.model.surroundings.statusWritesDropAnnotations === true ? stored.revision : status.revision
  if (stored.equals(status) && stored.revision === revision) return
  stored.copy(status)
  stored.revision = revision
  cluster.watch.statusChanged(Kind.Deployment, deployment)
}

function packStatus(table: Float64Array, at: number, deployment: DeploymentId, status: DeploymentStatus): void {
  table[at] = deployment
  table[at + 1] = status.observedGeneration
  table[at + 2] = status.replicas
  table[at + 3] = status.updatedReplicas
  table[at + 4] = status.readyReplicas
  table[at + 5] = status.availableReplicas
  table[at + 6] = status.unavailableReplicas
  table[at + 7] = status.terminatingReplicas
  table[at + 8] = status.available
  table[at + 9] = status.availableReason
  table[at + 10] = status.progressing
  table[at + 11] = status.progressingReason
  table[at + 12] = status.progressingUpdateSeconds
  table[at + 13] = status.progressingTransitionSeconds
  table[at + 14] = status.revision
}

const unpacked = new DeploymentStatus()

/** The status that packStatus laid down; valid until the next call. */
export function unpackStatus(table: Float64Array, at: number): DeploymentStatus {
  unpacked.observedGeneration = table[at + 1]!
  unpacked.replicas = table[at + 2]!
  unpacked.updatedReplicas = table[at + 3]!
  unpacked.readyReplicas = table[at + 4]!
  unpacked.availableReplicas = table[at + 5]!
  unpacked.unavailableReplicas = table[at + 6]!
  unpacked.terminatingReplicas = table[at + 7]!
  unpacked.available = table[at + 8] as ConditionStatus
  unpacked.availableReason = table[at + 9] as DeploymentReason
  unpacked.progressing = table[at + 10] as ConditionStatus
  unpacked.progressingReason = table[at + 11] as DeploymentReason
  unpacked.progressingUpdateSeconds = table[at + 12]!
  unpacked.progressingTransitionSeconds = table[at + 13]!
  unpacked.revision = table[at + 14]!
  return unpacked
}
