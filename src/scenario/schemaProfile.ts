// Profiles as written: the sections of a scenario that say how slow the world is, in a file of their own.

import { z } from 'zod'
import { SHIPPED_PROFILES } from './profiles/shipped.ts'
import { suggest } from '../base/suggestion.ts'
import { surroundings, timings } from './schemaDelays.ts'
import { fault } from './schemaFaults.ts'
import { kubelets, registry } from './schemaImages.ts'
import { scheduler } from './schemaScheduler.ts'
import { storage } from './schemaStorage.ts'
import { API_VERSION, name } from './schemaWords.ts'

/**
 * The sections of a profile. Each is a section of a scenario too, with the same schema, and a scenario's lies over its
 * profile's field by field. To add one, say `volumes`:
 *
 * 1. here: `volumes: volumes.optional()`, and the same line in the `spec` of schema.ts;
 * 2. profiles/profile.ts: the resolved section in `ProfileSections`, one line in `laySections` that reads it, and what
 *    takes no time in `NO_DELAYS`;
 * 3. resolve.ts has the section then as `delays.volumes`: pass it on in `deciding`, so that it is part of the hash;
 * 4. profiles/typical.yaml: values with their sources. The other profiles are laid over `typical`: only `ideal`, which
 *    is laid over nothing, and those that differ need lines of their own.
 */
const profileSections = {
  timings: timings.optional(),
  surroundings: surroundings.optional(),
  registry: registry.optional(),
  kubelets: kubelets.optional(),
  scheduler: scheduler.optional(),
  storage: storage.optional(),
  faults: z.array(fault).max(100).optional().describe('Failures of every run; those of a scenario replace them.'),
}

export const profileSpec = z.strictObject({
  description: z.string().optional().describe('One or two sentences, shown where profiles are listed.'),
  base: z
    .enum([...SHIPPED_PROFILES, 'none'])
    .optional()
    .describe('What is not said here is as in this profile; default typical. With none it takes no time.'),
  ...profileSections,
})

/** `kind: Profile`. */
export const profileSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION),
  kind: z.literal('Profile'),
  metadata: z.strictObject({ name }),
  spec: profileSpec,
})

/** Whether a text names a file and not one of the profiles that ship. */
export function isProfilePath(text: string): boolean {
  return text.includes('/') || /\.ya?ml$/.test(text)
}

/** Why a text names no profile; undefined if it does, or is a path. */
export function wrongProfileName(text: string): string | undefined {
  if (isProfilePath(text) || SHIPPED_PROFILES.includes(text)) return undefined
  const names = SHIPPED_PROFILES.join(', ')
  return `there is no profile "${text}"${suggest(text, SHIPPED_PROFILES)}; write one of ${names}, or the path of a file, such as ./our-cluster.yaml`
}

/** How a scenario says its profile: by name, by the path of a file, or in place. */
export const profileChoice = z
  .union([
    z.string().superRefine((text, context) => {
      const message = wrongProfileName(text)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    }),
    profileSpec,
  ])
  .describe(
    `Where delays come from that are not named here: ${SHIPPED_PROFILES.join(', ')}, or the path of a profile file.`,
  )

export type ProfileDocument = z.infer<typeof profileSchema>
export type WrittenProfile = z.infer<typeof profileSpec>
export type WrittenSections = Pick<WrittenProfile, keyof typeof profileSections>
