// How senders learn of endpoints and what their requests are like, over what a profile says of it.

import { readKeepAlive, readRetries } from './clients.ts'
import { readDistribution, readDuration, type PartProblem } from './distribution.ts'
import type { WrittenClient, WrittenNetwork } from './schemaTraffic.ts'
import type { ClientSpec, DurationSpec, EndpointDelay, NetworkSpec } from './types.ts'

type Report = (problem: PartProblem) => void

/** A delay that all senders have, or `kube-proxy`. */
export function readEndpointDelay(written: unknown, under: EndpointDelay, report: Report): EndpointDelay {
  if (written === undefined) return under
  if (written === 'kube-proxy') return written
  const parsed = readDuration(written)
  if ('value' in parsed) return parsed.value
  report({ path: [], message: parsed.wrong })
  return under
}

/** What is written about clients, over those of a profile. */
export function mergeClients(
  under: ClientSpec | undefined,
  written: WrittenClient | undefined,
  report: Report,
): { clients?: ClientSpec } {
  const clients = readClient(written ?? {}, under ?? {}, report)
  return Object.keys(clients).length === 0 ? {} : { clients }
}

/** What is written about clients, over what holds where nothing is. */
export function readClient(written: WrittenClient, under: ClientSpec, report: Report): ClientSpec {
  const { duration, keepAlive, retries, timeout } = written
  const timeoutUs = timeout === undefined ? undefined : readDuration(timeout)
  if (timeoutUs !== undefined && 'wrong' in timeoutUs) report({ path: ['timeout'], message: timeoutUs.wrong })
  return {
    ...under,
    ...(duration === undefined ? {} : { duration: readDistribution(duration, at('duration', report)) }),
    ...(timeoutUs !== undefined && 'value' in timeoutUs ? { timeoutUs: timeoutUs.value } : {}),
    ...(keepAlive === undefined ? {} : { keepAlive: readKeepAlive(keepAlive, report) }),
    ...(retries === undefined ? {} : { retries: readRetries(retries) }),
  }
}

const AT_ONCE: DurationSpec = { type: 'fixed', us: 0 }

/** minSyncPeriod of kube-proxy with iptables and nftables. */
const MIN_SYNC_US = 1_000_000

/** What is written about the network, over that of a profile. */
export function mergeNetwork(
  under: NetworkSpec | undefined,
  written: WrittenNetwork | undefined,
  report: Report,
): { network?: NetworkSpec } {
  if (written === undefined) return under === undefined ? {} : { network: under }
  const read = (field: 'watch' | 'sliceSync' | 'proxyRun'): DurationSpec =>
    written[field] === undefined ? (under?.[field] ?? AT_ONCE) : readDistribution(written[field], at(field, report))
  const minSync = written.minSyncPeriod === undefined ? undefined : readDuration(written.minSyncPeriod)
  if (minSync !== undefined && 'wrong' in minSync) report({ path: ['minSyncPeriod'], message: minSync.wrong })
  // ipvs has no minSyncPeriod of its own.
  const inTurn = written.proxyMode === undefined ? under?.inTurn : written.proxyMode === 'ipvs'
  const minSyncUnder = written.proxyMode === 'ipvs' ? 0 : (under?.minSyncUs ?? MIN_SYNC_US)
  return {
    network: {
      watch: read('watch'),
      sliceSync: read('sliceSync'),
      proxyRun: read('proxyRun'),
      ...(inTurn && { inTurn: true }),
      minSyncUs: minSync !== undefined && 'value' in minSync ? minSync.value : minSyncUnder,
    },
  }
}

/** A report that puts `key` in front of every path. */
function at(key: string, report: Report): Report {
  return ({ path, message }) => report({ path: [key, ...path], message })
}
