// The compiled specs of Jobs and CronJobs.

import type { DueTimes } from '../scenario/cronTimes.ts'
import type { TemplateId } from './ids.ts'
import type { Intervals } from './indexIntervals.ts'

/** A Job's spec after some step. */
export interface JobSpec {
  readonly template: TemplateId
  readonly parallelism: number
  /** NONE: a work queue, complete once one pod succeeded and none is active. */
  readonly completions: number
  readonly indexed: boolean
  readonly backoffLimit: number
  /** NONE: failures count for the Job as a whole. */
  readonly backoffLimitPerIndex: number
  /** NONE: no limit. */
  readonly maxFailedIndexes: number
  /** NONE: no deadline. */
  readonly activeDeadlineSeconds: number
  /** NONE: finished Jobs stay. */
  readonly ttlSecondsAfterFinished: number
  readonly suspend: boolean
  /** restartPolicy OnFailure. */
  readonly restartsOnFailure: boolean
  /** A terminating pod is replaced only when it has ended. */
  readonly onlyReplaceFailed: boolean
  readonly failureRules: readonly JobFailureRule[] | undefined
  readonly successRules: readonly JobSuccessRule[] | undefined
  /** True if another controller is named for it: then nothing happens. */
  readonly managedElsewhere: boolean
}

/** What a failed pod means; the first rule that matches decides. */
export interface JobFailureRule {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count'
  /** Matches a container that has failed by itself. */
  readonly matchesExit: boolean
  /** Matches a pod with one of these conditions. */
  readonly conditions: readonly { readonly type: string; readonly status: string }[]
}

/** When a Job has succeeded before all its indexes have. */
export interface JobSuccessRule {
  /** Undefined: any. */
  readonly indexes: Intervals | undefined
  /** NONE: all of `indexes`. */
  readonly count: number
}

/** A CronJob's spec after some step. */
export interface CronJobSpec {
  /** Of the Jobs' pods. */
  readonly template: TemplateId
  readonly job: JobSpec
  /** The texts, to see whether they changed. */
  readonly schedule: string
  readonly timeZone: string
  readonly due: DueTimes
  /** NONE: no deadline. */
  readonly startingDeadlineSeconds: number
  readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace'
  readonly suspend: boolean
  readonly successfulJobsHistoryLimit: number
  readonly failedJobsHistoryLimit: number
}
