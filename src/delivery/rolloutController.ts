// After rollout/controller.go, Argo Rollouts v1.8: one sync of a Rollout. Its informers and its queue are those of the
// Deployments: what wakes the Deployment controller for other rows wakes this one for its own.

import type { Cluster } from '../cluster/cluster.ts'
import type { StrategyModel } from '../model/strategyModel.ts'
import type { DeploymentId } from '../model/types.ts'
import { StepAnalysis } from './analysis.ts'
import { rolloutBlueGreen } from './blueGreen.ts'
import { rolloutCanary } from './canary.ts'
import { type LostShareUs, Rollout } from './rollout.ts'

/** The strategies of Argo Rollouts. */
export type RolloutStrategy = Extract<StrategyModel, { type: 'blueGreen' | 'canary' }>

export class RolloutController {
  readonly deployment: DeploymentId
  private readonly rollout: Rollout
  private readonly strategy: RolloutStrategy
  private readonly analysis = new StepAnalysis()

  /** @param lostShareUs the integral by which an analysis judges */
  constructor(cluster: Cluster, strategy: RolloutStrategy, lostShareUs: LostShareUs) {
    this.deployment = strategy.deployment
    this.strategy = strategy
    this.rollout = new Rollout(cluster, strategy, lostShareUs)
  }

  reset(): void {
    this.rollout.reset()
    this.analysis.stop()
  }

  /** Brings the Rollout a step further. */
  sync(): void {
    const { analysis, rollout, strategy } = this
    const { deployments } = rollout.cluster
    if (deployments.exists[rollout.deployment] === 0 || deployments.deletionMark[rollout.deployment] === 1) return
    rollout.begin()
    if (strategy.type === 'canary') rolloutCanary(rollout, strategy.steps, analysis)
    else rolloutBlueGreen(rollout, strategy)
  }
}
