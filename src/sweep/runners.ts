// Who runs batches: this thread, or a pool of worker threads. The results are the same bytes.

import { setTimeout } from 'node:timers/promises'
import { Piscina } from 'piscina'
import { InputError } from '../base/errors.ts'
import type { Scenario } from '../scenario/types.ts'
import type { Breathe, CreateEngine } from './batch.ts'
import { keepEngines, runBatch } from './batch.ts'
import { encodePart } from './part.ts'
import type { Batch } from './plan.ts'
import type { WorkerAnswer } from './worker.ts'

/** Something that turns batches into the bytes of their parts. */
export interface BatchRunner<Batch> {
  /** Batches it wants at a time. */
  readonly lanes: number
  /** @throws InputError if the scenario cannot be run; whatever it likes once it is closed */
  run(batch: Batch): Promise<Uint8Array>
  /** Ends it; batches that still run after a moment are given up. */
  close(): Promise<void>
}

/** The longest that this thread simulates before it looks at signals and redraws the progress. */
const BREATHE_MS = 50

/** Runs batches in this thread, one at a time. */
export function inlineRunner(scenario: Scenario, createEngine: CreateEngine): BatchRunner<Batch> {
  const engineOf = keepEngines(scenario, createEngine)
  return breathingRunner(async (batch, breathe) => {
    const arm = scenario.arms[batch.armIndex]?.name ?? ''
    return encodePart(await runBatch(engineOf(batch.armIndex), arm, batch, breathe))
  })
}

/** A runner in this thread: `work` calls `breathe` between runs, so that signals are seen and progress is drawn. */
export function breathingRunner<Batch>(
  work: (batch: Batch, breathe: Breathe) => Promise<Uint8Array>,
): BatchRunner<Batch> {
  let closed = false
  let breathedAt = performance.now()
  const breathe = (): Promise<void> | undefined => {
    if (performance.now() - breathedAt < BREATHE_MS) return undefined
    return new Promise((resolve, reject) => {
      setImmediate(() => {
        breathedAt = performance.now()
        if (closed) reject(new Error('closed'))
        else resolve()
      })
    })
  }
  return {
    lanes: 1,
    run: async (batch) => {
      if (closed) throw new Error('closed')
      return work(batch, breathe)
    },
    close: () => {
      closed = true
      return Promise.resolve()
    },
  }
}

/** Runs batches in worker threads, which know `workerData`. One batch waits behind the one that runs, so that no worker stands still. */
export function poolRunner<Batch>(workerData: unknown, jobs: number, workerFile: URL): BatchRunner<Batch> {
  const pool = new Piscina<Batch, WorkerAnswer>({
    filename: workerFile.href,
    minThreads: jobs,
    maxThreads: jobs,
    workerData,
  })
  const running = new Set<Promise<WorkerAnswer>>()
  return {
    lanes: jobs * 2,
    run: async (batch) => {
      const task = pool.run(batch)
      running.add(task)
      try {
        const answer = await task
        if ('problems' in answer) throw new InputError(answer.problems)
        return answer
      } finally {
        running.delete(task)
      }
    },
    // Piscina throws at an answer that comes when its task was given up, so batches may finish, if they are quick.
    close: async () => {
      await Promise.race([Promise.allSettled(running), setTimeout(CLOSE_WAIT_MS, undefined, { ref: false })])
      await pool.destroy()
    },
  }
}

/** How long a pool that is closed waits for batches that run. */
const CLOSE_WAIT_MS = 2_000

/** Above this many runs a pool pays for any scenario. */
const POOL_RUNS_MIN = 5_000

/** Below this much simulation the start of a pool, about 40 ms and a cold compiler in each worker, costs more than it saves. */
const POOL_WORK_MS_MIN = 150

const PROBE_RUNS_MAX = 8
const PROBE_MS_MAX = 30

/**
 * Whether the batches are worth a pool: simulates a few runs and throws them away. What it answers may differ from
 * call to call; the results do not.
 */
export function isWorthPool(scenario: Scenario, batches: readonly Batch[], createEngine: CreateEngine): boolean {
  const runs = batches.reduce((sum, batch) => sum + batch.count, 0)
  const first = batches[0]
  if (runs >= POOL_RUNS_MIN || first === undefined) return runs >= POOL_RUNS_MIN
  const engine = keepEngines(scenario, createEngine)(first.armIndex)
  const startedAt = performance.now()
  let runMs = Infinity
  let now = startedAt
  for (let run = 0; run < Math.min(PROBE_RUNS_MAX, first.count) && now - startedAt < PROBE_MS_MAX; run++) {
    engine.run(first.firstSeed + run)
    const after = performance.now()
    runMs = Math.min(runMs, after - now)
    now = after
  }
  return runMs * runs >= POOL_WORK_MS_MIN
}
