// One worker thread of the pool. It keeps the compiled engine of each arm and answers with one message per batch.

import { workerData } from 'node:worker_threads'
import { move } from 'piscina'
import type { Problem } from '../base/errors.ts'
import { InputError } from '../base/errors.ts'
import { createEngine } from '../engine/engine.ts'
import type { Scenario } from '../scenario/types.ts'
import { keepEngines, runBatch } from './batch.ts'
import { encodePart } from './part.ts'
import type { Batch } from './plan.ts'

/** What a worker answers: the bytes of a part, or what is wrong with the input (the class of an error does not travel). */
export type WorkerAnswer = Uint8Array<ArrayBuffer> | { readonly problems: readonly Problem[] }

const scenario = workerData as Scenario
const engineOf = keepEngines(scenario, createEngine)

/** Runs one batch. */
export default async function runInWorker(batch: Batch): Promise<WorkerAnswer> {
  try {
    const arm = scenario.arms[batch.armIndex]?.name ?? ''
    return move(encodePart(await runBatch(engineOf(batch.armIndex), arm, batch))) as unknown as WorkerAnswer
  } catch (error) {
    if (error instanceof InputError) return { problems: error.problems }
    throw error
  }
}
