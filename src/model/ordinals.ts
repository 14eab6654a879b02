// The ordinals that a StatefulSet ever has, as ranges: what tables by ordinal are indexed with.

import type { StatefulSetSpec } from './types.ts'

/** Ordinals from `first` to `last`, both included; `base` is the number of ordinals in the ranges before. */
export interface OrdinalRange {
  readonly first: number
  readonly last: number
  readonly base: number
}

/** The union of the ordinals of all specs, as ranges that do not touch, in ascending order. */
export function ordinalRanges(specs: readonly StatefulSetSpec[]): OrdinalRange[] {
  const wanted = specs
    .filter(({ replicas }) => replicas > 0)
    .map(({ replicas, startOrdinal }) => ({ first: startOrdinal, last: startOrdinal + replicas - 1 }))
    .sort((a, b) => a.first - b.first)
  const ranges: { first: number; last: number }[] = []
  for (const { first, last } of wanted) {
    const before = ranges.at(-1)
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last)
    else ranges.push({ first, last })
  }
  let base = 0
  return ranges.map(({ first, last }) => {
    const range = { first, last, base }
    base += last - first + 1
    return range
  })
}

/** How many ordinals there are in ranges. */
export function countOrdinals(ranges: readonly OrdinalRange[]): number {
  const last = ranges.at(-1)
  return last === undefined ? 0 : last.base + last.last - last.first + 1
}

/** The index of an ordinal among the ordinals of the ranges; it must be in one of them. */
export function placeOfOrdinal(ranges: readonly OrdinalRange[], ordinal: number): number {
  let i = 0
  while (ranges[i].last < ordinal) i++
  return ranges[i].base + ordinal - ranges[i].first
}
