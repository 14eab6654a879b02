// The scheduler as written.

import { z } from 'zod'
import { distribution } from './schemaWords.ts'

export const scheduler = z.strictObject({
  tieBreak: z
    .enum(['random', 'first'])
    .optional()
    .describe(
      'Which of equally good nodes a pod gets: any (default), or `first`, what Kubernetes 1.36 without extenders does.',
    ),
  cycle: distribution.optional().describe('How long the scheduler works on one pod; it takes one after the other.'),
  bindsPerSecond: z
    .number()
    .min(0)
    .max(100_000)
    .optional()
    .describe("Limit of the scheduler's writes; 0 is no limit. Kubernetes' default is 50."),
  bindBurst: z.int().min(1).max(100_000).optional().describe('Writes that may go out at once before that limit holds.'),
})
