// Primaries of StatefulSets as written: how one is found, and what is written to it.

import { z } from 'zod'
import { duration, workload } from './schemaWords.ts'

const lease = z
  .strictObject({
    election: duration
      .optional()
      .describe('From the loss of the primary until another one is chosen, whatever its lease says.'),
    duration: duration.optional().describe('How long a lease lasts after its last renewal; default 15s.'),
    retry: duration
      .optional()
      .describe('How often the holder renews and the others look, these up to 2.2 times as long; default 2s.'),
    release: z.boolean().optional().describe('A primary that gets SIGTERM gives its lease up at once; default true.'),
  })
  .refine((value) => value.election === undefined || Object.keys(value).length === 1, {
    error: 'give the time of an election, or duration, retry and release, from which it follows',
  })

const writes = z.strictObject({
  perSecond: z.number().min(0).max(1e9),
  lag: duration
    .optional()
    .describe('How far replicas are behind: what was written in it is lost with a primary that dies; default 0s.'),
  quorum: z.boolean().optional().describe('A write needs a majority of serving members; default false.'),
})

/** The entry of one StatefulSet under `primaries`. */
export const primary = z
  .strictObject({
    workload,
    ordinal: z.int().min(0).optional().describe('The pod of this ordinal is the primary.'),
    lease: lease
      .optional()
      .describe('The pod that holds a lease is the primary; when it goes, the one that has served longest is chosen.'),
    writes: writes.optional().describe('What is written to the set: the column lostWrites.'),
  })
  .refine((value) => (value.ordinal === undefined) !== (value.lease === undefined), {
    error: 'say how the primary is found: ordinal, or lease',
  })
