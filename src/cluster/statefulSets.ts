// The table of StatefulSets, with their ControllerRevisions. Its writers stand in statefulSetWrites.ts.
//
// A ControllerRevision is a template with a number: equal templates are one revision, so the template's id is its name.

import { type Column, fillColumn, int32Column, NONE, uint8Column } from '../base/columns.ts'
import { countOrdinals, type OrdinalRange, ordinalRanges, placeOfOrdinal } from '../model/ordinals.ts'
import type { Model, StatefulSetId, StatefulSetSpec, TemplateId } from '../model/types.ts'

export class StatefulSets {
  readonly count: number
  readonly exists: Column<StatefulSetId>
  /** Which incarnation of the object it is: an object that was deleted and created again has another UID. */
  readonly uid: Column<StatefulSetId>
  readonly generation: Column<StatefulSetId>
  /** The spec in force, of which the columns are parts; read it only while the object exists. */
  readonly spec: StatefulSetSpec[] = []
  readonly replicas: Column<StatefulSetId>
  readonly startOrdinal: Column<StatefulSetId>
  readonly template: Column<StatefulSetId, TemplateId>
  /** 1: podManagementPolicy Parallel. */
  readonly parallel: Column<StatefulSetId>
  /** 1: updateStrategy OnDelete. */
  readonly onDelete: Column<StatefulSetId>
  /** NONE: without a `rollingUpdate` block. */
  readonly partition: Column<StatefulSetId>
  /** Resolved for the replicas in force: getStatefulSetMaxUnavailable() of stateful_set_utils.go. */
  readonly maxUnavailable: Column<StatefulSetId>
  readonly minReadySeconds: Column<StatefulSetId>
  /** NONE: keep all. */
  readonly revisionHistoryLimit: Column<StatefulSetId>
  /** 1: persistentVolumeClaimRetentionPolicy Delete. */
  readonly deletesClaimsWhenScaled: Column<StatefulSetId>
  readonly deletesClaimsWhenDeleted: Column<StatefulSetId>
  readonly status: readonly StatefulSetStatus[]
  /** ControllerRevisions of a row, in order of their numbers: from firstRevision[row], revisionCount[row] of them. */
  readonly firstRevision: Column<StatefulSetId>
  readonly revisionCount: Column<StatefulSetId>
  readonly revisionTemplate: Int32Array
  readonly revisionNumber: Int32Array
  private readonly ranges: readonly (readonly OrdinalRange[])[]
  /** Ordinals of all rows have places one after another: the first of each row, and at last their sum. */
  private readonly firstPlace: Int32Array

  constructor(model: Model) {
    const n = model.statefulSets.length
    this.count = n
    this.exists = uint8Column(n)
    this.uid = int32Column(n)
    this.generation = int32Column(n)
    this.replicas = int32Column(n)
    this.startOrdinal = int32Column(n)
    this.template = int32Column<StatefulSetId, TemplateId>(n)
    this.parallel = uint8Column(n)
    this.onDelete = uint8Column(n)
    this.partition = int32Column(n)
    this.maxUnavailable = int32Column(n)
    this.minReadySeconds = int32Column(n)
    this.revisionHistoryLimit = int32Column(n)
    this.deletesClaimsWhenScaled = uint8Column(n)
    this.deletesClaimsWhenDeleted = uint8Column(n)
    this.status = Array.from({ length: n }, () => new StatefulSetStatus())
    this.firstRevision = int32Column(n)
    this.revisionCount = int32Column(n)
    let revisions = 0
    for (let set = 0 as StatefulSetId; set < n; set++) {
      this.firstRevision[set] = revisions
      revisions += model.statefulSets[set].specs.length
    }
    this.revisionTemplate = new Int32Array(revisions)
    this.revisionNumber = new Int32Array(revisions)
    this.ranges = model.statefulSets.map(({ specs }) => ordinalRanges(specs))
    this.firstPlace = new Int32Array(n + 1)
    for (let set = 0; set < n; set++) this.firstPlace[set + 1] = this.firstPlace[set] + countOrdinals(this.ranges[set])
  }

  reset(): void {
    fillColumn(this.exists, 0)
    fillColumn(this.uid, 0)
    fillColumn(this.generation, 0)
    fillColumn(this.replicas, 0)
    fillColumn(this.revisionCount, 0)
    for (const status of this.status) status.clear()
  }

  /** How many ordinals all rows have together: the size of tables by place. */
  get places(): number {
    return this.firstPlace[this.count]
  }

  /** The number of an ordinal among the ordinals that all rows ever have. */
  placeOf(set: StatefulSetId, ordinal: number): number {
    return this.firstPlace[set] + placeOfOrdinal(this.ranges[set], ordinal)
  }

  /** The ordinals that a row ever has. */
  rangesOf(set: StatefulSetId): readonly OrdinalRange[] {
    return this.ranges[set]
  }

  /** Where the revision of a template stands in the list of a row; NONE if there is none. */
  findRevision(set: StatefulSetId, template: TemplateId): number {
    const first = this.firstRevision[set]
    for (let i = first; i < first + this.revisionCount[set]; i++) if (this.revisionTemplate[i] === template) return i
    return NONE
  }
}

/** Status of a StatefulSet as its controller computes and writes it. */
export class StatefulSetStatus {
  observedGeneration = 0
  replicas = 0
  readyReplicas = 0
  availableReplicas = 0
  currentReplicas = 0
  updatedReplicas = 0
  /** NONE: not set yet. */
  currentRevision: TemplateId = NONE as TemplateId
  updateRevision: TemplateId = NONE as TemplateId

  clear(): void {
    this.copy(EMPTY)
  }

  copy(from: StatefulSetStatus): void {
    this.observedGeneration = from.observedGeneration
    this.replicas = from.replicas
    this.readyReplicas = from.readyReplicas
    this.availableReplicas = from.availableReplicas
    this.currentReplicas = from.currentReplicas
    this.updatedReplicas = from.updatedReplicas
    this.currentRevision = from.currentRevision
    this.updateRevision = from.updateRevision
  }
}

const EMPTY = new StatefulSetStatus()
