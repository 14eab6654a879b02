// The table of Deployments. Its writers stand in deploymentWrites.ts.

import { type Column, fillColumn, float64Column, int32Column, NONE, uint8Column } from '../base/columns.ts'
import type { LabelSelector } from '../manifest/types.ts'
import type { DeploymentId, DeploymentSpec, Model, TemplateId } from '../model/types.ts'
import { ConditionStatus, DeploymentReason } from './codes.ts'
import type { ReplicaSetId, ReplicaSets } from './replicaSets.ts'

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
  /** The annotation kubernetes.io/change-cause, by Model.changeCauses; NONE: it has none. */
  readonly changeCause: Column<DeploymentId>
  readonly selector: (LabelSelector | undefined)[]
  /** The spec in force, of which the columns are parts; read it only while the object exists. */
  readonly spec: DeploymentSpec[] = []
  /** 1: deletionTimestamp is set (foreground, orphan or finalizers). */
  readonly deletionMark: Column<DeploymentId>
  /** 1: labels of a ReplicaSet of it have changed, so that it may have to let it go. */
  readonly mustRelease: Column<DeploymentId>
  /** Sums over the pods of all its ReplicaSets, deleted ones too, kept by podCounts.ts. */
  readonly activePods: Column<DeploymentId>
  readonly readyPods: Column<DeploymentId>
  readonly terminatingPods: Column<DeploymentId>
  /** Active pods by node: [deployment * nodes + node], for spreading. */
  readonly activePodsOnNode: Int32Array
  /** pod-template-hash that the Services of a blue-green rollout select besides their own selector; NONE: any. */
  readonly activeHash: Column<DeploymentId, TemplateId>
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
    this.changeCause = int32Column(n)
    this.selector = new Array<LabelSelector | undefined>(n).fill(undefined)
    this.deletionMark = uint8Column(n)
    this.mustRelease = uint8Column(n)
    this.activePods = int32Column(n)
    this.readyPods = int32Column(n)
    this.terminatingPods = int32Column(n)
    this.activePodsOnNode = new Int32Array(n * model.nodes.length)
    this.activeHash = int32Column<DeploymentId, TemplateId>(n)
    this.status = Array.from({ length: n }, () => new DeploymentStatus())
    this.oldestReplicaSet = int32Column<DeploymentId, ReplicaSetId>(n)
    this.newestReplicaSet = int32Column<DeploymentId, ReplicaSetId>(n)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    fillColumn(this.generation, 0)
    fillColumn(this.changeCause, NONE)
    fillColumn(this.deletionMark, 0)
    fillColumn(this.mustRelease, 0)
    fillColumn(this.activePods, 0)
    fillColumn(this.readyPods, 0)
    fillColumn(this.terminatingPods, 0)
    this.activePodsOnNode.fill(0)
    fillColumn(this.activeHash, NONE as TemplateId)
    fillColumn(this.oldestReplicaSet, NONE as ReplicaSetId)
    fillColumn(this.newestReplicaSet, NONE as ReplicaSetId)
    for (const status of this.status) status.clear()
  }

  /** Puts a ReplicaSet into the list, which is in creation order; an adopted one may be older than others. */
  insertReplicaSet(replicaSets: ReplicaSets, deployment: DeploymentId, rs: ReplicaSetId): void {
    let before = this.newestReplicaSet[deployment]
    if (before > rs) {
      before = NONE as ReplicaSetId
      for (let each = this.oldestReplicaSet[deployment]; each < rs; each = replicaSets.next[each]) before = each
    }
    const after = before === NONE ? this.oldestReplicaSet[deployment] : replicaSets.next[before]
    replicaSets.next[rs] = after
    if (before === NONE) this.oldestReplicaSet[deployment] = rs
    else replicaSets.next[before] = rs
    if (after === NONE) this.newestReplicaSet[deployment] = rs
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
  /** Scratch of a sync: it has renewed the new ReplicaSet, whose cached copy it goes on to read. */
  renewed = false
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
