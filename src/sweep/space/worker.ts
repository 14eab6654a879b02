// One worker thread of a sweep over a space.

import { workerData } from 'node:worker_threads'
import { move } from 'piscina'
import { createEngine } from '../../engine/engine.ts'
import type { ScenarioSpace } from '../../scenario/space.ts'
import type { WorkerAnswer } from '../worker.ts'
import { encodeSpacePart, runSpaceBatch } from './batch.ts'
import type { ScenarioNumbers, SpaceBatch } from './plan.ts'

const { space, numbers } = workerData as { readonly space: ScenarioSpace; readonly numbers: ScenarioNumbers }

/** Runs one batch. */
export default async function runInWorker(batch: SpaceBatch): Promise<WorkerAnswer> {
  return move(encodeSpacePart(await runSpaceBatch(space, numbers, batch, createEngine))) as unknown as WorkerAnswer
}
