// The apps/v1 and batch/v1 objects, and the ReplicationController, as they are after defaulting.

import type {
  IntOrString,
  LabelMap,
  LabelSelector,
  ObjectMeta,
  PersistentVolumeClaimSpec,
  PodTemplateSpec,
} from './typesCore.ts'

export type DeploymentStrategy =
  | { readonly type: 'Recreate' }
  | {
      readonly type: 'RollingUpdate'
      readonly rollingUpdate: { readonly maxSurge: IntOrString; readonly maxUnavailable: IntOrString }
    }

export interface Deployment {
  readonly apiVersion: 'apps/v1'
  readonly kind: 'Deployment'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly replicas: number
    readonly selector: LabelSelector
    readonly template: PodTemplateSpec
    readonly strategy: DeploymentStrategy
    readonly minReadySeconds: number
    readonly revisionHistoryLimit: number
    readonly progressDeadlineSeconds: number
    readonly paused: boolean
  }
}

export interface ReplicaSet {
  readonly apiVersion: 'apps/v1'
  readonly kind: 'ReplicaSet'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly replicas: number
    readonly selector: LabelSelector
    readonly template: PodTemplateSpec
    readonly minReadySeconds: number
  }
}

export interface ReplicationController {
  readonly apiVersion: 'v1'
  readonly kind: 'ReplicationController'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly replicas: number
    readonly selector: LabelMap
    readonly template: PodTemplateSpec
    readonly minReadySeconds: number
  }
}

/**
 * `rollingUpdate` stays absent if the manifest gave the type alone; only a manifest without a type gets `partition: 0`.
 * The controller treats the two differently (which revision a lost pod comes back at).
 */
export type StatefulSetUpdateStrategy =
  | { readonly type: 'OnDelete' }
  | {
      readonly type: 'RollingUpdate'
      readonly rollingUpdate?: { readonly partition: number; readonly maxUnavailable?: IntOrString }
    }

export interface VolumeClaimTemplate {
  readonly metadata: ObjectMeta
  readonly spec: PersistentVolumeClaimSpec
}

export interface StatefulSet {
  readonly apiVersion: 'apps/v1'
  readonly kind: 'StatefulSet'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly replicas: number
    readonly selector: LabelSelector
    readonly template: PodTemplateSpec
    readonly serviceName: string
    readonly podManagementPolicy: 'OrderedReady' | 'Parallel'
    readonly updateStrategy: StatefulSetUpdateStrategy
    readonly minReadySeconds: number
    readonly revisionHistoryLimit: number
    readonly ordinals?: { readonly start: number }
    readonly volumeClaimTemplates: readonly VolumeClaimTemplate[]
    readonly persistentVolumeClaimRetentionPolicy: {
      readonly whenScaled: 'Retain' | 'Delete'
      readonly whenDeleted: 'Retain' | 'Delete'
    }
  }
}

export type DaemonSetUpdateStrategy =
  | { readonly type: 'OnDelete' }
  | {
      readonly type: 'RollingUpdate'
      readonly rollingUpdate: { readonly maxSurge: IntOrString; readonly maxUnavailable: IntOrString }
    }

export interface DaemonSet {
  readonly apiVersion: 'apps/v1'
  readonly kind: 'DaemonSet'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly selector: LabelSelector
    readonly template: PodTemplateSpec
    readonly updateStrategy: DaemonSetUpdateStrategy
    readonly minReadySeconds: number
    readonly revisionHistoryLimit: number
  }
}

export interface PodFailurePolicyRule {
  readonly action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count'
  readonly onExitCodes?: {
    readonly containerName?: string
    readonly operator: 'In' | 'NotIn'
    readonly values: readonly number[]
  }
  readonly onPodConditions?: readonly { readonly type: string; readonly status: string }[]
}

export interface SuccessPolicyRule {
  readonly succeededIndexes?: string
  readonly succeededCount?: number
}

export interface JobSpec {
  readonly parallelism: number
  /** Absent: a work queue, complete once one pod succeeded and none is active. */
  readonly completions?: number
  readonly completionMode: 'NonIndexed' | 'Indexed'
  readonly backoffLimit: number
  readonly backoffLimitPerIndex?: number
  readonly maxFailedIndexes?: number
  readonly activeDeadlineSeconds?: number
  readonly ttlSecondsAfterFinished?: number
  readonly suspend: boolean
  readonly manualSelector: boolean
  /** Absent: generated at creation (see `generatedJobLabels` in defaults.ts). */
  readonly selector?: LabelSelector
  readonly podFailurePolicy?: { readonly rules: readonly PodFailurePolicyRule[] }
  readonly successPolicy?: { readonly rules: readonly SuccessPolicyRule[] }
  readonly podReplacementPolicy: 'TerminatingOrFailed' | 'Failed'
  readonly managedBy?: string
  readonly template: PodTemplateSpec
}

export interface Job {
  readonly apiVersion: 'batch/v1'
  readonly kind: 'Job'
  readonly metadata: ObjectMeta
  readonly spec: JobSpec
}

export interface CronJob {
  readonly apiVersion: 'batch/v1'
  readonly kind: 'CronJob'
  readonly metadata: ObjectMeta
  readonly spec: {
    readonly schedule: string
    readonly timeZone?: string
    readonly startingDeadlineSeconds?: number
    readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace'
    readonly suspend: boolean
    readonly successfulJobsHistoryLimit: number
    readonly failedJobsHistoryLimit: number
    readonly jobTemplate: {
      readonly metadata: { readonly labels: LabelMap; readonly annotations: LabelMap }
      readonly spec: JobSpec
    }
  }
}
