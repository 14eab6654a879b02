// PodDisruptionBudgets in the words of the recordings.

import type { Cluster } from '../cluster/cluster.ts'
import type { BudgetId } from '../model/types.ts'
import type { State } from './trace.ts'

/** Adds `PodDisruptionBudget/NAME` for each one in the store. */
export function addBudgets(cluster: Cluster, workloads: State): void {
  const { budgets, model } = cluster
  model.budgets.forEach(({ name }, row) => {
    if (budgets.exists[row as BudgetId] === 0) return
    const status = budgets.status[row]
    workloads[`PodDisruptionBudget/${name}`] = {
      allowed: status.disruptionsAllowed,
      current: status.currentHealthy,
      desired: status.desiredHealthy,
      expected: status.expectedPods,
    }
  })
}
