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

/** How durations lie on an axis. */
export interface TimeScale {
  readonly type: 'linear' | 'log'
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
  /** Where a duration lies between the ends: 0 to 1. */
  readonly place: (seconds: number) => number
}

/** From which ratio of the longest to the shortest duration on a linear axis would press most of them together. */
const LOG_RATIO_MIN = 3

const LOG_TICKS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 420, 600, 900, 1200, 1800, 2700, 3600]

/**
 * The axis for some durations, with room beside the outermost ones for their names: linear from 0, or logarithmic where
 * they lie far apart.
 */
export function timeScale(durations: readonly number[]): TimeScale {
  const longest = Math.max(1, ...durations)
  const shortest = Math.min(longest, ...durations)
  if (shortest <= 0 || longest / shortest < LOG_RATIO_MIN) {
    const max = longest * 1.18
    return { type: 'linear', min: 0, max, ticks: durationTicks(max), place: (seconds) => seconds / max }
  }
  const [min, max] = [shortest / 1.3, longest * 1.3]
  const fine = LOG_TICKS.filter((tick) => tick >= min && tick <= max)
  const ticks = fine.length >= 3 ? fine : durationTicks(max).filter((tick) => tick >= min)
  return { type: 'log', min, max, ticks, place: (seconds) => Math.log(seconds / min) / Math.log(max / min) }
}
