// The autoscaling/v2 objects that we model, as they are after defaulting.

import type { ObjectMeta, Quantity } from './typesCore.ts'

export interface ScalingPolicy {
  readonly type: 'Pods' | 'Percent'
  readonly value: number
  readonly periodSeconds: number
}

export interface ScalingRules {
  /** Absent while scaling down: the controller's own, 300 s. */
  readonly stabilizationWindowSeconds?: number
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled'
  readonly policies: readonly ScalingPolicy[]
  /** Absent: the controller's own, a tenth. */
  readonly tolerance?: Quantity
}

export interface AutoscalingMetric {
  readonly type: string
  readonly resource?: {
    readonly name: string
    readonly target: { readonly type: string; readonly averageUtilization?: number; readonly averageValue?: Quantity }
  }
}

export interface HorizontalPodAutoscaler {
  readonly apiVersion: 'autoscaling/v2'
  readonly kind: 'HorizontalPodAutoscaler'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly scaleTargetRef: { readonly apiVersion?: string; readonly kind: string; readonly name: string }
    readonly minReplicas: number
    readonly maxReplicas: number
    readonly metrics: readonly AutoscalingMetric[]
    /** Absent: limits of an older kind, at most the larger of 4 and twice the pods. */
    readonly behavior?: { readonly scaleUp: ScalingRules; readonly scaleDown: ScalingRules }
  }
}
