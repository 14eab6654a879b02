// How an arm carries out a release otherwise than by the Deployment's own strategy, as written.

import { z } from 'zod'
import { duration, exactlyOne } from './schemaWords.ts'

const intOrPercent = z
  .union([z.int().min(0), z.string().regex(/^\d+%$/, { error: 'write a number of pods or a percentage, such as 25%' })])
  .optional()

const errorRate = z
  .string()
  .regex(/^\s*(<=|<|>=|>)\s*\d+(\.\d+)?\s*%\s*$/, { error: 'write a comparison with a percentage, such as "<= 1%"' })
  .describe('The share of the requests of an interval that are lost or answered with an error.')

const analysis = z.strictObject({
  errorRate: errorRate.describe('A measurement succeeds if this holds: "<= 1%".'),
  for: duration.describe('How long it is measured.'),
  interval: duration.optional().describe('Each measurement looks at the interval before it; default 10s.'),
  failureLimit: z.int().min(0).optional().describe('Failed measurements that are tolerated; default 0.'),
})

const canaryStep = z
  .strictObject({
    setWeight: z.int().min(0).max(100).optional().describe('Percent of the pods that the new version gets.'),
    pause: duration.optional(),
    analysis: analysis.optional().describe('If it fails, the rollout is aborted: back to the former version.'),
  })
  .refine((value) => Object.keys(value).length === 1, {
    error: 'a step of a canary is exactly one of setWeight, pause, analysis',
  })
  .meta(exactlyOne)

const blueGreen = z
  .strictObject({
    scaleDownDelay: duration.optional().describe('How long the old pods stay after the switch; default 30s.'),
    promote: z
      .union([z.literal('auto'), z.strictObject({ after: duration })])
      .optional()
      .describe('When the Service switches: as soon as all new pods are available (auto, the default), or later.'),
    previewReplicas: z.int().min(1).optional().describe('New pods before the promotion; default all.'),
  })
  .describe('A second ReplicaSet at full size; the Service switches; the old one goes. As Argo Rollouts does it.')

const canary = z
  .strictObject({
    steps: z.array(canaryStep).min(1).max(100),
    maxSurge: intOrPercent.describe("Default the Deployment's."),
    maxUnavailable: intOrPercent.describe("Default the Deployment's."),
  })
  .describe('Part of the pods first. The basic canary of Argo Rollouts: weights are numbers of pods.')

/** The strategies by name. */
const strategies = {
  blueGreen: blueGreen.optional(),
  canary: canary.optional(),
}

export const STRATEGY_TYPES = Object.keys(strategies) as readonly (keyof typeof strategies)[]

export const strategy = z
  .strictObject(strategies)
  .refine((value) => Object.keys(value).length === 1, {
    error: `a strategy is exactly one of ${STRATEGY_TYPES.join(', ')}`,
  })
  .meta(exactlyOne)
  .describe('Carries out the releases of the target, a Deployment, in another way than Kubernetes would by itself.')

export type WrittenStrategy = z.infer<typeof strategy>
