// The steps of a timeline as written.

import { z } from 'zod'
import { kubeletSteps } from './schemaImages.ts'
import { nodeShape } from './schemaNodes.ts'
import { duration, kubernetes, name, taint, workload } from './schemaWords.ts'

const onWorkload = z.strictObject({ workload })
const onNode = z.strictObject({ node: z.string() })

const stepOps = {
  setImage: z.strictObject({ workload, container: z.string().optional(), image: z.string().min(1) }).optional(),
  patch: z.strictObject({ workload, patch: kubernetes }).optional(),
  apply: z.strictObject({ object: kubernetes }).optional(),
  delete: z
    .strictObject({ object: workload, cascade: z.enum(['background', 'foreground', 'orphan']).optional() })
    .optional(),
  scale: z.strictObject({ workload, replicas: z.int().min(0).max(20_000) }).optional(),
  pause: onWorkload.optional(),
  resume: onWorkload.optional(),
  restart: onWorkload.optional(),
  undo: z.strictObject({ workload, toRevision: z.int().min(0).optional() }).optional(),
  deletePod: z
    .strictObject({
      workload: workload.optional(),
      pod: z.string().optional(),
      node: z.string().optional(),
      index: z.int().min(0).optional(),
      force: z.boolean().optional(),
    })
    .refine((step) => (step.workload ?? step.pod ?? step.node) !== undefined, {
      error: 'say which pod: name a workload, a pod or a node',
    })
    .optional(),
  nodeDown: onNode.optional(),
  nodeUp: onNode.optional(),
  deleteNode: onNode.optional(),
  cordon: onNode.optional(),
  uncordon: onNode.optional(),
  drain: onNode.optional(),
  taintNode: taint
    .extend({ node: z.string(), remove: z.boolean().optional() })
    .optional()
    .describe('Puts a taint on a node, or takes it off, as kubectl taint does; other taints stay.'),
  addNode: z.strictObject({ node: z.union([name, z.strictObject(nodeShape)]) }).optional(),
  ...kubeletSteps,
}

/** The steps that a timeline may contain. */
export const STEP_OPS = Object.keys(stepOps) as readonly (keyof typeof stepOps)[]

export const step = z
  .strictObject({ at: duration, ...stepOps })
  .refine((value) => Object.keys(value).length === 2, {
    error: `a step is a time (at) and exactly one of ${STEP_OPS.join(', ')}`,
  })
  .meta({ minProperties: 2, maxProperties: 2 })
