// The only writers of PodDisruptionBudgets.

import { NONE } from '../base/columns.ts'
import { type BudgetId, Kind } from '../model/types.ts'
import type { BudgetStatus } from './budgets.ts'
import type { Cluster } from './cluster.ts'
import { countForBudgets } from './podCounts.ts'
import { isSameSpec } from './sameSpec.ts'
import { Write } from './writes.ts'

/** Writes a spec unless it is the one in force; its selector may be another one, so the pods are counted anew. */
export function applyBudgetSpec(cluster: Cluster, budget: BudgetId, spec: number): void {
  const { budgets, model, pods } = cluster
  if (budgets.exists[budget] === 1 && isSameSpec(budgets.specOf(budget), model.budgets[budget].specs[spec])) return
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) countForBudgets(cluster, pod, -1)
  budgets.exists[budget] = 1
  budgets.generation[budget] += 1
  budgets.spec[budget] = spec
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) countForBudgets(cluster, pod, 1)
  cluster.watch.specChanged(Kind.PodDisruptionBudget, budget)
}

/** Deletes a budget. */
export function removeBudget(cluster: Cluster, budget: BudgetId): void {
  const { budgets } = cluster
  if (budgets.exists[budget] === 0) return
  budgets.exists[budget] = 0
  budgets.generation[budget] = 0
  budgets.status[budget].clear()
  cluster.watch.objectDeleted(Kind.PodDisruptionBudget, budget)
}

/** Writes the status as a whole; there is one controller worker, so one write at most is under way. */
export function updateBudgetStatus(cluster: Cluster, budget: BudgetId, status: BudgetStatus): void {
  const { api, budgets } = cluster
  budgets.sentStatus[budget].copy(status)
  if (api.isDelayed()) api.table[api.delay(cluster.nowUs, Write.BudgetStatus)] = budget
  else writeBudgetStatus(cluster, budget)
}

/** Stores the status that was sent. */
export function writeBudgetStatus(cluster: Cluster, budget: BudgetId): void {
  const { budgets } = cluster
  const stored = budgets.status[budget]
  if (budgets.exists[budget] === 0 || stored.equals(budgets.sentStatus[budget])) return
  stored.copy(budgets.sentStatus[budget])
  cluster.watch.statusChanged(Kind.PodDisruptionBudget, budget)
}

/** An eviction takes one from the allowance and remembers the pod until the controller has seen it go. */
export function spendDisruption(cluster: Cluster, budget: BudgetId, podUid: number): void {
  const status = cluster.budgets.status[budget]
  status.disruptionsAllowed--
  status.disruptedPods.set(podUid, cluster.nowSeconds())
  cluster.watch.statusChanged(Kind.PodDisruptionBudget, budget)
}
