// A HorizontalPodAutoscaler's defaulted spec as integers.

import { NONE } from '../base/columns.ts'
import { fraction } from '../manifest/quantity.ts'
import type { HorizontalPodAutoscaler, ScalingRules } from '../manifest/types.ts'
import type { TemplateId } from './ids.ts'

/** One side of `behavior`. */
export interface ScalingRulesSpec {
  readonly windowUs: number
  readonly select: ScalingRules['selectPolicy']
  readonly policies: readonly { readonly percent: boolean; readonly value: number; readonly periodUs: number }[]
}

export interface AutoscalerSpec {
  /** An autoscaler makes no pods: NONE. */
  readonly template: TemplateId
  readonly targetKind: string
  readonly targetName: string
  readonly minReplicas: number
  readonly maxReplicas: number
  /** averageUtilization of the CPU, percent; NONE: it asks for something else, which is not modelled. */
  readonly cpuPercent: number
  /** How far the utilization may be from the target, as a share of it, before anything is done. */
  readonly tolerances: { readonly down: number; readonly up: number }
  readonly behavior: { readonly up: ScalingRulesSpec; readonly down: ScalingRulesSpec } | undefined
}

/** horizontal-pod-autoscaler-tolerance. */
const TOLERANCE = 0.1

/** horizontal-pod-autoscaler-downscale-stabilization. */
export const DOWNSCALE_WINDOW_US = 300_000_000

export function compileAutoscalerSpec({ spec }: HorizontalPodAutoscaler): AutoscalerSpec {
  const { behavior, maxReplicas, metrics, minReplicas, scaleTargetRef } = spec
  const cpu = metrics.find(({ resource, type }) => type === 'Resource' && resource?.name === 'cpu')
  return {
    template: NONE as TemplateId,
    targetKind: scaleTargetRef.kind,
    targetName: scaleTargetRef.name,
    minReplicas,
    maxReplicas,
    cpuPercent: cpu?.resource?.target.averageUtilization ?? NONE,
    tolerances: {
      down: fraction(behavior?.scaleDown.tolerance ?? TOLERANCE),
      up: fraction(behavior?.scaleUp.tolerance ?? TOLERANCE),
    },
    behavior: behavior && {
      up: compileRules(behavior.scaleUp, 0),
      down: compileRules(behavior.scaleDown, DOWNSCALE_WINDOW_US),
    },
  }
}

function compileRules(rules: ScalingRules, windowUs: number): ScalingRulesSpec {
  const { policies, selectPolicy, stabilizationWindowSeconds } = rules
  return {
    windowUs: stabilizationWindowSeconds === undefined ? windowUs : stabilizationWindowSeconds * 1e6,
    select: selectPolicy,
    policies: policies.map(({ periodSeconds, type, value }) => ({
      percent: type === 'Percent',
      value,
      periodUs: periodSeconds * 1e6,
    })),
  }
}
