// How requests are simulated, as written.

import { z } from 'zod'

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
})
