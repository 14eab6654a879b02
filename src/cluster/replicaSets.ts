// The table of ReplicaSets. Its writers stand in replicaSetWrites.ts.

import { CapacityError } from '../base/assert.ts'
import { type Column, fillColumn, float64Column, int32Column, NONE, type Row, uint8Column } from '../base/columns.ts'
import { type DeploymentId, Kind, type Model, type ReplicaSetSpec, type TemplateId } from '../model/types.ts'

export type ReplicaSetId = Row<'ReplicaSet'>

export class ReplicaSets {
  readonly capacity: number
  /** 1: in the store. Rows are given out in creation order and not used again within a run. */
  readonly exists: Column<ReplicaSetId>
  readonly deployment: Column<ReplicaSetId, DeploymentId>
  /** The Deployment that made it, whoever owns it now; NONE for those of the manifests. */
  readonly creator: Column<ReplicaSetId, DeploymentId>
  /** The object of the manifests that it is: its kind (ReplicationControllers are rows too) and row; or None, NONE. */
  readonly objectKind: Column<ReplicaSetId, Kind>
  readonly object: Column<ReplicaSetId>
  /** The spec of the manifest as it was last written; undefined for those that Deployments made. */
  readonly objectSpec: (ReplicaSetSpec | undefined)[]
  /** Where an object of the manifests stands now: ofObject[kind][row], or NONE. */
  readonly ofObject: readonly Int32Array[]
  /** ReplicaSets without a controller: what Deployments may adopt. */
  orphanCount = 0
  /** 1: a pod of it, or its selector, has changed so that it may have to let pods go. */
  readonly mustRelease: Column<ReplicaSetId>
  readonly template: Column<ReplicaSetId, TemplateId>
  /** The template that pod-template-hash in its selector is named after; NONE without that label. */
  readonly hash: Column<ReplicaSetId, TemplateId>
  readonly createdAtUs: Column<ReplicaSetId>
  readonly generation: Column<ReplicaSetId>
  readonly replicas: Column<ReplicaSetId>
  readonly minReadySeconds: Column<ReplicaSetId>
  /** Annotations deployment.kubernetes.io/…: NONE if missing. */
  readonly desiredReplicas: Column<ReplicaSetId>
  readonly maxReplicas: Column<ReplicaSetId>
  readonly revision: Column<ReplicaSetId>
  /** The annotation kubernetes.io/change-cause, by Model.changeCauses; NONE if missing. */
  readonly changeCause: Column<ReplicaSetId>
  readonly observedGeneration: Column<ReplicaSetId>
  readonly statusReplicas: Column<ReplicaSetId>
  readonly readyReplicas: Column<ReplicaSetId>
  readonly availableReplicas: Column<ReplicaSetId>
  /** NONE: never reported. */
  readonly terminatingReplicas: Column<ReplicaSetId>
  /** 1: deletionTimestamp is set (foreground or finalizers). */
  readonly deletionMark: Column<ReplicaSetId>
  /** ReplicaSets of one Deployment, oldest first. */
  readonly next: Column<ReplicaSetId, ReplicaSetId>
  /** Sums over pods, kept by podCounts.ts. */
  readonly activePods: Column<ReplicaSetId>
  readonly readyPods: Column<ReplicaSetId>
  readonly terminatingPods: Column<ReplicaSetId>
  /** Expectations: creations and deletions that the controller has ordered and not yet seen. */
  readonly expectedCreations: Column<ReplicaSetId>
  readonly expectedDeletions: Column<ReplicaSetId>
  readonly expectedSinceUs: Column<ReplicaSetId>
  /** spec.replicas and generation as the Deployment controller's current sync knows them; its scratch. */
  readonly knownReplicas: Column<ReplicaSetId>
  readonly knownGeneration: Column<ReplicaSetId>
  created = 0

  constructor(model: Model) {
    const n = model.capacity.replicaSets
    this.capacity = n
    this.exists = uint8Column(n)
    this.deployment = int32Column<ReplicaSetId, DeploymentId>(n)
    this.creator = int32Column<ReplicaSetId, DeploymentId>(n)
    this.objectKind = uint8Column<ReplicaSetId, Kind>(n)
    this.object = int32Column(n)
    this.objectSpec = new Array<ReplicaSetSpec | undefined>(n).fill(undefined)
    this.ofObject = Object.values(Kind).map((kind) => {
      if (kind === Kind.ReplicaSet) return new Int32Array(model.replicaSets.length)
      return new Int32Array(kind === Kind.ReplicationController ? model.replicationControllers.length : 0)
    })
    this.mustRelease = uint8Column(n)
    this.template = int32Column<ReplicaSetId, TemplateId>(n)
    this.hash = int32Column<ReplicaSetId, TemplateId>(n)
    this.createdAtUs = float64Column(n)
    this.generation = int32Column(n)
    this.replicas = int32Column(n)
    this.minReadySeconds = int32Column(n)
    this.desiredReplicas = int32Column(n)
    this.maxReplicas = int32Column(n)
    this.revision = int32Column(n)
    this.changeCause = int32Column(n)
    this.observedGeneration = int32Column(n)
    this.statusReplicas = int32Column(n)
    this.readyReplicas = int32Column(n)
    this.availableReplicas = int32Column(n)
    this.terminatingReplicas = int32Column(n)
    this.deletionMark = uint8Column(n)
    this.next = int32Column<ReplicaSetId, ReplicaSetId>(n)
    this.activePods = int32Column(n)
    this.readyPods = int32Column(n)
    this.terminatingPods = int32Column(n)
    this.expectedCreations = int32Column(n)
    this.expectedDeletions = int32Column(n)
    this.expectedSinceUs = float64Column(n)
    this.knownReplicas = int32Column(n)
    this.knownGeneration = int32Column(n)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    for (const rows of this.ofObject) rows.fill(NONE)
    this.orphanCount = 0
    this.created = 0
  }

  allocate(): ReplicaSetId {
    if (this.created === this.capacity) throw new CapacityError(`${this.capacity} ReplicaSets (Capacity.replicaSets)`)
    return this.created++ as ReplicaSetId
  }
}
