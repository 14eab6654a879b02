// After pkg/controller/cronjob/cronjob_controllerv2.go, Kubernetes v1.36: the status while a sync changes it.

import type { CronJobStatus } from '../../cluster/cronJobWrites.ts'

/** `changed`: it has to be written when the sync ends. */
export type WorkingStatus = { -readonly [Key in keyof CronJobStatus]: CronJobStatus[Key] } & { changed: boolean }
