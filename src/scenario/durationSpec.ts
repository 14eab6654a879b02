// Durations of a scenario, resolved.

/** A random or fixed duration, in microseconds. `never` is a state that is not reached. */
export type DurationSpec =
  | { readonly type: 'fixed'; readonly us: number }
  | { readonly type: 'uniform'; readonly lowUs: number; readonly highUs: number }
  | { readonly type: 'lognormal'; readonly medianUs: number; readonly p95Us: number }
  | { readonly type: 'exponential'; readonly meanUs: number }
  /** Entries are taken cyclically, by the index of the pod (see kubelet/timings.ts); null is "never". */
  | { readonly type: 'list'; readonly entriesUs: readonly (number | null)[] }
  | { readonly type: 'never' }
