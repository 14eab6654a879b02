// Storage as written: how long disks take, by storage class.

import { z } from 'zod'
import { distribution } from './schemaWords.ts'

const storageTimings = z.strictObject({
  provision: distribution.optional().describe('From a claim that wants a disk until there is one.'),
  attach: distribution.optional().describe("The driver's time to attach a disk to a node; polls round it up."),
  detach: distribution.optional().describe("The driver's time to detach a disk; polls round it up."),
  mount: distribution.optional().describe('To stage and publish an attached volume on its node; half of it each.'),
  format: distribution.optional().describe('The file system of a new disk, beside its first mount.'),
  unmount: distribution.optional().describe('To unpublish and unstage a volume on its node; half of it each.'),
  attachFails: z.number().min(0).max(1).optional().describe('The probability that one attempt to attach fails.'),
  attachRequired: z
    .boolean()
    .optional()
    .describe('false: nothing is attached (NFS, files); default by the provisioner.'),
  topology: z
    .enum(['zone', 'node', 'none'])
    .optional()
    .describe(
      'Where a new disk can be used: in the zone of its first pod (default for disks), on its node, or anywhere.',
    ),
})

export const storage = z
  .strictObject({
    classes: z
      .record(z.string(), storageTimings)
      .optional()
      .describe('By the name of a StorageClass; "*" is all of them.'),
    volumes: z
      .enum(['real', 'ignored'])
      .optional()
      .describe('`ignored`: claims are there at once and everywhere, as if pods had none; default `real`.'),
    jitter: z
      .boolean()
      .optional()
      .describe(
        'Whether the status rounds of nodes (each 10 s) begin at random times and vary by 4 %, and polls of drivers by 10 %; ' +
          'default false in the profile ideal, true otherwise.',
      ),
  })
  .describe('How long persistent volumes take.')

export type WrittenStorage = z.infer<typeof storage>
export type WrittenStorageTimings = z.infer<typeof storageTimings>
