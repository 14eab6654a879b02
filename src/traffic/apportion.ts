// Whole numbers that add up: the method of largest remainders (A. Hamilton, 1792).

/** Whole parts of one unit that stand for shares of a total. */
export interface Apportionment {
  /** In units: whole numbers, whose sum is the total in units, rounded. */
  readonly parts: readonly number[]
  /** Units in 1: a million, or less where the total would not be exact. */
  readonly unit: number
}

/** The largest sum that is surely exact, with room for one more addition. */
const EXACT_MAX = 4_503_599_627_370_496

/**
 * Rounds expected numbers to whole millionths so that they add up to the rounded total. Each is rounded down, and what is
 * left over goes to the parts that lost most: 2/3 and 1/3 of 1 are 666,667 and 333,333 millionths.
 */
export function apportion(total: number, expected: readonly number[]): Apportionment {
  let unit = 1_000_000
  while (total * unit > EXACT_MAX && unit > 1) unit /= 10
  const whole = Math.round(total * unit)
  const parts = expected.map((value) => Math.max(0, Math.floor(value * unit)))
  let left = whole - parts.reduce((sum, part) => sum + part, 0)
  const order = expected
    .map((value, index) => ({ index, remainder: value * unit - parts[index] }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  for (let i = 0; left > 0; i = (i + 1) % order.length, left--) parts[order[i].index] += 1
  // Rounding errors of the integrals can leave a few units too many; the largest part bears them.
  if (left < 0) parts[parts.indexOf(Math.max(...parts))] += left
  return { parts, unit }
}
