// Syncs that read again after they wrote. Such a sync is a generator: each `yield` waits for the answers of the writes
// that were sent since the last one, and what comes after it sees the cluster as it is then.

/** What a sync came to: `retry` asks for another one after the key's back-off, as an error does upstream. */
export type SyncOutcome = 'done' | 'retry'

/** The stages of one sync; a sync in one stage returns nothing instead. */
export type SyncStages<Result = void> = Generator<undefined, Result, undefined>
