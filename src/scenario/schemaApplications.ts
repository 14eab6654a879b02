// How applications behave, as written: one entry for each image, every behaviour optional.

import { z } from 'zod'
import { distribution, duration, quantity } from './schemaWords.ts'

const share = z.number().min(0).max(1)

const chance = share.optional().describe('Of the containers that start; default 1: each.')

/** The entry of one image under `applications`. */
export const application = z.strictObject({
  failsAfter: z
    .int()
    .min(0)
    .optional()
    .describe(
      'After so many requests a container answers only 500; its process stays alive. HTTP probes are requests.',
    ),
  errorRate: share.optional().describe('Share of the requests that are answered with an error.'),
  cpuPerRequest: quantity.optional().describe('CPU that one request a second takes, such as 5m: what autoscalers see.'),
  capacity: z.number().positive().max(1e9).optional().describe('Requests per second that one pod can answer.'),
  serviceTime: distribution
    .optional()
    .describe('Time that a request takes once it is served; default lognormal, median 50ms, p95 259ms.'),
  concurrency: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe('Requests that a pod serves at the same time; default as its capacity needs, without one any number.'),
  queue: z.int().min(0).max(65_536).optional().describe('Requests that may wait in a pod; default 1000.'),
  warmUp: z
    .strictObject({
      from: share.describe('Share of the capacity that a pod has when it begins to listen.'),
      over: duration.describe('Time in which that grows evenly to the whole capacity.'),
    })
    .optional()
    .describe('Capacity after a start, as with compilation just in time and cold caches; needs `capacity`.'),
  memoryLeak: z
    .strictObject({
      base: quantity.optional().describe('Memory at the start of the container; default 0.'),
      perRequest: quantity.optional(),
      perSecond: quantity.optional(),
      limit: quantity.optional().describe('What ends it: default the memory limit of the container.'),
    })
    .optional()
    .describe('Memory that grows until the container is killed (OOMKilled) and restarted.'),
  crash: z
    .strictObject({ probability: chance, after: distribution.optional().describe('From its start; default 0s.') })
    .optional()
    .describe('The process ends with an error some time after the start of its container.'),
  hang: z
    .strictObject({ probability: chance, after: distribution.describe('From the moment it listens.') })
    .optional()
    .describe('The process stays alive and no longer answers anything; only a liveness probe ends that.'),
  migration: z
    .strictObject({
      duration: distribution,
      lock: z.boolean().optional().describe('One pod at a time, the others wait; default true.'),
      once: z.boolean().optional().describe('Later pods of the same image find it done; default false: each runs it.'),
    })
    .optional()
    .describe('What a pod does to a common database after it has started and before it listens.'),
  clone: z
    .strictObject({
      size: quantity.describe('Bytes of data.'),
      bandwidth: quantity.describe('Bytes per second that a peer sends, shared by those who clone from it.'),
      load: share.optional().describe('Share of its own capacity that the peer loses meanwhile; default 0.'),
    })
    .optional()
    .describe('A member of a StatefulSet without data copies them from a peer before it listens.'),
})
