// Rules of a HorizontalPodAutoscaler that its schema cannot say, after pkg/apis/autoscaling/validation (v1.36).

import { parseQuantity } from '../quantity.ts'
import type { HorizontalPodAutoscaler, ScalingRules } from '../types.ts'
import type { FieldErrors } from './fieldErrors.ts'

/** Windows and periods end here. */
const WINDOW_SECONDS_MAX = 3_600
const PERIOD_SECONDS_MAX = 1_800

export function checkHorizontalPodAutoscaler({ spec }: HorizontalPodAutoscaler, errors: FieldErrors): void {
  const { behavior, maxReplicas, minReplicas } = spec
  if (minReplicas < 1) errors.invalid(['spec', 'minReplicas'], minReplicas, 'must be greater than or equal to 1')
  if (maxReplicas < 1) errors.invalid(['spec', 'maxReplicas'], maxReplicas, 'must be greater than 0')
  if (maxReplicas < minReplicas)
    errors.invalid(['spec', 'maxReplicas'], maxReplicas, 'must be greater than or equal to `minReplicas`')
  if (behavior === undefined) return
  checkRules(behavior.scaleUp, 'scaleUp', errors)
  checkRules(behavior.scaleDown, 'scaleDown', errors)
}

function checkRules(rules: ScalingRules, direction: string, errors: FieldErrors): void {
  const at = ['spec', 'behavior', direction]
  const window = rules.stabilizationWindowSeconds ?? 0
  if (window < 0 || window > WINDOW_SECONDS_MAX)
    errors.invalid([...at, 'stabilizationWindowSeconds'], window, `must be between 0 and ${WINDOW_SECONDS_MAX}`)
  if (rules.tolerance !== undefined && (parseQuantity(rules.tolerance)?.nano ?? 0n) < 0n)
    errors.invalid([...at, 'tolerance'], rules.tolerance, 'must be greater than or equal to 0')
  rules.policies.forEach(({ periodSeconds, value }, index) => {
    const place = [...at, 'policies', index]
    if (value <= 0) errors.invalid([...place, 'value'], value, 'must be greater than zero')
    if (periodSeconds <= 0 || periodSeconds > PERIOD_SECONDS_MAX)
      errors.invalid([...place, 'periodSeconds'], periodSeconds, `must be between 1 and ${PERIOD_SECONDS_MAX}`)
  })
}
