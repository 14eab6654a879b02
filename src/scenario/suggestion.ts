// "Did you mean …?" behind a message.

import { nearestName } from '../manifest/nearestName.ts'

/** ` (did you mean "replicas"?)`, to be put behind a message; empty if no known word is near. */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = nearestName(word, known)
  return nearest === undefined ? '' : ` (did you mean "${nearest}"?)`
}
