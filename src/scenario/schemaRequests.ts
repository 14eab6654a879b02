// How requests are simulated, as written.

import { z } from 'zod'
import { duration } from './schemaWords.ts'

export const requests = z.strictObject({
  mode: z
    .enum(['fluid', 'requests'])
    .optional()
    .describe(
      '`fluid`, the default: exact expectations, whatever the rate. `requests`: each request, with its latency.',
    ),
  arrivals: z
    .enum(['random', 'even'])
    .optional()
    .describe('How requests come, one by one; default `random` (Poisson).'),
  timeout: duration.optional().describe('How long a client waits for its answer; default 30s.'),
})
