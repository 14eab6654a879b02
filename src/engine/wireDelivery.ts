// Who carries out the releases of an arm: nobody but the Deployment controller, Argo Rollouts, or a person.

import { type Cluster, Controller } from '../cluster/cluster.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { PodDeletions } from '../delivery/podDeletions.ts'
import { Rollback, type WriteBack } from '../delivery/rollback.ts'
import type { LostShareUs } from '../delivery/rollout.ts'
import { RolloutController } from '../delivery/rolloutController.ts'
import type { RandomStreams } from '../kernel/random.ts'
import type { Traffic } from '../traffic/traffic.ts'
import type { Sync } from './sync.ts'

/** The Rollout of an arm that has one: its row has another controller than other Deployments. */
export function wireRollouts(cluster: Cluster, traffic: Traffic, syncs: Sync[]): RolloutController | undefined {
  const { strategy } = cluster.model
  if (strategy?.type !== 'canary' && strategy?.type !== 'blueGreen') return undefined
  const rollouts = new RolloutController(cluster, strategy, lostShareUs(traffic, strategy.traffic))
  const syncDeployment = syncs[Controller.Deployment]
  syncs[Controller.Deployment] = (key) => (key === rollouts.deployment ? rollouts.sync() : syncDeployment(key))
  return rollouts
}

/** The person or pipeline of an arm that has one. */
export function wireDelivery(
  cluster: Cluster,
  traffic: Traffic,
  random: RandomStreams,
  write: WriteBack,
): Delivery | undefined {
  const { strategy } = cluster.model
  if (strategy?.type === 'byHand' || strategy?.type === 'deleteAllPods') return new PodDeletions(cluster, strategy)
  if (strategy?.type !== 'rollback') return undefined
  return new Rollback(cluster, strategy, random, lostShareUs(traffic, strategy.traffic), write)
}

/** What clients have lost up to now of the stream by which a strategy judges. */
function lostShareUs(traffic: Traffic, stream: number): LostShareUs {
  const { streams } = traffic
  return (nowUs) => streams[stream].lostShareUs(nowUs)
}
