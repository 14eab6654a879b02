// Every API object that we model, defaulted. The definitions stand in typesCore.ts and typesWorkloads.ts.

import type { HorizontalPodAutoscaler } from './typesAutoscaling.ts'
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  PriorityClass,
  Service,
  StorageClass,
} from './typesCore.ts'
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from './typesWorkloads.ts'

export type * from './typesAutoscaling.ts'
export type * from './typesCore.ts'
export type * from './typesWorkloads.ts'

/** A workload that a controller keeps at a number of pods. */
export type Workload = Deployment | ReplicaSet | ReplicationController | StatefulSet | DaemonSet | Job | CronJob

/** An API object that we model: checked and defaulted. */
export type KubeObject =
  | Workload
  | Pod
  | Node
  | Service
  | PodDisruptionBudget
  | PersistentVolumeClaim
  | PersistentVolume
  | StorageClass
  | PriorityClass
  | HorizontalPodAutoscaler

export type Kind = KubeObject['kind']

/** A value as JSON has it. */
export type Json = null | boolean | number | string | Json[] | JsonObject

/** An object as written: parsed, neither checked nor defaulted. */
export interface JsonObject {
  [key: string]: Json
}

/** The text of a field that should hold a string; empty if it does not. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Whether a value is a mapping. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
