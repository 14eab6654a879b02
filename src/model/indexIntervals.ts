// Sets of completion indexes as ordered intervals, after pkg/controller/job/indexed_job_utils.go (orderedIntervals),
// Kubernetes v1.36. "1,3-5,7" is three intervals.

/** Indexes from `first` to `last`, both included. */
export interface Interval {
  readonly first: number
  readonly last: number
}

/** Ascending, without overlaps. */
export type Intervals = readonly Interval[]

export const NO_INDEXES: Intervals = []

/** Reads "1,3-5,7"; indexes from `completions` on are cut off. */
export function parseIntervals(text: string, completions: number): Intervals {
  const parts = text.split(',').filter((part) => part !== '')
  const intervals = parts.map((part) => {
    const [first = '', last = first] = part.split('-')
    return { first: Number(first), last: Number(last) }
  })
  return clipIntervals(intervals, completions)
}

/** Without the indexes from `completions` on. */
export function clipIntervals(intervals: Intervals, completions: number): Intervals {
  const inside = intervals.filter(({ first }) => first < completions)
  return mergeIntervals(
    NO_INDEXES,
    inside.map(({ first, last }) => ({ first, last: Math.min(last, completions - 1) })),
  )
}

/** The union; neighbours grow together. */
export function mergeIntervals(a: Intervals, b: Intervals): Intervals {
  const ordered = [...a, ...b].sort((left, right) => left.first - right.first)
  const merged: Interval[] = []
  for (const interval of ordered) {
    const before = merged.at(-1)
    if (before === undefined || interval.first > before.last + 1) merged.push(interval)
    else if (interval.last > before.last) merged[merged.length - 1] = { first: before.first, last: interval.last }
  }
  return merged
}

/** The union with single indexes, in any order. */
export function withIndexes(intervals: Intervals, indexes: Iterable<number>): Intervals {
  const added = [...indexes].map((index) => ({ first: index, last: index }))
  return added.length === 0 ? intervals : mergeIntervals(intervals, added)
}

/** How many indexes the intervals hold. */
export function countIndexes(intervals: Intervals): number {
  return intervals.reduce((sum, { first, last }) => sum + last - first + 1, 0)
}

export function hasIndex(intervals: Intervals, index: number): boolean {
  return intervals.some(({ first, last }) => first <= index && index <= last)
}

/** How many indexes both hold. */
export function countCommon(a: Intervals, b: Intervals): number {
  let common = 0
  for (const left of a)
    for (const right of b)
      common += Math.max(0, Math.min(left.last, right.last) - Math.max(left.first, right.first) + 1)
  return common
}

export function equalIntervals(a: Intervals, b: Intervals): boolean {
  return a.length === b.length && a.every(({ first, last }, i) => first === b[i]?.first && last === b[i]?.last)
}
