// What clients do, as written: connections that they keep, tries after a loss, how many of them there are.

import { z } from 'zod'
import { duration } from './schemaWords.ts'

const share = z.number().min(0).max(1)

export const keepAlive = z
  .strictObject({
    share: share.optional().describe('Share of the requests that go over connections which are kept; default 1.'),
    lifetime: duration
      .optional()
      .describe(
        'Mean age (exponential) at which a client replaces a connection; if left out, it never does by itself.',
      ),
    requestsPerConnection: z
      .number()
      .min(1)
      .optional()
      .describe('The same in requests: a lifetime of so many times `interval`.'),
    interval: duration.optional().describe('Mean time between two requests on one connection; default 1s.'),
    notice: duration
      .optional()
      .describe('How long it takes until a client knows that the server has closed: one way; default 1ms.'),
  })
  .describe('Requests over connections that stay with their pod; without it, each request makes its own connection.')

export const retries = z
  .strictObject({
    attempts: z.int().min(1).max(100).describe('How often a lost request is tried again.'),
    budget: share
      .optional()
      .describe('Most retries, as a share of the requests, with ten seconds of it saved up; default 1.'),
  })
  .describe('What clients do after a loss; without it, a lost request stays lost.')

/** What a profile can say of clients as well. */
export const clientHabits = { keepAlive: keepAlive.optional(), retries: retries.optional() }

export const sources = z
  .int()
  .min(1)
  .max(1e9)
  .optional()
  .describe(
    'Client addresses that send the requests, evenly; only a Service with sessionAffinity ClientIP tells them apart. If left out, each request comes from another one.',
  )

export type WrittenKeepAlive = z.infer<typeof keepAlive>
export type WrittenRetries = z.infer<typeof retries>
