// A CronJob's defaulted spec: its policy as integers, its schedule as due times.

import { NONE } from '../base/columns.ts'
import type { CronJob } from '../manifest/types.ts'
import { dueTimes } from '../scenario/cronTimes.ts'
import { jobSpecOf } from './jobSpec.ts'
import type { CronJobSpec } from './jobTypes.ts'
import type { TemplateIds } from './types.ts'

export function compileCronJobSpec({ spec }: CronJob, ids: TemplateIds): CronJobSpec {
  const job = jobSpecOf(spec.jobTemplate.spec, ids)
  return {
    template: job.template,
    job,
    schedule: spec.schedule,
    timeZone: spec.timeZone ?? '',
    due: dueTimes(spec.schedule, spec.timeZone, ids.horizonUs / 1_000_000),
    startingDeadlineSeconds: spec.startingDeadlineSeconds ?? NONE,
    concurrencyPolicy: spec.concurrencyPolicy,
    suspend: spec.suspend,
    successfulJobsHistoryLimit: spec.successfulJobsHistoryLimit,
    failedJobsHistoryLimit: spec.failedJobsHistoryLimit,
  }
}
