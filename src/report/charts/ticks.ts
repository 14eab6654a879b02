// Ticks where people expect them: round durations, round powers.

const DURATIONS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400]

/**
 * Round durations from 0 up to a maximum.
 *
 * @param max seconds
 * @param countMax most ticks, the one at 0 included
 */
export function durationTicks(max: number, countMax = 9): number[] {
  const step = DURATIONS.find((candidate) => max / candidate <= countMax - 1) ?? max
  return Array.from({ length: Math.floor(max / step) + 1 }, (_, index) => index * step)
}

/** Vega expression that writes the seconds of an axis as kubectl does: `45s`, `1m30s`, `2h`. */
export const DURATION_LABEL =
  "datum.value < 60 ? datum.value + 's'" +
  " : datum.value < 3600 ? floor(datum.value / 60) + 'm' + (datum.value % 60 > 0 ? (datum.value % 60) + 's' : '')" +
  " : floor(datum.value / 3600) + 'h' + (datum.value % 3600 > 0 ? floor((datum.value % 3600) / 60) + 'm' : '')"

/**
 * 0 and the powers of ten from a tenth of the smallest value, but at least 1, to the first that reaches the largest.
 *
 * @param values not negative; those that are 0 do not count as smallest
 */
export function powerTicks(values: readonly number[]): number[] {
  const smallest = values.reduce((least, value) => (value > 0 && value < least ? value : least), Infinity)
  const largest = Math.max(1, ...values)
  let power = 1
  while (power * 100 <= smallest && power * 100 <= largest) power *= 10
  const ticks = [0, power]
  while (power < largest) ticks.push((power *= 10))
  return ticks
}
