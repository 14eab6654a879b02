// Batches of a sweep on the lanes of a runner, until all are done or the first failure.

import type { PartsFolder } from './parts.ts'
import type { BatchRunner } from './runners.ts'

/**
 * Runs batches and keeps their parts.
 *
 * @throws AbortError if the signal said so; else whatever a batch or the disk threw. The runner is closed in any case
 */
export async function runAll<Batch, Part>(
  runner: BatchRunner<Batch>,
  batches: readonly Batch[],
  parts: PartsFolder<Batch, Part>,
  signal: AbortSignal | undefined,
  onBatch: (batch: Batch) => void,
): Promise<void> {
  const close = (): void => void runner.close()
  signal?.addEventListener('abort', close, { once: true })
  try {
    const isStopped = (): boolean => signal?.aborted === true
    await runLanes(runner, batches, isStopped, async (batch, bytes) => {
      await parts.write(batch, bytes)
      onBatch(batch)
    })
    signal?.throwIfAborted()
  } finally {
    signal?.removeEventListener('abort', close)
    await runner.close()
  }
}

/** Keeps every lane of the runner busy until the batches are done, or one failed and what ran beside it is at rest. */
async function runLanes<Batch>(
  runner: BatchRunner<Batch>,
  batches: readonly Batch[],
  isStopped: () => boolean,
  write: (batch: Batch, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = []
  const queue = batches.values()
  const lane = async (): Promise<void> => {
    try {
      for (const batch of queue) {
        if (failures.length > 0 || isStopped()) return
        await write(batch, await runner.run(batch))
      }
    } catch (error) {
      failures.push(error)
    }
  }
  await Promise.all(Array.from({ length: runner.lanes }, lane))
  if (failures.length > 0) throw failures[0]
}
