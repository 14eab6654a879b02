// Delays as written, in scenarios and in profiles alike: how images behave, and what surrounds them.

import { z } from 'zod'
import { imageSettings } from './schemaImages.ts'
import { clients, endpointDelay, network } from './schemaTraffic.ts'
import { distribution } from './schemaWords.ts'

export const imageTimings = z.strictObject({
  pull: distribution.optional().describe('Paid once per node and image.'),
  start: distribution.optional().describe('From the pulled image to the running container.'),
  ready: distribution.optional().describe('From container start until the application can serve.'),
  terminate: distribution.optional().describe('From SIGTERM to the exit of the container.'),
  run: distribution.optional().describe('From container start until it exits by itself; default never.'),
  fail: z
    .union([z.boolean(), z.number().min(0).max(1), z.array(z.boolean()).min(1)])
    .optional()
    .describe('Whether that exit is a failure: true, false, a probability, or a list taken in turn.'),
  ...imageSettings,
})

export const timings = z.record(z.string(), imageTimings).describe('Per image; "*" is all images.')

const clientLimit = z
  .strictObject({
    perSecond: z.number().min(0.1).max(1_000_000).describe('Calls a second on average (--kube-api-qps).'),
    burst: z.int().min(1).max(1_000_000).describe('Calls at once (--kube-api-burst).'),
  })
  .optional()

export const surroundings = z.strictObject({
  apiWrite: distribution.optional().describe('How long a controller waits for an API write.'),
  clientLimits: z
    .union([
      z.literal('none'),
      z.strictObject({
        controllerManager: clientLimit.describe('Of each controller by itself; default 20 a second, burst 30.'),
        kubectl: clientLimit.describe('Of the evictions of one kubectl drain; default 5 a second, burst 10.'),
      }),
    ])
    .optional()
    .describe('How quickly clients of the API send; `none`: as quickly as they want.'),
  bind: distribution.optional().describe("From the scheduler's decision until the kubelet sees the pod."),
  endpointDelay: endpointDelay.optional(),
  network: network.optional(),
  clients: clients.optional(),
})
