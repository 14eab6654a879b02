// The kinds of objects that the model compiles: one line each. A kind that is not here has no effect on a run.

import type { Deployment, KubeObject, PodTemplateSpec } from '../manifest/types.ts'
import { compileDeploymentSpec } from './deploymentSpec.ts'
import type { CompiledSpec } from './tableBuilder.ts'
import { Kind, type TemplateId } from './types.ts'

/** Gives ids to templates. */
export interface TemplateIds {
  templateId(template: PodTemplateSpec): TemplateId
}

/** Turns a defaulted object's spec into integers. */
export type SpecCompiler = (object: KubeObject, ids: TemplateIds) => CompiledSpec

/** By Kind. */
export const COMPILERS: Readonly<Partial<Record<Kind, SpecCompiler>>> = {
  [Kind.Deployment]: (object, ids) => compileDeploymentSpec(object as Deployment, ids),
}
