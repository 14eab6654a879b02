// Which pod of a StatefulSet is its primary: an ordinal, or whoever holds a lease.

import type { KubeObject } from '../manifest/types.ts'
import { readDuration } from './distribution.ts'
import { resolveRef } from './objects.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenPrimary } from './schema.ts'
import type { PrimaryRule, PrimarySpec } from './types.ts'

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
  return written.flatMap((entry, index): PrimarySpec[] => {
    const { workload: text, ordinal, lease } = entry
    const at = reporter.within(index)
    const workload = at.take(resolveRef(text, keys), ['workload'])
    if (workload === undefined) return []
    if (seen.has(text)) at.error(['workload'], `the primary of ${text} has been named before`)
    seen.add(text)
    const rule = lease ? readLease(lease, at.within('lease')) : { type: 'ordinal' as const, ordinal: ordinal ?? 0 }
    const { writes } = entry
    if (writes === undefined) return [{ workload, rule }]
    const lagUs = readOr(writes.lag, 0, ['writes', 'lag'], at)
    return [{ workload, rule, writes: { perSecond: writes.perSecond, lagUs, quorum: writes.quorum ?? false } }]
  })
}

/** LeaseDuration and RetryPeriod of client-go's leader election, as every Kubernetes component has them. */
const LEASE_US = 15_000_000
const RETRY_US = 2_000_000

function readLease(lease: NonNullable<WrittenPrimary['lease']>, at: Reporter): PrimaryRule {
  if (lease.election !== undefined) return { type: 'lease', electionUs: readOr(lease.election, 0, ['election'], at) }
  const durationUs = readOr(lease.duration, LEASE_US, ['duration'], at)
  const retryUs = readOr(lease.retry, RETRY_US, ['retry'], at)
  if (retryUs === 0) at.error(['retry'], 'nobody looks without a pause: write for example 2s')
  if (durationUs <= retryUs) at.error(['duration'], 'a lease must last longer than the time between two renewals')
  return { type: 'renewedLease', durationUs, retryUs, release: lease.release ?? true }
}

function readOr(written: string | number | undefined, otherwiseUs: number, path: string[], at: Reporter): number {
  return written === undefined ? otherwiseUs : (at.take(readDuration(written), path) ?? otherwiseUs)
}
