// The table of CronJobs. Its writers stand in cronJobWrites.ts.

import { type Column, fillColumn, float64Column, NONE, uint8Column } from '../base/columns.ts'
import type { CronJobSpec } from '../model/jobTypes.ts'
import type { CronJobId, Model } from '../model/types.ts'
import type { JobId } from './jobs.ts'

export class CronJobs {
  readonly count: number
  readonly exists: Column<CronJobId>
  /** The spec in force; read it only while the object exists. */
  readonly spec: CronJobSpec[]
  /** creationTimestamp, whole seconds. */
  readonly createdSeconds: Column<CronJobId>
  /** status.active: Jobs that it made and has not yet seen finished. */
  readonly active: (readonly JobId[])[]
  /** status.lastScheduleTime and lastSuccessfulTime, virtual seconds; NONE: unset. */
  readonly lastScheduleSeconds: Column<CronJobId>
  readonly lastSuccessfulSeconds: Column<CronJobId>

  constructor(model: Model) {
    const n = model.cronJobs.length
    this.count = n
    this.exists = uint8Column(n)
    this.spec = []
    this.createdSeconds = float64Column(n)
    this.active = Array.from({ length: n }, () => [])
    this.lastScheduleSeconds = float64Column(n)
    this.lastSuccessfulSeconds = float64Column(n)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    for (let row = 0; row < this.count; row++) this.active[row] = []
    fillColumn(this.lastScheduleSeconds, NONE)
    fillColumn(this.lastSuccessfulSeconds, NONE)
  }
}
