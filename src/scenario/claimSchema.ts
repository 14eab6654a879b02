// A claim as its author writes it: a statement, its verdict, and the scenarios that decide it.

import { z } from 'zod'
import { metadata, toJsonSchema } from './schema.ts'
import { API_VERSION, kubernetes, name } from './schemaWords.ts'

/** True on every side, false on every side, or it depends on the side. */
export const VERDICTS = ['T', 'F', 'V'] as const
export type Verdict = (typeof VERDICTS)[number]

const assertion = z.string().min(1)

const assertions = z.union([assertion, z.array(assertion).min(1)])

const changes = {
  patch: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('A JSON merge patch on the spec of the scenario: maps are merged, lists replaced, null removes.'),
  objects: z
    .record(z.string(), z.union([kubernetes, z.null()]))
    .optional()
    .describe('By Kind/name: a strategic merge patch on that object, or null, which leaves it out.'),
  arm: z.string().optional().describe('The arm to run; default the first.'),
  refused: z
    .string()
    .optional()
    .describe("Part of the API server's message: the objects are not accepted, and nothing runs."),
  facts: assertions.optional().describe('Assertions that hold here, whatever the verdict: the evidence.'),
}

const side = z.strictObject({
  name,
  ...changes,
  assert: assertions.optional().describe('Instead of that of the claim, where its words need other names here.'),
})

const beside = z.strictObject({ name, ...changes })

const twin = z.strictObject({
  without: z.string().min(1).describe('The mechanism that is switched off, in words.'),
  of: name.optional().describe('The side that it is a twin of; default the first.'),
  ...changes,
})

/** `kind: Claim`. */
export const claimSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Claim'),
  metadata,
  spec: z.strictObject({
    claim: z.string().min(1).describe('The statement, as one reads it.'),
    verdict: z.enum(VERDICTS).describe('T: the assertion holds on every side; F: on none; V: it depends on the side.'),
    description: z.string().optional().describe('What really happens, and why.'),
    seeds: z.int().min(1).max(10_000).optional().describe('Runs of each side; default 20.'),
    scenario: z
      .union([z.string().min(1), z.record(z.string(), z.unknown())])
      .describe('The spec of a scenario, or a scenario file, relative to this one.'),
    assert: assertions.describe('The claim as an assertion; all of them, if there are several.'),
    number: z
      .string()
      .min(1)
      .optional()
      .describe('What the table reports; default the left side of the first assertion.'),
    unit: z.string().min(1).optional().describe('The unit of the number.'),
    refused: changes.refused,
    facts: changes.facts,
    sides: z.array(side).min(1).max(20).optional().describe('Default: the scenario as it stands, called base.'),
    beside: z
      .array(beside)
      .min(1)
      .max(20)
      .optional()
      .describe('Scenarios to compare with, by on(NAME, …); they are played with the same seeds, and not judged.'),
    twin: z
      .union([twin, z.array(twin).min(1).max(5)])
      .describe('The scenario of a side with the mechanism switched off: the outcome must change.'),
  }),
})

export type ClaimDocument = z.infer<typeof claimSchema>
export type WrittenClaim = ClaimDocument['spec']
export type WrittenSide = z.infer<typeof side>
export type WrittenBeside = z.infer<typeof beside>
export type WrittenTwin = z.infer<typeof twin>

/** The JSON Schema (draft-7) of claims, published as scenarios/claim.schema.json. */
export function claimJsonSchema(): unknown {
  return toJsonSchema(claimSchema)
}
