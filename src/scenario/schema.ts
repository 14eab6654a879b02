// The scenario file as its author writes it: one definition for the types, the messages and the JSON Schema for editors.
// Nothing is transformed here. Durations stay texts until load.ts reads them, so that every problem has a position.

import { z } from 'zod'
import { application } from './schemaApplications.ts'
import { type imageTimings, surroundings, timings } from './schemaDelays.ts'
import { fault } from './schemaFaults.ts'
import { kubelets, registry } from './schemaImages.ts'
import { primary } from './schemaPrimaries.ts'
import { requests } from './schemaRequests.ts'
import { nodeGroup } from './schemaNodes.ts'
import { scheduler } from './schemaScheduler.ts'
import { step } from './schemaSteps.ts'
import { traffic } from './schemaTraffic.ts'
import { profileChoice, profileSchema } from './schemaProfile.ts'
import { storage } from './schemaStorage.ts'
import { strategy } from './schemaStrategy.ts'
import { API_VERSION, duration, kubernetes, name, workload } from './schemaWords.ts'

const cluster = z.strictObject({
  kubernetes: z
    .string({
      error: (issue) => (typeof issue.input === 'number' ? `write it in quotes: "${issue.input}"` : undefined),
    })
    .optional()
    .describe('The Kubernetes version whose schema checks the manifests; default "1.36".'),
  featureGates: z.record(z.string(), z.boolean()).optional(),
  nodes: z.array(nodeGroup).min(1).optional(),
  kubelet: z
    .enum(['real', 'scripted'])
    .optional()
    .describe('How the nodes run pods: as real kubelets do, or by given times alone.'),
  placement: z
    .enum(['real', 'scripted'])
    .optional()
    .describe('How pods find nodes: as by the real scheduler (default), or on the node with the fewest pods.'),
})

export const arm = z.strictObject({
  name: name,
  label: z.string().optional().describe('Words for tables and charts; by default made from the patch or grid values.'),
  target: z
    .union([workload, z.array(workload).min(1)])
    .optional()
    .describe('What patch and grid change: Kind/name, or several of them; left out, the only workload.'),
  patch: kubernetes.optional().describe('A strategic merge patch on the manifest.'),
  grid: z
    .record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1))
    .optional()
    .describe('Field paths with their values; every combination becomes an arm.'),
  strategy: strategy.optional(),
})

export const metadata = z.strictObject({ name })

/** `kind: Scenario`. */
export const scenarioSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Scenario'),
  metadata,
  spec: z.strictObject({
    description: z.string().optional().describe('One or two sentences, shown where scenarios are listed.'),
    labels: z
      .array(name)
      .optional()
      .describe('For choosing scenarios: `smoke` runs in the tests, `full` takes its time.'),
    manifests: z.array(z.string().min(1)).optional().describe('Kubernetes YAML files, relative to this file.'),
    objects: z.array(kubernetes).optional().describe('Kubernetes objects, written here instead of in files.'),
    cluster: cluster.optional(),
    profile: profileChoice.optional(),
    surroundings: surroundings.optional(),
    scheduler: scheduler.optional(),
    warmUp: duration.optional().describe('How long before 0 the objects are created; default 10m.'),
    timings: timings.optional(),
    applications: z
      .record(z.string(), application)
      .optional()
      .describe('How applications behave, per image; "*" is all images. Left out, they just serve.'),
    registry: registry.optional(),
    kubelets: kubelets.optional(),
    storage: storage.optional(),
    traffic: z.array(traffic).optional(),
    requests: requests.optional().describe('How requests are simulated: in expectation, or one by one.'),
    primaries: z
      .array(primary)
      .optional()
      .describe('Which pod of a StatefulSet is its primary; default the first ordinal.'),
    timeline: z.array(step).optional(),
    faults: z
      .array(fault)
      .max(100)
      .optional()
      .describe(
        'Failures from the first step of the timeline to the horizon, drawn by the seed: every arm meets the same.',
      ),
    arms: z.array(arm).min(1).optional(),
    runs: z.int().min(1).max(10_000_000).optional(),
    seed: z.int().min(0).optional(),
    horizon: duration.optional().describe('The end of every run; default 20m.'),
    thresholds: z
      .array(z.string())
      .optional()
      .describe('ARM: COLUMN STAT OP VALUE, for example "rolling-1-0: downtimeSeconds p99 == 0".'),
  }),
})

/** A scenario file as written, checked in shape. */
export type ScenarioDocument = z.infer<typeof scenarioSchema>
export type WrittenSpec = ScenarioDocument['spec']
export type WrittenStep = z.infer<typeof step>
export type WrittenFault = z.infer<typeof fault>
export type WrittenArm = z.infer<typeof arm>
export type WrittenNodeGroup = z.infer<typeof nodeGroup>
export type WrittenNode = Omit<WrittenNodeGroup, 'count'>
export type WrittenTimings = z.infer<typeof imageTimings>
export type WrittenApplication = z.infer<typeof application>
export type WrittenPrimary = z.infer<typeof primary>
export type { WrittenTraffic } from './schemaTraffic.ts'
export type WrittenRegistry = z.infer<typeof registry>
export type WrittenKubelets = z.infer<typeof kubelets>
export type WrittenSurroundings = z.infer<typeof surroundings>
export type WrittenScheduler = z.infer<typeof scheduler>

/** The JSON Schema (draft-7) of scenario files, as editors read it; published as scenarios/scenario.schema.json. */
export function scenarioJsonSchema(): unknown {
  return toJsonSchema(scenarioSchema)
}

/** The JSON Schema (draft-7) of profiles; published as profiles/profile.schema.json. */
export function profileJsonSchema(): unknown {
  return toJsonSchema(profileSchema)
}

/** A schema of ours as editors read it. */
export function toJsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    reused: 'ref',
    override: ({ jsonSchema }) => {
      const { override } = jsonSchema as { override?: Record<string, unknown> }
      if (override === undefined) return
      delete jsonSchema.anyOf
      delete (jsonSchema as { override?: unknown }).override
      Object.assign(jsonSchema, override)
    },
  })
}
