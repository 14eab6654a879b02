// The kinds of objects that the model compiles: one line each. A kind that is not here has no effect on a run.

import { compileBudgetSpec } from './budgetSpec.ts'
import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  KubeObject,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ReplicaSet,
  ReplicationController,
  HorizontalPodAutoscaler,
  Service,
  StatefulSet,
} from '../manifest/types.ts'
import { compilePodSpec, compileReplicaSetSpec, compileReplicationControllerSpec } from './rootSpecs.ts'
import { compileCronJobSpec } from './cronJobSpec.ts'
import { compileDaemonSetSpec } from './daemonSetSpec.ts'
import { compileDeploymentSpec } from './deploymentSpec.ts'
import { compileJobSpec } from './jobSpec.ts'
import { compileAutoscalerSpec } from './autoscalerSpec.ts'
import { compileServiceSpec } from './serviceSpec.ts'
import { compileStatefulSetSpec } from './statefulSetSpec.ts'
import { type CompiledSpec, Kind, type TemplateIds } from './types.ts'
import { compileClaim, compileVolume } from './volumes.ts'

/** Turns a defaulted object's spec into integers. */
export type SpecCompiler = (object: KubeObject, ids: TemplateIds) => CompiledSpec

/** By Kind. */
export const COMPILERS: Readonly<Partial<Record<Kind, SpecCompiler>>> = {
  [Kind.Deployment]: (object, ids) => compileDeploymentSpec(object as Deployment, ids),
  [Kind.PodDisruptionBudget]: (object) => compileBudgetSpec(object as PodDisruptionBudget),
  [Kind.ReplicaSet]: (object, ids) => compileReplicaSetSpec(object as ReplicaSet, ids),
  [Kind.ReplicationController]: (object, ids) => compileReplicationControllerSpec(object as ReplicationController, ids),
  [Kind.Pod]: (object, ids) => compilePodSpec(object as Pod, ids),
  [Kind.DaemonSet]: (object, ids) => compileDaemonSetSpec(object as DaemonSet, ids),
  [Kind.Job]: (object, ids) => compileJobSpec(object as Job, ids),
  [Kind.CronJob]: (object, ids) => compileCronJobSpec(object as CronJob, ids),
  [Kind.HorizontalPodAutoscaler]: (object) => compileAutoscalerSpec(object as HorizontalPodAutoscaler),
  [Kind.Service]: (object) => compileServiceSpec(object as Service),
  [Kind.StatefulSet]: (object, ids) => compileStatefulSetSpec(object as StatefulSet, ids),
  [Kind.PersistentVolumeClaim]: (object) => compileClaim(object as PersistentVolumeClaim),
  [Kind.PersistentVolume]: (object) => compileVolume(object as PersistentVolume),
}
