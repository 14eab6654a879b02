// A PodDisruptionBudget's spec as integers, and which templates it selects.

import { NONE } from '../base/columns.ts'
import { matchesSelector } from '../manifest/labels.ts'
import type { PodDisruptionBudget } from '../manifest/types.ts'
import { intOrPercent } from './deploymentSpec.ts'
import type { BudgetSpec, ObjectModel, TemplateId, TemplateModel } from './types.ts'

/** What of a budget decides evictions. */
export function compileBudgetSpec({ spec }: PodDisruptionBudget): BudgetSpec {
  return {
    template: NONE as TemplateId,
    demand: demandOf(spec),
    alwaysAllowsUnhealthy: spec.unhealthyPodEvictionPolicy === 'AlwaysAllow',
    selector: spec.selector,
  }
}

function demandOf({ maxUnavailable, minAvailable }: PodDisruptionBudget['spec']): BudgetSpec['demand'] {
  if (maxUnavailable !== undefined) return { type: 'maxUnavailable', value: intOrPercent(maxUnavailable) }
  if (minAvailable !== undefined) return { type: 'minAvailable', value: intOrPercent(minAvailable) }
  return { type: 'nothing' }
}

/** For each budget and each of its specs: 1 for the templates whose labels it selects; `{}` selects every pod. */
export function selectTemplates(
  budgets: readonly ObjectModel<BudgetSpec>[],
  templates: readonly TemplateModel[],
): Uint8Array[][] {
  return budgets.map(({ specs }) =>
    specs.map(({ selector }) =>
      Uint8Array.from(templates, ({ labels }) => (matchesSelector(selector, labels) ? 1 : 0)),
    ),
  )
}
