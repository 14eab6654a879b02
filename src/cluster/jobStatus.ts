// Status of a Job as its controller reads, computes and writes it.

import { NONE } from '../base/columns.ts'
import { type Intervals, NO_INDEXES } from '../model/indexIntervals.ts'
import type { ConditionStatus } from './codes.ts'

export type JobConditionType = 'SuccessCriteriaMet' | 'Complete' | 'FailureTarget' | 'Failed' | 'Suspended'

export interface JobCondition {
  readonly type: JobConditionType
  readonly status: ConditionStatus
  readonly reason: string
  /** Whole seconds once the API has it. */
  readonly transitionSeconds: number
}

export class JobStatus {
  /** NONE: not started, or suspended. A fraction until it is written. */
  startSeconds: number = NONE
  completionSeconds: number = NONE
  active = 0
  /** NONE: never reported. */
  ready: number = NONE
  terminating: number = NONE
  succeeded = 0
  failed = 0
  /** UIDs of pods that are in neither counter yet, although their end is known. */
  uncountedSucceeded: readonly number[] = []
  uncountedFailed: readonly number[] = []
  completedIndexes: Intervals = NO_INDEXES
  /** Undefined without backoffLimitPerIndex. */
  failedIndexes: Intervals | undefined = undefined
  conditions: readonly JobCondition[] = []

  copy(from: JobStatus): void {
    this.startSeconds = from.startSeconds
    this.completionSeconds = from.completionSeconds
    this.active = from.active
    this.ready = from.ready
    this.terminating = from.terminating
    this.succeeded = from.succeeded
    this.failed = from.failed
    this.uncountedSucceeded = from.uncountedSucceeded
    this.uncountedFailed = from.uncountedFailed
    this.completedIndexes = from.completedIndexes
    this.failedIndexes = from.failedIndexes
    this.conditions = from.conditions
  }

  clear(): void {
    this.copy(EMPTY)
  }

  /** Cuts times to whole seconds, as the API stores them. */
  floorTimes(): void {
    this.startSeconds = Math.floor(this.startSeconds)
    this.completionSeconds = Math.floor(this.completionSeconds)
    this.conditions = this.conditions.map((condition) => ({
      ...condition,
      transitionSeconds: Math.floor(condition.transitionSeconds),
    }))
  }

  find(type: JobConditionType): JobCondition | undefined {
    return this.conditions.find((condition) => condition.type === type)
  }
}

const EMPTY = new JobStatus()
