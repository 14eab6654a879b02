// What a run reads of an arm's strategy.

import type { Strategy } from '../scenario/strategyTypes.ts'
import type { DeploymentId } from './ids.ts'

/** How the releases of one Deployment are carried out. */
export type StrategyModel = Strategy & {
  readonly deployment: DeploymentId
  /** Index of the stream of requests by which an analysis judges; it is the one by which the workload is measured. */
  readonly traffic: number
}
