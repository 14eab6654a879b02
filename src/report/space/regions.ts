// Where an arm wins and where it breaks: each parameter cut into bins, the share in each with its interval, and how much
// the parameter says about it. Parameters are drawn independently of each other, so each can be looked at by itself.
//
// Bins are quarters of the scenarios that ran (each value, where there are few). How much a parameter says is Cramér's
// V of the table of bins against yes and no: sqrt(chi² / n), 0 for nothing, 1 for everything.

import type { ParameterName } from '../../sweep/types.ts'
import { CONFIDENCE } from '../../statistics/interval.ts'
import { formatCount, formatValue } from '../numbers.ts'
import type { SpaceResults } from './readSpace.ts'
import type { ArmVerdict, Share, SpaceVerdict, Target } from './wins.ts'
import { shareOf, TARGETS } from './wins.ts'

/** A part of a parameter's range. */
export interface Bin {
  readonly label: string
  readonly contains: (value: string) => boolean
}

/** One parameter against one target of one arm. */
export interface Region {
  readonly arm: string
  readonly target: Target
  readonly parameter: string
  readonly bins: readonly { readonly label: string; readonly share: Share }[]
  /** Cramér's V, from 0 to 1. */
  readonly strength: number
  /** Whether the intervals of the highest and of the lowest bin leave no room for chance. */
  readonly isClear: boolean
}

/** At most so many different values are bins of their own. */
const VALUES_MAX = 6

/** Every arm, target and parameter; of one arm and target the strongest contrast first. */
export function findRegions(results: SpaceResults, verdict: SpaceVerdict, confidence: number = CONFIDENCE): Region[] {
  const bins = results.parameters.map((parameter, index) => binsOf(parameter, ranValues(results, index)))
  return verdict.arms.flatMap((arm) =>
    TARGETS.flatMap((target) =>
      results.parameters
        .map((parameter, index) =>
          regionOf(arm, target, parameter.name, bins[index] ?? [], columnOf(results, index), confidence),
        )
        .toSorted((a, b) => b.strength - a.strength || (a.parameter < b.parameter ? -1 : 1)),
    ),
  )
}

function regionOf(
  { arm, flags }: ArmVerdict,
  target: Target,
  parameter: string,
  bins: readonly Bin[],
  values: readonly string[],
  confidence: number,
): Region {
  const all = shareOf(flags[target], confidence)
  const shares = bins.map(({ label, contains }) => ({
    label,
    share: shareOf(
      [...flags[target]].map((flag, scenario) => (contains(values[scenario] ?? '') ? flag : -1)),
      confidence,
    ),
  }))
  const filled = shares.filter(({ share }) => share.of > 0)
  const spread = filled.reduce(
    (sum, { share }) => sum + share.of * (share.share - all.share) * (share.share - all.share),
    0,
  )
  const variance = all.share * (1 - all.share)
  const strength = variance > 0 ? Math.sqrt(spread / (variance * all.of)) : 0
  const highestLow = Math.max(...filled.map(({ share }) => share.interval.low))
  const lowestHigh = Math.min(...filled.map(({ share }) => share.interval.high))
  return { arm, target, parameter, bins: filled, strength, isClear: filled.length > 1 && highestLow > lowestHigh }
}

/** The values of one parameter, by scenario. */
export function columnOf({ scenarios }: SpaceResults, parameter: number): string[] {
  return scenarios.map(({ values }) => values[parameter] ?? '')
}

function ranValues({ scenarios }: SpaceResults, parameter: number): string[] {
  return scenarios.filter(({ state }) => state === 'ran').map(({ values }) => values[parameter] ?? '')
}

/** Cuts a parameter into bins by the values that ran. */
export function binsOf(parameter: ParameterName, values: readonly string[]): Bin[] {
  if (parameter.type === 'choice') {
    return parameter.values.map((value) => ({ label: value, contains: (other) => other === value }))
  }
  const sorted = values.map(Number).toSorted((a, b) => a - b)
  const distinct = [...new Set(sorted)]
  if (distinct.length <= VALUES_MAX) {
    return distinct.map((value) => ({
      label: formatParameter(parameter, value),
      contains: (other) => Number(other) === value,
    }))
  }
  const upper = [...new Set([1, 2, 3, 4].map((quarter) => sorted[Math.ceil((quarter * sorted.length) / 4) - 1] ?? 0))]
  return upper.map((high, index) => {
    const under = upper[index - 1] ?? -Infinity
    const low = sorted.find((value) => value > under) ?? high
    return {
      label:
        low === high
          ? formatParameter(parameter, low)
          : `${formatParameter(parameter, low)}–${formatParameter(parameter, high)}`,
      contains: (other) => Number(other) > under && Number(other) <= high,
    }
  })
}

/** A value of a parameter as people read it. */
export function formatParameter({ type }: Pick<ParameterName, 'type'>, value: number): string {
  return type === 'duration' ? formatValue(value, 'seconds') : formatCount(value)
}
