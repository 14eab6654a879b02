// The spec of each kind of object after some step, as integers. Steps are known beforehand, so every spec is compiled
// before the run.

import type { LabelSelector } from '../manifest/types.ts'
import type { TemplateId } from './ids.ts'
import type { NodeTerm } from './nodeAffinity.ts'

/** An integer or a percentage, as the API has it. */
export interface IntOrPercent {
  readonly value: number
  readonly percent: boolean
}

/** A Deployment's spec after some step. Steps are known beforehand, so every spec is compiled before the run. */
export interface DeploymentSpec {
  readonly replicas: number
  readonly recreate: boolean
  readonly maxSurge: IntOrPercent
  readonly maxUnavailable: IntOrPercent
  readonly minReadySeconds: number
  /** NONE: no deadline. */
  readonly progressDeadlineSeconds: number
  /** NONE: keep all. */
  readonly revisionHistoryLimit: number
  readonly paused: boolean
  readonly template: TemplateId
  readonly selector: LabelSelector
  /** The annotation kubernetes.io/change-cause as a row of Model.changeCauses; NONE: it has none. */
  readonly changeCause: number
}

/** The spec of a ReplicaSet or ReplicationController of the manifests after some step. */
export interface ReplicaSetSpec {
  readonly replicas: number
  readonly minReadySeconds: number
  readonly template: TemplateId
  readonly selector: LabelSelector
  /** Labels of the object itself, by which Deployments adopt it. */
  readonly labels: Readonly<Record<string, string>>
}

/** A bare pod after some step. */
export interface PodSpec {
  readonly template: TemplateId
  /** Empty: the scheduler places it. */
  readonly nodeName: string
}

/** A PodDisruptionBudget's spec after some step. */
export interface BudgetSpec {
  /** A budget makes no pods: NONE. */
  readonly template: TemplateId
  /** What must stay, or may go; `nothing` if the spec says neither. */
  readonly demand:
    { readonly type: 'minAvailable' | 'maxUnavailable'; readonly value: IntOrPercent } | { readonly type: 'nothing' }
  /** unhealthyPodEvictionPolicy AlwaysAllow: pods that are not Ready may always be evicted. */
  readonly alwaysAllowsUnhealthy: boolean
  /** Undefined: selects nothing. */
  readonly selector: LabelSelector | undefined
}

/** A DaemonSet's spec after some step. */
export interface DaemonSetSpec {
  /** The template of its pods: with the tolerations that the controller adds. */
  readonly template: TemplateId
  readonly onDelete: boolean
  readonly maxSurge: IntOrPercent
  readonly maxUnavailable: IntOrPercent
  readonly minReadySeconds: number
  readonly revisionHistoryLimit: number
  /** Empty: any node. */
  readonly nodeName: string
  readonly nodeAffinity: readonly NodeTerm[] | undefined
}

/** A claim of the manifests, or of a claim template. */
export interface ClaimSpec {
  /** A claim makes no pods: NONE. */
  readonly template: TemplateId
  /** Undefined: the default class. */
  readonly className: string | undefined
  /** Bits of AccessMode (storageTypes.ts). */
  readonly accessModes: number
  readonly bytes: number
  /** Empty: any volume. */
  readonly volumeName: string
  /** Of volumes to bind; undefined: all. A claim with one is never provisioned. */
  readonly selector: LabelSelector | undefined
}

/** A StatefulSet's spec after some step. */
export interface StatefulSetSpec {
  readonly replicas: number
  /** spec.ordinals.start. */
  readonly startOrdinal: number
  /** podManagementPolicy Parallel; OrderedReady otherwise. */
  readonly parallel: boolean
  /** updateStrategy OnDelete; RollingUpdate otherwise. */
  readonly onDelete: boolean
  /** NONE: the manifest has no `rollingUpdate` block, which the controller takes for something else than partition 0. */
  readonly partition: number
  /** Read only with the gate MaxUnavailableStatefulSet. */
  readonly maxUnavailable: IntOrPercent
  readonly minReadySeconds: number
  /** NONE: keep all. */
  readonly revisionHistoryLimit: number
  /** Names of the volumeClaimTemplates. */
  readonly claimTemplates: readonly string[]
  /** What each of them asks for. */
  readonly claims: readonly ClaimSpec[]
  /** persistentVolumeClaimRetentionPolicy: claims go with a pod that is scaled away; with the set. */
  readonly deletesClaimsWhenScaled: boolean
  readonly deletesClaimsWhenDeleted: boolean
  readonly template: TemplateId
}

/** An object with a row: its name, and its spec after each write. */
export interface ObjectModel<Spec> {
  readonly name: string
  readonly specs: readonly Spec[]
  /** By spec: metadata.finalizers has entries, which keep the object after its deletion. */
  readonly hasFinalizers: readonly boolean[]
}
