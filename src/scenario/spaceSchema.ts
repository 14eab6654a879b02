// A space of scenarios as its author writes it: a base, and the ranges from which its parts are drawn.

import { z } from 'zod'
import { arm, metadata, toJsonSchema } from './schema.ts'
import { fault } from './schemaFaults.ts'
import { API_VERSION, duration, name } from './schemaWords.ts'

/** What scenarios may be won by: the share of complete runs (more is better), or a measured column (less is better). */
export const WIN_CRITERIA = [
  'complete',
  'lostRequests',
  'downtimeSeconds',
  'rolloutSeconds',
  'degradedSeconds',
  'deadlinesMissed',
  'versionOverlapSeconds',
  'peakPods',
  'extraPodSeconds',
  'terminatingPodSeconds',
] as const

const field = z
  .string()
  .min(1)
  .describe('A field of the spec, such as timings.*.ready, or of an object: Deployment/web spec.replicas.')

const target = z.union([
  field,
  z
    .strictObject({ field, times: z.number().positive() })
    .describe('The drawn number, times a factor, for example p95 as three times the median.'),
])

const ranges = {
  integer: z.tuple([z.int().min(0), z.int().min(0)]).optional(),
  number: z.tuple([z.number().min(0), z.number().min(0)]).optional(),
  duration: z.tuple([duration, duration]).optional(),
  choice: z
    .array(z.union([z.string(), z.number(), z.boolean(), z.record(z.string(), z.unknown())]))
    .min(1)
    .optional(),
}

/** The kinds of ranges. */
export const RANGES = Object.keys(ranges) as readonly (keyof typeof ranges)[]

const parameter = z
  .strictObject({
    name: name.describe('A column of scenarios.csv.'),
    ...ranges,
    scale: z.enum(['linear', 'log']).optional().describe('`log`: as many below 10 as above in a range from 1 to 100.'),
    unit: z.string().min(1).optional().describe('Written behind the number: m, Mi, %.'),
    set: z.union([target, z.array(target).min(1)]).describe('Where the drawn value goes.'),
  })
  .refine((value) => RANGES.filter((range) => value[range] !== undefined).length === 1, {
    error: `a parameter has exactly one of ${RANGES.join(', ')}`,
  })
  .meta({ oneOf: RANGES.map((range) => ({ required: [range] })) })

/** `kind: ScenarioSpace`. */
export const spaceSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('ScenarioSpace'),
  metadata,
  spec: z.strictObject({
    description: z.string().optional(),
    labels: z.array(name).optional(),
    base: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .describe('A scenario file, relative to this one, or the spec of a scenario.'),
    arms: z.array(arm).min(1).optional().describe('Instead of those of the base.'),
    faults: z.array(fault).max(100).optional().describe('Instead of those of the base.'),
    parameters: z.array(parameter).max(100),
    scenarios: z.int().min(1).max(1_000_000).optional().describe('How many are drawn; default 1000.'),
    runs: z.int().min(1).max(100_000).optional().describe('Runs of each arm of each scenario; default 5.'),
    seed: z.int().min(0).optional().describe('What the scenarios are drawn by; default 1.'),
    winBy: z
      .array(z.enum(WIN_CRITERIA))
      .min(1)
      .optional()
      .describe('The next one decides where all before are equal; default complete, lostRequests, rolloutSeconds.'),
  }),
})

export type SpaceDocument = z.infer<typeof spaceSchema>
export type WrittenParameter = z.infer<typeof parameter>

/** The JSON Schema (draft-7) of spaces, published as scenarios/space.schema.json. */
export function spaceJsonSchema(): unknown {
  return toJsonSchema(spaceSchema)
}
