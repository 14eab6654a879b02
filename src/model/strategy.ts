// The strategy of an arm by rows.

import { InputError } from '../base/errors.ts'
import type { StrategySpec } from '../scenario/types.ts'
import type { DeploymentId } from './ids.ts'
import type { StrategyModel } from './strategyModel.ts'
import type { TableBuilder } from './tableBuilder.ts'
import type { TrafficModel } from './types.ts'

/** The strategy of an arm by rows; undefined: the arm has none. */
export function compileStrategy(
  spec: StrategySpec | undefined,
  builder: TableBuilder,
  traffic: readonly TrafficModel[],
): StrategyModel | undefined {
  if (spec === undefined) return undefined
  const { workload } = spec
  const known = builder.find(workload)
  if (known === undefined)
    throw new InputError([{ severity: 'error', message: `${workload.kind}/${workload.name} is in no manifest` }])
  const templates = builder.templatesOf(workload)
  const stream = traffic.findIndex(({ selects }) => templates.some((template) => selects[template] === 1))
  return { ...spec, deployment: known.row as DeploymentId, traffic: stream }
}
