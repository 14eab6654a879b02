// Words that scenario files are made of: durations, distributions, names, quantities.

import { z } from 'zod'
import { DISTRIBUTION_KEYS, DURATION_PATTERN } from './distribution.ts'

/** The apiVersion of every document that rollbench itself defines. */
export const API_VERSION = 'rollbench.dev/v1'

/** A duration is read by readDuration, whose message is better; here it is only typed, and described for editors. */
export const duration = z.union([z.string(), z.number()]).meta({
  override: { type: 'string', pattern: DURATION_PATTERN },
  description: 'A duration with its unit: 4s, 250ms, 10m, 1h30m.',
})

export const name = z.string().regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, {
  error: 'a name consists of lower case letters, digits, "-" and ".", and starts and ends with a letter or digit',
})

/** Any Kubernetes object or part of one; the manifest room checks it. */
export const kubernetes = z.record(z.string(), z.unknown())

export const exactlyOne = { minProperties: 1, maxProperties: 1 }

/** A duration, or a state that is not reached. */
export const delay = z.union([z.string(), z.number()]).meta({
  override: { type: 'string', pattern: `^never$|${DURATION_PATTERN}` },
  description: 'A duration with its unit, or `never`.',
})

export const distribution = z
  .union([
    delay,
    z
      .strictObject({
        fixed: duration.optional(),
        uniform: z.tuple([duration, duration]).optional(),
        lognormal: z.strictObject({ median: duration, p95: duration }).optional(),
        exponential: z.strictObject({ mean: duration }).optional(),
        list: z.array(delay).min(1).optional().describe('Taken in turn, by the index of the pod.'),
      })
      .refine((value) => Object.keys(value).length === 1, {
        error: `a distribution is one of ${DISTRIBUTION_KEYS.join(', ')}, or a duration, or never`,
      })
      .meta(exactlyOne),
  ])
  .describe('A duration, `never`, or a distribution.')

export const quantity = z.union([z.string(), z.number()]).describe('A Kubernetes quantity: "4", 500m, 16Gi.')

export const taint = z.strictObject({
  key: z.string().min(1),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
})

export const workload = z.string().describe('Kind/name of an object of the manifests, for example Deployment/checkout.')
