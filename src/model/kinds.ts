// The kinds of objects that the model compiles: one line each. A kind that is not here has no effect on a run.

import type {
  CronJob,
  DaemonSet,
  Deployment,
  Job,
  KubeObject,
  PodDisruptionBudget,
  StatefulSet,
} from '../manifest/types.ts'
import { compileBudgetSpec } from './budgetSpec.ts'
import { compileCronJobSpec } from './cronJobSpec.ts'
import { compileDaemonSetSpec } from './daemonSetSpec.ts'
import { compileDeploymentSpec } from './deploymentSpec.ts'
import { compileJobSpec } from './jobSpec.ts'
import { compileStatefulSetSpec } from './statefulSetSpec.ts'
import { type CompiledSpec, Kind, type TemplateIds } from './types.ts'

/** Turns a defaulted object's spec into integers. */
export type SpecCompiler = (object: KubeObject, ids: TemplateIds) => CompiledSpec

/** By Kind. */
export const COMPILERS: Readonly<Partial<Record<Kind, SpecCompiler>>> = {
  [Kind.Deployment]: (object, ids) => compileDeploymentSpec(object as Deployment, ids),
  [Kind.PodDisruptionBudget]: (object) => compileBudgetSpec(object as PodDisruptionBudget),
  [Kind.DaemonSet]: (object, ids) => compileDaemonSetSpec(object as DaemonSet, ids),
  [Kind.Job]: (object, ids) => compileJobSpec(object as Job, ids),
  [Kind.CronJob]: (object, ids) => compileCronJobSpec(object as CronJob, ids),
  [Kind.StatefulSet]: (object, ids) => compileStatefulSetSpec(object as StatefulSet, ids),
}
