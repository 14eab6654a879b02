// The taints that the control plane itself puts on nodes, and lists of taints with some added or taken off.

import type { Taint } from '../scenario/types.ts'

const PREFIX = 'node.kubernetes.io/'

/** Taints that controllers write, as bits of a set. */
export const OwnTaint = {
  NotReadyNoExecute: 1,
  UnreachableNoExecute: 2,
  NotReadyNoSchedule: 4,
  UnreachableNoSchedule: 8,
  UnschedulableNoSchedule: 16,
  MemoryPressureNoSchedule: 32,
  DiskPressureNoSchedule: 64,
  PidPressureNoSchedule: 128,
  NetworkUnavailableNoSchedule: 256,
} as const
export type OwnTaint = (typeof OwnTaint)[keyof typeof OwnTaint]

/** Those that mirror a node's conditions and its spec.unschedulable. */
export const NO_SCHEDULE_TAINTS = 511 - OwnTaint.NotReadyNoExecute - OwnTaint.UnreachableNoExecute

/** In the order of the bits. */
const TAINTS: readonly Taint[] = [
  { key: `${PREFIX}not-ready`, value: '', effect: 'NoExecute' },
  { key: `${PREFIX}unreachable`, value: '', effect: 'NoExecute' },
  { key: `${PREFIX}not-ready`, value: '', effect: 'NoSchedule' },
  { key: `${PREFIX}unreachable`, value: '', effect: 'NoSchedule' },
  { key: `${PREFIX}unschedulable`, value: '', effect: 'NoSchedule' },
  { key: `${PREFIX}memory-pressure`, value: '', effect: 'NoSchedule' },
  { key: `${PREFIX}disk-pressure`, value: '', effect: 'NoSchedule' },
  { key: `${PREFIX}pid-pressure`, value: '', effect: 'NoSchedule' },
  { key: `${PREFIX}network-unavailable`, value: '', effect: 'NoSchedule' },
]

const OUT_OF_SERVICE = `${PREFIX}out-of-service`

/** The set of own taints in a list; a taint is told by its key and effect (Taint.MatchTaint). */
export function ownTaintsOf(taints: readonly Taint[]): number {
  let set = 0
  for (const taint of taints) set |= bitOf(taint)
  return set
}

/** True if a list holds the out-of-service taint, with any effect. */
export function isOutOfService(taints: readonly Taint[]): boolean {
  return taints.some(({ key }) => key === OUT_OF_SERVICE)
}

/** A list with the own taints of `add` put before, and those of `remove` taken off; the same list if nothing changes. */
export function changeTaints(taints: readonly Taint[], add: number, remove: number): readonly Taint[] {
  const have = ownTaintsOf(taints)
  const missing = add & ~have
  if (missing === 0 && (have & remove) === 0) return taints
  const added = TAINTS.filter((_, i) => (missing & (1 << i)) !== 0)
  return [...added, ...taints.filter((taint) => (bitOf(taint) & remove) === 0)]
}

function bitOf(taint: Taint): number {
  const index = TAINTS.findIndex(({ key, effect }) => key === taint.key && effect === taint.effect)
  return index < 0 ? 0 : 1 << index
}
