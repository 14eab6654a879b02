// The eviction subresource of pods, after pkg/registry/core/pod/storage/eviction.go, Kubernetes v1.36.

import { NONE } from '../base/columns.ts'
import type { BudgetId } from '../model/types.ts'
import { spendDisruption } from './budgetWrites.ts'
import type { Cluster } from './cluster.ts'
import { DeletionReason, PodPhase } from './codes.ts'
import { isTerminal, type PodId } from './pods.ts'
import { removePod } from './podWrites.ts'
import { markDisruptionTarget } from './podStatusWrites.ts'

/** 429 asks to try again; 500 (more than one budget selects the pod) does not help to try again. */
export type EvictionAnswer = 'evicted' | 'tooManyRequests' | 'severalBudgets'

/** Asks the API server to evict a pod: it is deleted with its own grace period if its budget allows. */
export function evictPod(cluster: Cluster, pod: PodId): EvictionAnswer {
  const { pods } = cluster
  if (pods.phase[pod] !== PodPhase.Pending && !isTerminal(pods, pod) && pods.deletionMark[pod] === 0) {
    const budget = budgetOf(cluster, pod)
    if (budget === 'several') return 'severalBudgets'
    if (budget !== 'none' && !mayDisrupt(cluster, budget, pod)) return 'tooManyRequests'
  }
  if (cluster.model.surroundings.evictionsSetNoCondition !== true) markDisruptionTarget(cluster, pod)
  removePod(cluster, pod, NONE, DeletionReason.Evicted)
  return 'evicted'
}

function budgetOf(cluster: Cluster, pod: PodId): BudgetId | 'none' | 'several' {
  const { budgets, pods } = cluster
  let found: BudgetId | 'none' = 'none'
  for (let budget = 0 as BudgetId; budget < budgets.count; budget++) {
    if (budgets.exists[budget] === 0 || !budgets.selects(budget, pods.template[pod])) continue
    if (found !== 'none') return 'several'
    found = budget
  }
  return found
}

/** Checks the stored status, and spends one disruption where one must be spent. */
function mayDisrupt(cluster: Cluster, budget: BudgetId, pod: PodId): boolean {
  const { budgets, pods } = cluster
  const status = budgets.status[budget]
  if (pods.ready[pod] === 0) {
    // A pod that serves nobody may go as long as the healthy ones suffice without it.
    if (budgets.specOf(budget).alwaysAllowsUnhealthy) return true
    if (status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0) return true
  }
  if (status.observedGeneration < budgets.generation[budget] || status.disruptionsAllowed <= 0) return false
  spendDisruption(cluster, budget, pods.uid[pod])
  return true
}
