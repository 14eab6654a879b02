// What the engine calls of a controller.

import type { SyncOutcome, SyncStages } from '../cluster/syncStages.ts'

/** One sync of one key: at once, or in stages. */
export type Sync = (key: number) => SyncStages<SyncOutcome> | SyncOutcome | void
