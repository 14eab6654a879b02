// Nodes as written.

import { z } from 'zod'
import { name, quantity, taint } from './schemaWords.ts'

const allocatable = z.strictObject({
  cpu: quantity,
  memory: quantity,
  pods: z.int().min(1).max(10_000).optional(),
  resources: z
    .record(z.string(), quantity)
    .optional()
    .describe('ephemeral-storage and extended resources, such as `example.com/gpu: 4`.'),
})

export const nodeShape = {
  name: name.describe('With a count, the prefix: `node` becomes node-01, node-02 …; without, the name itself.'),
  allocatable,
  labels: z.record(z.string(), z.string()).optional(),
  taints: z.array(taint).optional(),
  unschedulable: z.boolean().optional(),
}

export const nodeGroup = z.strictObject({ ...nodeShape, count: z.int().min(1).max(5_000).optional() })
