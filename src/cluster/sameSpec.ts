// Whether a write of a spec changes anything: one that does not wakes nobody and leaves the generation alone.

/**
 * True if two compiled specs of one kind say the same. One compiler made both, so their fields stand in one order; it is
 * read at steps only.
 */
export function isSameSpec<Spec extends object>(before: Spec | undefined, spec: Spec): boolean {
  return before === spec || (before !== undefined && JSON.stringify(before) === JSON.stringify(spec))
}
