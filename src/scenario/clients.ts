// The habits of clients: what is written about connections that they keep and about tries after a loss.

import { readDuration, type PartProblem } from './distribution.ts'
import type { WrittenKeepAlive, WrittenRetries } from './schemaClients.ts'
import type { KeepAliveSpec, RetriesSpec } from './types.ts'

type Report = (problem: PartProblem) => void

const DEFAULT_INTERVAL_US = 1_000_000

/** One way between two machines of a data centre. */
const DEFAULT_NOTICE_US = 1000

/** Reads `keepAlive`; all of it is written in one place, a profile's or the traffic's. */
export function readKeepAlive(written: WrittenKeepAlive, report: Report): KeepAliveSpec {
  const read = (field: 'lifetime' | 'interval' | 'notice', otherwise: number): number => {
    const value = written[field]
    if (value === undefined) return otherwise
    const parsed = readDuration(value)
    if ('value' in parsed) return parsed.value
    report({ path: ['keepAlive', field], message: parsed.wrong })
    return otherwise
  }
  const { requestsPerConnection, share = 1 } = written
  const intervalUs = read('interval', DEFAULT_INTERVAL_US)
  if (intervalUs === 0) report({ path: ['keepAlive', 'interval'], message: 'must be longer than 0s, such as 1s' })
  const byRequests = requestsPerConnection === undefined ? Infinity : requestsPerConnection * intervalUs
  const lifetimeUs = read('lifetime', byRequests)
  if (lifetimeUs === 0)
    report({
      path: ['keepAlive', 'lifetime'],
      message: 'must be longer than 0s; without keepAlive no connection is kept',
    })
  if (written.lifetime !== undefined && requestsPerConnection !== undefined)
    report({ path: ['keepAlive'], message: 'lifetime and requestsPerConnection say the same thing: write one of them' })
  return { share, lifetimeUs, intervalUs, noticeUs: read('notice', DEFAULT_NOTICE_US) }
}

/** Reads `retries`. */
export function readRetries({ attempts, budget = 1 }: WrittenRetries): RetriesSpec {
  return { attempts, budget }
}
