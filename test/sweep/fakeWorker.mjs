// The worker of the pool with the fake engine in it: everything else is the built code.
import { workerData } from 'node:worker_threads'
import { move } from 'piscina'
import { keepEngines, runBatch } from '../../dist/sweep/batch.js'
import { encodePart } from '../../dist/sweep/part.js'
import { createFakeEngine } from './fakeEngine.mjs'

const engineOf = keepEngines(workerData, createFakeEngine)

export default async function runInWorker(batch) {
  const arm = workerData.arms[batch.armIndex].name
  if (arm === 'refused') return { problems: [{ severity: 'error', message: 'cluster is not settled at 0' }] }
  return move(encodePart(await runBatch(engineOf(batch.armIndex), arm, batch)))
}
