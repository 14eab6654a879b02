// The table of PodDisruptionBudgets, with the sums of the pods that each selects.

import { type Column, fillColumn, int32Column, NONE, uint8Column } from '../base/columns.ts'
import type { BudgetId, BudgetSpec, Model } from '../model/types.ts'

/** Condition DisruptionAllowed: absent, or its reason, which says its status too. */
export const DisruptionAllowed = { Absent: 0, SufficientPods: 1, InsufficientPods: 2, SyncFailed: 3 } as const
export type DisruptionAllowed = (typeof DisruptionAllowed)[keyof typeof DisruptionAllowed]

/** Status of a budget. `disruptedPods` maps the UID of a pod to the second of its eviction. */
export class BudgetStatus {
  observedGeneration = 0
  currentHealthy = 0
  desiredHealthy = 0
  expectedPods = 0
  disruptionsAllowed = 0
  condition: DisruptionAllowed = DisruptionAllowed.Absent
  readonly disruptedPods = new Map<number, number>()

  clear(): void {
    this.copy(EMPTY)
  }

  copy(from: BudgetStatus): void {
    this.observedGeneration = from.observedGeneration
    this.currentHealthy = from.currentHealthy
    this.desiredHealthy = from.desiredHealthy
    this.expectedPods = from.expectedPods
    this.disruptionsAllowed = from.disruptionsAllowed
    this.condition = from.condition
    this.disruptedPods.clear()
    for (const [uid, second] of from.disruptedPods) this.disruptedPods.set(uid, second)
  }

  /** Equality of everything that is stored. */
  equals(other: BudgetStatus): boolean {
    if (
      this.observedGeneration !== other.observedGeneration ||
      this.currentHealthy !== other.currentHealthy ||
      this.desiredHealthy !== other.desiredHealthy ||
      this.expectedPods !== other.expectedPods ||
      this.disruptionsAllowed !== other.disruptionsAllowed ||
      this.condition !== other.condition ||
      this.disruptedPods.size !== other.disruptedPods.size
    )
      return false
    for (const [uid, second] of this.disruptedPods) if (other.disruptedPods.get(uid) !== second) return false
    return true
  }
}

const EMPTY = new BudgetStatus()

export class Budgets {
  readonly count: number
  readonly exists: Column<BudgetId>
  readonly generation: Column<BudgetId>
  /** Index of the spec in force; NONE before the first. */
  readonly spec: Column<BudgetId>
  readonly status: readonly BudgetStatus[]
  /** The status that the controller's write under way will store. */
  readonly sentStatus: readonly BudgetStatus[]
  /** Pods in the store that the selector matches, of any phase. */
  readonly podCount: Column<BudgetId>
  /** Those of them that are Ready and have no deletion mark. */
  readonly readyCount: Column<BudgetId>
  private readonly model: Model

  constructor(model: Model) {
    const n = model.budgets.length
    this.count = n
    this.model = model
    this.exists = uint8Column(n)
    this.generation = int32Column(n)
    this.spec = int32Column(n)
    this.status = Array.from({ length: n }, () => new BudgetStatus())
    this.sentStatus = Array.from({ length: n }, () => new BudgetStatus())
    this.podCount = int32Column(n)
    this.readyCount = int32Column(n)
  }

  reset(): void {
    fillColumn(this.exists, 0)
    fillColumn(this.generation, 0)
    fillColumn(this.spec, NONE)
    fillColumn(this.podCount, 0)
    fillColumn(this.readyCount, 0)
    for (const status of this.status) status.clear()
  }

  /** The spec in force; the budget must have had one. */
  specOf(budget: BudgetId): BudgetSpec {
    return this.model.budgets[budget].specs[this.spec[budget]]
  }

  /** Whether the budget, existing or not, selects pods of a template. */
  selects(budget: BudgetId, template: number): boolean {
    const spec = this.spec[budget]
    return spec !== NONE && this.model.budgetSelects[budget][spec][template] === 1
  }
}
