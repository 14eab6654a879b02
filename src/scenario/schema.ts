// The scenario file as its author writes it: one definition for the types, the messages and the JSON Schema for editors.
// Nothing is transformed here. Durations stay texts until load.ts reads them, so that every problem has a position.

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
const kubernetes = z.record(z.string(), z.unknown())

const exactlyOne = { minProperties: 1, maxProperties: 1 }

/** A duration, or a state that is not reached. */
const delay = z.union([z.string(), z.number()]).meta({
  override: { type: 'string', pattern: `^never$|${DURATION_PATTERN}` },
  description: 'A duration with its unit, or `never`.',
})

const distribution = z
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

const quantity = z.union([z.string(), z.number()]).describe('A Kubernetes quantity: "4", 500m, 16Gi.')

const taint = z.strictObject({
  key: z.string().min(1),
  value: z.string().optional(),
  effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']),
})

const allocatable = z.strictObject({ cpu: quantity, memory: quantity, pods: z.int().min(1).max(10_000).optional() })

const nodeShape = {
  name: name.describe('With a count, the prefix: `node` becomes node-01, node-02 …; without, the name itself.'),
  allocatable,
  labels: z.record(z.string(), z.string()).optional(),
  taints: z.array(taint).optional(),
  unschedulable: z.boolean().optional(),
}

const nodeGroup = z.strictObject({ ...nodeShape, count: z.int().min(1).max(5_000).optional() })

const cluster = z.strictObject({
  kubernetes: z
    .string({
      error: (issue) => (typeof issue.input === 'number' ? `write it in quotes: "${issue.input}"` : undefined),
    })
    .optional()
    .describe('The Kubernetes version whose schema checks the manifests; default "1.36".'),
  featureGates: z.record(z.string(), z.boolean()).optional(),
  nodes: z.array(nodeGroup).min(1).optional(),
  placement: z.enum(['spread', 'scripted']).optional().describe('How the scheduler breaks ties; default `spread`.'),
})

const imageTimings = z.strictObject({
  pull: distribution.optional().describe('Paid once per node and image.'),
  start: distribution.optional().describe('From the pulled image to the running container.'),
  ready: distribution.optional().describe('From container start until the application can serve.'),
  terminate: distribution.optional().describe('From SIGTERM to the exit of the container.'),
  run: distribution.optional().describe('From container start until it exits by itself; default never.'),
  fail: z
    .union([z.boolean(), z.number().min(0).max(1), z.array(z.boolean()).min(1)])
    .optional()
    .describe('Whether that exit is a failure: true, false, a probability, or a list taken in turn.'),
})

const surroundings = z.strictObject({
  apiWrite: duration.optional().describe('How long a controller waits for an API write.'),
  bind: distribution.optional().describe("From the scheduler's decision until the kubelet sees the pod."),
  endpointDelay: duration
    .optional()
    .describe('Until clients follow a change of the endpoints; traffic may override it.'),
})

const traffic = z.strictObject({
  to: z.string().describe('Service/name, or a workload: Deployment/name, StatefulSet/name, …'),
  requestsPerSecond: z.number().min(0).max(1e9).optional(),
  endpointDelay: duration.optional(),
})

const workload = z.string().describe('Kind/name of an object of the manifests, for example Deployment/checkout.')
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
  addNode: z.strictObject({ node: z.union([name, z.strictObject(nodeShape)]) }).optional(),
}

/** The steps that a timeline may contain. */
export const STEP_OPS = Object.keys(stepOps) as readonly (keyof typeof stepOps)[]

const step = z
  .strictObject({ at: duration, ...stepOps })
  .refine((value) => Object.keys(value).length === 2, {
    error: `a step is a time (at) and exactly one of ${STEP_OPS.join(', ')}`,
  })
  .meta({ minProperties: 2, maxProperties: 2 })

const faultNodes = z
  .array(z.string().min(1))
  .min(1)
  .optional()
  .describe('Names of nodes or of node groups; default all nodes.')

const mtbf = duration.describe('Mean time between two of them, exponential; at least 1s.')

const outage = { nodes: faultNodes, mtbf: mtbf.describe('Mean up time of each node, exponential; at least 1s.') }

const faultKinds = {
  nodeCrash: z
    .strictObject({
      ...outage,
      repair: distribution.optional().describe('Until the node is back; default about 90s.'),
    })
    .optional()
    .describe('A machine stops with all its containers; when it is back they are started again.'),
  zoneOutage: z
    .strictObject({
      zones: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe('Values of the label topology.kubernetes.io/zone; default all.'),
      mtbf: mtbf.describe('Mean up time of each zone, exponential; at least 1s.'),
      repair: distribution.optional().describe('Until the zone is back; default about 10m.'),
    })
    .optional()
    .describe('All nodes of a zone crash at once and are back at once.'),
  partition: z
    .strictObject({ ...outage, repair: distribution.optional().describe('Until it is reachable; default about 2m.') })
    .optional()
    .describe('Nobody reaches the node, clients included; its containers go on.'),
  kubeletRestart: z
    .strictObject({ ...outage, repair: distribution.optional().describe('Until it works again; default about 10s.') })
    .optional()
    .describe('The kubelet neither reports nor starts nor stops anything meanwhile; containers go on and serve.'),
  drain: z
    .strictObject({
      nodes: faultNodes,
      first: duration.describe('When the first node is drained; counts from 0 of the timeline.'),
      every: duration.optional().describe('Until the next node is drained, in turn; default: only one is.'),
      times: z.int().min(1).max(100_000).optional().describe('How many drains; default: until the horizon.'),
      uncordonAfter: duration.optional().describe('Until a drained node is uncordoned; default never.'),
    })
    .optional()
    .describe('Nodes are drained one after another, from the first again after the last.'),
  podCrash: z
    .strictObject({
      workload: workload.optional().describe('Kind/name; default the pods of all workloads.'),
      mtbf: mtbf.describe('Mean time that the containers of one pod run, exponential; at least 1s.'),
    })
    .optional()
    .describe(
      'The containers of a pod end. With restartPolicy Always (OnFailure) the pod becomes NotReady and start and ready ' +
        'are drawn again, without a back-off; with Never it is Failed.',
    ),
}

/** The kinds of random failures. */
export const FAULT_KINDS = Object.keys(faultKinds) as readonly (keyof typeof faultKinds)[]

export const fault = z
  .strictObject(faultKinds)
  .refine((value) => Object.keys(value).length === 1, { error: `a fault is exactly one of ${FAULT_KINDS.join(', ')}` })
  .meta(exactlyOne)

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
})

const primary = z
  .strictObject({
    workload,
    ordinal: z.int().min(0).optional().describe('The pod of this ordinal is the primary.'),
    lease: z
      .strictObject({ election: duration.describe('From the loss of the primary until another one is chosen.') })
      .optional()
      .describe('The pod that holds a lease is the primary; when it goes, the one that has served longest is chosen.'),
  })
  .refine((value) => Object.keys(value).length === 2, { error: 'say how the primary is found: ordinal, or lease' })

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
    profile: z.enum(['typical', 'ideal']).optional().describe('`ideal`: every delay that is not named is zero.'),
    surroundings: surroundings.optional(),
    warmUp: duration.optional().describe('How long before 0 the objects are created; default 10m.'),
    timings: z.record(z.string(), imageTimings).optional().describe('Per image; "*" is all images.'),
    traffic: z.array(traffic).optional(),
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
export type WrittenPrimary = z.infer<typeof primary>
export type WrittenTraffic = z.infer<typeof traffic>
export type WrittenSurroundings = z.infer<typeof surroundings>

/** The JSON Schema (draft-7) of scenario files, as editors read it; published as scenarios/scenario.schema.json. */
export function scenarioJsonSchema(): unknown {
  return toJsonSchema(scenarioSchema)
}

/** A schema of ours as editors read it. */
export function toJsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    override: ({ jsonSchema }) => {
      const { override } = jsonSchema as { override?: Record<string, unknown> }
      if (override === undefined) return
      delete jsonSchema.anyOf
      delete (jsonSchema as { override?: unknown }).override
      Object.assign(jsonSchema, override)
    },
  })
}
