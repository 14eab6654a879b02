// The table of Jobs: the model's own, in the order of the model, and behind them the ones that CronJobs make. Its
// writers stand in jobWrites.ts.

import { CapacityError } from '../base/assert.ts'
import { type Column, fillColumn, float64Column, int32Column, NONE, type Row, uint8Column } from '../base/columns.ts'
import type { JobSpec } from '../model/jobTypes.ts'
import type { CronJobId, Model } from '../model/types.ts'
import { ConditionStatus } from './codes.ts'
import { Expectations } from './expectations.ts'
import { JobStatus } from './jobStatus.ts'
import type { PodId, Pods } from './pods.ts'

export type JobId = Row<'Job'>

export class Jobs {
  readonly capacity: number
  readonly exists: Column<JobId>
  readonly generation: Column<JobId>
  /** The spec in force; read it only while the object exists. */
  readonly spec: JobSpec[]
  readonly status: readonly JobStatus[]
  /** The status on its way to the API: a Job's controller sends one at a time. */
  readonly sentStatus: readonly JobStatus[]
  /** NONE: made by no CronJob. */
  readonly cronJob: Column<JobId, CronJobId>
  /** The due time that it was made for, in virtual seconds. */
  readonly scheduledSeconds: Column<JobId>
  /** Pods with a smaller UID belong to an earlier object of the same name. */
  readonly firstPodUid: Column<JobId>
  readonly expectations: Expectations
  /** The controller's memory of failures: how many since the last success, and the second of the last. */
  readonly failures: Column<JobId>
  readonly lastFailureSeconds: Column<JobId>
  /** Rows given out. Rows of CronJobs' Jobs are not used again within a run. */
  count: number
  private readonly ownCount: number

  constructor(model: Model) {
    const n = model.capacity.jobs
    this.capacity = n
    this.ownCount = this.count = model.jobs.length
    this.exists = uint8Column(n)
    this.generation = int32Column(n)
    this.spec = []
    this.status = Array.from({ length: n }, () => new JobStatus())
    this.sentStatus = Array.from({ length: n }, () => new JobStatus())
    this.cronJob = int32Column<JobId, CronJobId>(n)
    this.scheduledSeconds = float64Column(n)
    this.firstPodUid = int32Column(n)
    this.expectations = new Expectations(n)
    this.failures = int32Column(n)
    this.lastFailureSeconds = float64Column(n)
  }

  reset(): void {
    this.count = this.ownCount
    fillColumn(this.exists, 0)
    fillColumn(this.cronJob, NONE as CronJobId)
    fillColumn(this.failures, 0)
    for (const status of this.status) status.clear()
    this.expectations.reset()
  }

  /** A row for a CronJob's Job. */
  allocate(): JobId {
    if (this.count === this.capacity) throw new CapacityError(`${this.capacity} Jobs (Capacity.jobs)`)
    return this.count++ as JobId
  }

  /** Whether a pod in the list of the row belongs to the object of today. */
  owns(pods: Pods, job: JobId, pod: PodId): boolean {
    return this.exists[job] === 1 && pods.uid[pod] >= this.firstPodUid[job]
  }

  /** The final condition, Complete or Failed, if it is True. */
  outcome(job: JobId): 'Complete' | 'Failed' | undefined {
    for (const { status, type } of this.status[job].conditions)
      if (status === ConditionStatus.True && (type === 'Complete' || type === 'Failed')) return type
    return undefined
  }
}
