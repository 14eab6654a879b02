// What the engine asks of a strategy that a person or a pipeline carries out.

import type { Watcher } from '../cluster/watch.ts'

export interface Delivery {
  reset(): void
  /** The release happens now; `spec` is what the strategy has to write, at its own time. */
  start(spec: number): void
  /** An event that it has pushed on the agenda fires. */
  fire(detail: number): void
  watcher(): Watcher
}
