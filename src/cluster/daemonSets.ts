// The table of DaemonSets. Its writers stand in daemonSetWrites.ts.

import { type Column, fillColumn, int32Column, uint8Column } from '../base/columns.ts'
import type { DaemonSetId, DaemonSetSpec, Model, NodeId, TemplateId } from '../model/types.ts'
import { Expectations } from './expectations.ts'
import { FailedPodBackoff } from './failedPodBackoff.ts'
import type { PodId, Pods } from './pods.ts'

/** A ControllerRevision: a template that the DaemonSet had, and its place in the history. */
export interface Revision {
  readonly template: TemplateId
  number: number
}

export class DaemonSets {
  readonly count: number
  readonly exists: Column<DaemonSetId>
  readonly generation: Column<DaemonSetId>
  /** The spec in force; read it only while the object exists. */
  readonly spec: DaemonSetSpec[]
  readonly observedGeneration: Column<DaemonSetId>
  readonly status: readonly DaemonSetStatus[]
  /** ControllerRevisions, in order of their creation. */
  readonly history: Revision[][]
  /** Pods with a smaller UID belong to an earlier object of the same name. */
  readonly firstPodUid: Column<DaemonSetId>
  readonly expectations: Expectations
  /** Keys: see backoffKey. */
  readonly failedPods: FailedPodBackoff
  private readonly nodeCount: number

  constructor(model: Model) {
    const n = model.daemonSets.length
    this.count = n
    this.nodeCount = model.nodes.length
    this.exists = uint8Column(n)
    this.generation = int32Column(n)
    this.spec = []
    this.observedGeneration = int32Column(n)
    this.status = Array.from({ length: n }, () => new DaemonSetStatus())
    this.history = Array.from({ length: n }, () => [])
    this.firstPodUid = int32Column(n)
    this.expectations = new Expectations(n)
    this.failedPods = new FailedPodBackoff(n * this.nodeCount)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    fillColumn(this.generation, 0)
    fillColumn(this.observedGeneration, 0)
    for (const status of this.status) status.clear()
    for (const revisions of this.history) revisions.length = 0
    this.expectations.reset()
    this.failedPods.reset()
  }

  /** Whether a pod in the list of the row belongs to the object of today. */
  owns(pods: Pods, ds: DaemonSetId, pod: PodId): boolean {
    return pods.uid[pod] >= this.firstPodUid[ds]
  }

  backoffKey(ds: DaemonSetId, node: NodeId): number {
    return ds * this.nodeCount + node
  }
}

/** Numbers of a DaemonSet's status as its controller computes and writes them. */
export class DaemonSetStatus {
  desired = 0
  current = 0
  misscheduled = 0
  ready = 0
  updated = 0
  available = 0
  unavailable = 0

  clear(): void {
    this.copy(EMPTY)
  }

  copy(from: DaemonSetStatus): void {
    this.desired = from.desired
    this.current = from.current
    this.misscheduled = from.misscheduled
    this.ready = from.ready
    this.updated = from.updated
    this.available = from.available
    this.unavailable = from.unavailable
  }

  equals(other: DaemonSetStatus): boolean {
    return (
      this.desired === other.desired &&
      this.current === other.current &&
      this.misscheduled === other.misscheduled &&
      this.ready === other.ready &&
      this.updated === other.updated &&
      this.available === other.available &&
      this.unavailable === other.unavailable
    )
  }
}

const EMPTY = new DaemonSetStatus()
