// Random failures as written, resolved: which nodes fail together, how often, for how long.

import { formatDuration, US_PER_SECOND } from '../base/units.ts'
import { suggest } from '../base/suggestion.ts'
import { readDistribution, readDuration } from './distribution.ts'
import { resolveRef, WORKLOAD_KINDS } from './objects.ts'
import type { Reporter } from './reporter.ts'
import type { WrittenFault } from './schema.ts'
import { FAULT_KINDS } from './schemaFaults.ts'
import { listSome } from './thresholds.ts'
import type { DurationSpec, FaultGroup, FaultSpec, NodeSpec, OutageType } from './types.ts'

/** What faults are resolved against. */
export interface FaultSetting {
  readonly nodes: readonly NodeSpec[]
  /** `Kind/name` of the objects. */
  readonly keys: readonly string[]
  /** The first step of the timeline: no failure is drawn before. */
  readonly fromUs: number
  readonly horizonUs: number
}

/** The label that says in which zone a node is. */
const ZONE_LABEL = 'topology.kubernetes.io/zone'

/** Failures that one entry may bring to one run in the mean: more is a slip, and would only fill the memory. */
const FAILURES_MAX = 100_000

/** LN(m, s) with median m and p95 m × exp(1.645 s), as in profiles/typical.yaml. */
function lognormal(medianSeconds: number, p95Seconds: number): DurationSpec {
  return { type: 'lognormal', medianUs: medianSeconds * US_PER_SECOND, p95Us: p95Seconds * US_PER_SECOND }
}

/** How long it takes where nothing is said. All assumed: published figures are of replaced machines, about 3 to 5 min. */
const REPAIRS: Readonly<Record<OutageType, DurationSpec>> = {
  // A reboot until the node is Ready: LN(90, 0.4).
  nodeCrash: lognormal(90, 174),
  zoneOutage: lognormal(600, 3_600),
  partition: lognormal(120, 600),
  kubeletRestart: lognormal(10, 30),
}

/** Resolves written faults, in their order; what is wrong with one is reported and leaves it out. */
export function resolveFaults(
  written: readonly WrittenFault[],
  setting: FaultSetting,
  reporter: Reporter,
): FaultSpec[] {
  return written.flatMap((fault, index) => {
    const type = FAULT_KINDS.find((name) => fault[name] !== undefined)
    const spec = type && resolveFault(fault, setting, reporter.within(index, type))
    return spec === undefined ? [] : [spec]
  })
}

function resolveFault(written: WrittenFault, setting: FaultSetting, at: Reporter): FaultSpec | undefined {
  if (written.drain) return resolveDrain(written.drain, setting, at)
  if (written.podCrash) return resolvePodCrash(written.podCrash, setting, at)
  if (written.zoneOutage)
    return resolveOutage('zoneOutage', written.zoneOutage, zonesOf(written.zoneOutage.zones, setting, at), setting, at)
  for (const type of ['nodeCrash', 'partition', 'kubeletRestart'] as const) {
    const outage = written[type]
    if (outage === undefined) continue
    const groups = nodesOf(outage.nodes, setting, at).map((name) => ({ name, nodes: [name] }))
    return resolveOutage(type, outage, groups, setting, at)
  }
  return undefined
}

function resolveOutage(
  type: OutageType,
  written: { readonly mtbf: string | number; readonly repair?: unknown; readonly notice?: string | number | undefined },
  groups: readonly FaultGroup[],
  setting: FaultSetting,
  at: Reporter,
): FaultSpec | undefined {
  const mtbfUs = readMtbf(written.mtbf, groups.length, setting, at)
  const repair =
    written.repair === undefined ? REPAIRS[type] : readDistribution(written.repair, at.within('repair').part)
  const noticeUs = written.notice === undefined ? 0 : at.take(readDuration(written.notice), ['notice'])
  if (mtbfUs === undefined || noticeUs === undefined) return undefined
  return { type, groups, mtbfUs, repair, ...(noticeUs > 0 ? { noticeUs } : {}) }
}

function resolvePodCrash(
  written: NonNullable<WrittenFault['podCrash']>,
  setting: FaultSetting,
  at: Reporter,
): FaultSpec | undefined {
  const mtbfUs = readMtbf(written.mtbf, 1, setting, at)
  if (written.workload === undefined) return mtbfUs === undefined ? undefined : { type: 'podCrash', mtbfUs }
  const workload = at.take(resolveRef(written.workload, setting.keys), ['workload'])
  if (workload === undefined || mtbfUs === undefined) return undefined
  if (!WORKLOAD_KINDS.includes(workload.kind)) {
    at.error(['workload'], `a ${workload.kind} has no pods: name a ${WORKLOAD_KINDS.join(', ')}`)
  }
  return { type: 'podCrash', workload, mtbfUs }
}

function resolveDrain(
  written: NonNullable<WrittenFault['drain']>,
  setting: FaultSetting,
  at: Reporter,
): FaultSpec | undefined {
  const read = (field: 'first' | 'every' | 'uncordonAfter'): number | undefined =>
    written[field] === undefined ? Infinity : at.take(readDuration(written[field]), [field])
  const firstUs = read('first')
  const everyUs = read('every')
  const uncordonAfterUs = read('uncordonAfter')
  const nodes = nodesOf(written.nodes, setting, at)
  if (firstUs === undefined || everyUs === undefined || uncordonAfterUs === undefined) return undefined
  if (firstUs >= setting.horizonUs)
    at.error(['first'], `${formatDuration(firstUs)} is not before the horizon, ${formatDuration(setting.horizonUs)}`)
  if (everyUs < US_PER_SECOND) at.error(['every'], `must be at least 1s, got "${written.every}"`)
  return { type: 'drain', nodes, firstUs, everyUs, times: written.times ?? Infinity, uncordonAfterUs }
}

function readMtbf(
  written: string | number,
  groups: number,
  { fromUs, horizonUs }: FaultSetting,
  at: Reporter,
): number | undefined {
  const us = at.take(readDuration(written), ['mtbf'])
  if (us === undefined) return undefined
  if (us < US_PER_SECOND) {
    at.error(['mtbf'], `must be at least 1s, got "${written}"`)
    return undefined
  }
  const failures = (groups * (horizonUs - fromUs)) / us
  if (failures > FAILURES_MAX) {
    at.error(['mtbf'], `is about ${Math.round(failures)} failures in one run; at most ${FAILURES_MAX} are simulated`)
  }
  return us
}

/** The nodes that the names mean, of nodes or of groups (`node` is node-01, node-02 …), in their order; all without names. */
function nodesOf(names: readonly string[] | undefined, { nodes }: FaultSetting, at: Reporter): string[] {
  const known = nodes.map(({ name }) => name)
  if (names === undefined) return known
  const groups = new Set(known.map(groupOf))
  names.forEach((name, index) => {
    if (known.includes(name) || groups.has(name)) return
    const hint = `${suggest(name, [...known, ...groups])}; the nodes are ${listSome(known)}`
    at.error(['nodes', index], `there is no node and no group of nodes "${name}"${hint}`)
  })
  return known.filter((node) => names.includes(node) || names.includes(groupOf(node)))
}

function groupOf(node: string): string {
  return node.replace(/-[0-9]+$/, '')
}

function zonesOf(names: readonly string[] | undefined, { nodes }: FaultSetting, at: Reporter): FaultGroup[] {
  const zones = new Map<string, string[]>()
  for (const { name, labels } of nodes) {
    const zone = labels[ZONE_LABEL]
    if (zone !== undefined) zones.set(zone, [...(zones.get(zone) ?? []), name])
  }
  if (zones.size === 0) {
    at.error([], `no node has the label ${ZONE_LABEL}, which says in which zone it is`)
    return []
  }
  names?.forEach((name, index) => {
    if (zones.has(name)) return
    const known = [...zones.keys()]
    at.error(['zones', index], `there is no zone "${name}"${suggest(name, known)}; the zones are ${listSome(known)}`)
  })
  return [...zones]
    .filter(([zone]) => names?.includes(zone) ?? true)
    .map(([name, members]) => ({ name, nodes: members }))
}
