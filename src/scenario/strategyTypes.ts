// How an arm carries out releases, after loading: checked, and in microseconds.

import type { IntOrString } from '../manifest/types.ts'
import type { DurationSpec } from './durationSpec.ts'

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

/** How a bad release is noticed. */
export type Detection =
  | { readonly type: 'after'; readonly delay: DurationSpec }
  /** The error rate obeys a rule for so long, looked at once in each interval. */
  | { readonly type: 'errorRate'; readonly rule: ErrorRateRule; readonly forUs: number; readonly intervalUs: number }
  | { readonly type: 'progressDeadline' }

/** Somebody deletes pods, which come back with the new template. */
interface Deletions {
  /** From one deletion to the next; 0 and no wait: all at once. */
  readonly intervalUs: number
  /** The next one waits until all pods are Ready. */
  readonly waitReady: boolean
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
  | ({ readonly type: 'byHand' } & Deletions)
  | ({ readonly type: 'deleteAllPods' } & Deletions)
  | {
      readonly type: 'rollback'
      readonly detection: Detection
      readonly decide: DurationSpec
      readonly by: 'undo' | 'pipeline'
      /** Nothing of it with an undo. */
      readonly pipeline: DurationSpec
    }
