// After pkg/controller/disruption/disruption.go, Kubernetes v1.36: which events want a sync, and the sync. Left out: the
// clean-up of stale DisruptionTarget conditions, because here every pod that gets one is deleted at once.

import { NONE } from '../../base/columns.ts'
import { BudgetStatus, DisruptionAllowed } from '../../cluster/budgets.ts'
import { updateBudgetStatus } from '../../cluster/budgetWrites.ts'
import { type Cluster, Controller } from '../../cluster/cluster.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { Watcher } from '../../cluster/watch.ts'
import { type BudgetId, Kind } from '../../model/types.ts'
import { allowedDisruptions, desiredHealthy } from './arithmetic.ts'
import { expectedScale, UNKNOWN_SCALE } from './expectedScale.ts'

/** How long an evicted pod counts as on its way out before it must have its deletion mark (DeletionTimeout). */
const DELETION_TIMEOUT_US = 120_000_000
/** The recheck queue hands over to the rate-limited queue, whose first delay this is. */
const RECHECK_DELAY_US = 5_000

/** The status that the current sync works out. */
const next = new BudgetStatus()

/** Brings one budget's status up to date. */
export function syncBudget(cluster: Cluster, budget: BudgetId): void {
  const { budgets } = cluster
  if (budgets.exists[budget] === 0) return
  const stored = budgets.status[budget]
  const { demand } = budgets.specOf(budget)
  next.copy(stored)
  const countsScale = demand.type === 'maxUnavailable' || (demand.type === 'minAvailable' && demand.value.percent)
  const scale = countsScale ? expectedScale(cluster, budget) : 0
  if (scale === UNKNOWN_SCALE) failSafe()
  else {
    next.expectedPods = countsScale ? scale : demand.type === 'nothing' ? 0 : budgets.podCount[budget]
    next.desiredHealthy = desiredHealthy(demand, next.expectedPods)
    const recheckAtUs = keepDisruptedPods(cluster, budget)
    next.disruptionsAllowed = allowedDisruptions(next.expectedPods, next.currentHealthy, next.desiredHealthy)
    next.observedGeneration = budgets.generation[budget]
    next.condition = next.disruptionsAllowed > 0 ? DisruptionAllowed.SufficientPods : DisruptionAllowed.InsufficientPods
    if (recheckAtUs < Infinity) {
      const waitUs = Math.max(0, recheckAtUs - cluster.nowUs) + RECHECK_DELAY_US
      cluster.queues[Controller.Disruption].addAfter(budget, cluster.nowUs, waitUs)
    }
  }
  if (next.equals(stored)) return
  updateBudgetStatus(cluster, budget, next)
  cluster.api.awaitAnswer()
}

/** The scale of some controller is not known: nothing may be evicted, and the rest stays as it was. */
function failSafe(): void {
  next.disruptionsAllowed = 0
  next.condition = DisruptionAllowed.SyncFailed
}

/**
 * Keeps those evicted pods that are there, without deletion mark, for DELETION_TIMEOUT_US, and counts the healthy ones
 * beside them. Returns when the first of the kept must have gone; Infinity if none is kept.
 */
function keepDisruptedPods(cluster: Cluster, budget: BudgetId): number {
  const { budgets, pods } = cluster
  const evicted = budgets.status[budget].disruptedPods
  next.currentHealthy = budgets.readyCount[budget]
  if (evicted.size === 0) return Infinity
  next.disruptedPods.clear()
  let firstUs = Infinity
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
    if (pods.deletionMark[pod] === 1 || !budgets.selects(budget, pods.template[pod])) continue
    const second = evicted.get(pods.uid[pod])
    if (second === undefined) continue
    const expectedGoneUs = second * 1e6 + DELETION_TIMEOUT_US
    if (expectedGoneUs > cluster.nowUs && pods.ready[pod] === 1) next.currentHealthy--
    if (expectedGoneUs < cluster.nowUs) continue
    next.disruptedPods.set(pods.uid[pod], second)
    firstUs = Math.min(firstUs, expectedGoneUs)
  }
  return firstUs
}

/** The informer handlers of the disruption controller. Of several budgets that select a pod only one hears of it. */
export function watchForBudgets(cluster: Cluster): Watcher {
  const { budgets, pods } = cluster
  const queue = cluster.queues[Controller.Disruption]
  const enqueueForPod = (pod: PodId): void => {
    for (let budget = 0 as BudgetId; budget < budgets.count; budget++) {
      if (budgets.exists[budget] === 0 || !budgets.selects(budget, pods.template[pod])) continue
      queue.add(budget)
      return
    }
  }
  const enqueueBudget = (kind: Kind, row: number): void => {
    if (kind === Kind.PodDisruptionBudget) queue.add(row)
  }
  if (budgets.count === 0) return {}
  return {
    podAdded: enqueueForPod,
    podUpdated: enqueueForPod,
    podDeleted: enqueueForPod,
    specChanged: enqueueBudget,
    statusChanged: enqueueBudget,
    objectDeleted: enqueueBudget,
  }
}
