// A Deployment's defaulted spec as integers.

import { NONE } from '../base/columns.ts'
import { percentOf } from '../manifest/intOrString.ts'
import type { Deployment, IntOrString } from '../manifest/types.ts'
import type { DeploymentSpec, IntOrPercent, TemplateIds } from './types.ts'

/** The API's "no limit" for deadlines and history (MaxInt32). */
const NO_LIMIT = 2_147_483_647

/** The annotation that `kubectl rollout history` shows. */
const CHANGE_CAUSE = 'kubernetes.io/change-cause'

export function compileDeploymentSpec(object: Deployment, ids: TemplateIds): DeploymentSpec {
  const { metadata, spec } = object
  const changeCause: string | undefined = metadata.annotations[CHANGE_CAUSE]
  const rolling = spec.strategy.type === 'RollingUpdate' ? spec.strategy.rollingUpdate : undefined
  return {
    replicas: spec.replicas,
    recreate: rolling === undefined,
    maxSurge: intOrPercent(rolling?.maxSurge ?? 0),
    maxUnavailable: intOrPercent(rolling?.maxUnavailable ?? 0),
    minReadySeconds: spec.minReadySeconds,
    progressDeadlineSeconds: noneIfUnlimited(spec.progressDeadlineSeconds),
    revisionHistoryLimit: noneIfUnlimited(spec.revisionHistoryLimit),
    paused: spec.paused,
    template: ids.templateId(spec.template),
    selector: spec.selector,
    changeCause: changeCause === undefined ? NONE : ids.changeCauseId(changeCause),
  }
}

function noneIfUnlimited(value: number): number {
  return value === NO_LIMIT ? NONE : value
}

/** An IntOrString with its kind; percentages are resolved when the replicas are known. */
export function intOrPercent(value: IntOrString): IntOrPercent {
  const percent = percentOf(value)
  return percent === undefined ? { value: Number(value), percent: false } : { value: percent, percent: true }
}
