// Which pod of a StatefulSet is its primary: an ordinal, or whoever holds a lease.

import type { KubeObject } from '../manifest/types.ts'
import { readDuration } from './distribution.ts'
import { resolveRef } from './objects.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenPrimary } from './schema.ts'
import type { PrimarySpec } from './types.ts'

/** Resolves written primaries; each must be of a StatefulSet of the manifests, and at most one of each. */
export function resolvePrimaries(
  written: readonly WrittenPrimary[],
  objects: readonly KubeObject[],
  reporter: Reporter,
): PrimarySpec[] {
  const keys = objects
    .filter(({ kind }) => kind === 'StatefulSet')
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
  const seen = new Set<string>()
  return written.flatMap(({ workload: text, ordinal, lease }, index): PrimarySpec[] => {
    const at = reporter.within(index)
    const workload = at.take(resolveRef(text, keys), ['workload'])
    if (workload === undefined) return []
    if (seen.has(text)) at.error(['workload'], `the primary of ${text} has been named before`)
    seen.add(text)
    if (ordinal !== undefined) return [{ workload, rule: { type: 'ordinal', ordinal } }]
    const electionUs = lease && at.take(readDuration(lease.election), ['lease', 'election'])
    return electionUs === undefined ? [] : [{ workload, rule: { type: 'lease', electionUs } }]
  })
}
