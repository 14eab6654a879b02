// What the engine asks of a scheduler.

import type { Watcher } from '../cluster/watch.ts'

export interface PodScheduler {
  /** Before a run. */
  reset(): void
  /** True if a pass may do something at this instant. */
  wantsPass(): boolean
  /** Places pods, as far as it goes at this instant. */
  pass(): void
  watcher(): Watcher
  /** An event of its own is due. */
  fire(kind: number, word: number, detail: number): void
}
