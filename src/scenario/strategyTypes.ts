// How an arm carries out releases, after loading: checked, and in microseconds.

import type { IntOrString } from '../manifest/types.ts'

/** A comparison with the share of lost requests, which lies between 0 and 1. */
export interface ErrorRateRule {
  readonly op: '<=' | '<' | '>=' | '>'
  readonly share: number
}

/** One step of a canary. */
export type CanaryStep =
  /** Percent. */
  | { readonly type: 'setWeight'; readonly weight: number }
  | { readonly type: 'pause'; readonly us: number }
  | {
      readonly type: 'analysis'
      /** What a measurement that succeeds finds. */
      readonly rule: ErrorRateRule
      readonly intervalUs: number
      /** Measurements, one at the end of each interval. */
      readonly count: number
      /** More failures than this end the analysis. */
      readonly failureLimit: number
    }

/** What is carried out. */
export type Strategy =
  | {
      readonly type: 'blueGreen'
      readonly scaleDownDelayUs: number
      /** From the availability of all new pods to the switch; 0: at once. */
      readonly promoteAfterUs: number
      /** Undefined: all. */
      readonly previewReplicas: number | undefined
    }
  | {
      readonly type: 'canary'
      readonly steps: readonly CanaryStep[]
      /** Undefined: the Deployment's. */
      readonly maxSurge: IntOrString | undefined
      readonly maxUnavailable: IntOrString | undefined
    }
