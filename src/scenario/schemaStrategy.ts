// How an arm carries out a release otherwise than by the Deployment's own strategy, as written.

import { z } from 'zod'
import { distribution, duration, exactlyOne } from './schemaWords.ts'

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

const byHand = z
  .strictObject({
    interval: duration.optional().describe('From one deletion to the next.'),
    waitReady: z
      .boolean()
      .optional()
      .describe('All pods must be Ready before the next deletion; default without interval.'),
  })
  .describe('The template of the running ReplicaSet is replaced, then its pods are deleted one by one.')

const deleteAllPods = z
  .strictObject({ interval: duration.optional().describe('From one deletion to the next; default all at once.') })
  .describe('The image is pushed again under its tag, with pull policy Always; then the pods are deleted.')

const rollback = z
  .strictObject({
    detect: distribution.optional().describe('From the release until somebody notices.'),
    when: z
      .string()
      .regex(/^\s*(progressDeadline|errorRate\s*(<=|<|>=|>)\s*\d+(\.\d+)?\s*%)\s*$/, {
        error: 'write progressDeadline, or a comparison such as "errorRate > 5%"',
      })
      .optional()
      .describe('Instead of detect: an alarm, "errorRate > 5%" or progressDeadline.'),
    for: duration.optional().describe('How long the error rate must be that bad before the alarm; default 0s.'),
    interval: duration.optional().describe('How often the alarm looks at the error rate; default 15s.'),
    decide: distribution.optional().describe('From then until the decision; default 0s.'),
    by: z.enum(['undo', 'pipeline']).describe('kubectl rollout undo, or a revert that runs through the pipeline.'),
    pipeline: distribution.optional().describe('How long the pipeline takes.'),
  })
  .refine((value) => (value.detect === undefined) !== (value.when === undefined), {
    error: 'say how a bad release is noticed: either detect, or when',
  })
  .refine((value) => (value.by === 'pipeline') === (value.pipeline !== undefined), {
    error: 'a rollback by pipeline, and only that, says how long the pipeline takes',
  })
  .describe('The release is bad, is noticed, and is taken back.')

/** The strategies by name. */
const strategies = {
  blueGreen: blueGreen.optional(),
  canary: canary.optional(),
  byHand: byHand.optional(),
  deleteAllPods: deleteAllPods.optional(),
  rollback: rollback.optional(),
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
