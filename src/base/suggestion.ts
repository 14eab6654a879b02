// Finds the word that somebody probably meant.

/** How many letters may differ: one in a short word, about a third of a long one. */
const distanceMax = (word: string): number => Math.max(1, Math.floor(word.length / 3))

/**
 * The known word nearest to a misspelt one, by letters inserted, deleted, replaced or swapped; undefined if none is near.
 * Upper and lower case count as the same; of equally near words the first wins.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined
  let nearestDistance = distanceMax(word) + 1
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= nearestDistance) continue
    const distance = countEdits(word.toLowerCase(), candidate.toLowerCase())
    if (distance < nearestDistance) [nearest, nearestDistance] = [candidate, distance]
  }
  return nearest
}

/** ` (did you mean "replicas"?)`, to be put behind a message; empty if no known word is near. */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known)
  return nearest === undefined ? '' : ` (did you mean "${nearest}"?)`
}

/** Optimal string alignment distance (Damerau–Levenshtein without repeated edits of one place). */
function countEdits(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, j) => j)
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      let edits = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1))
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        edits = Math.min(edits, beforeLast[j - 2]! + 1)
      }
      row.push(edits)
    }
    beforeLast = last
    last = row
  }
  return last[to.length]!
}
