// Who wins each scenario of a space, and who breaks in it. The arms met the same random numbers in a scenario, so that
// their means over its runs are compared as they are; that a mean is a mean of few runs adds noise to single scenarios,
// not a bias to shares of many.

import type { Response } from '../../metrics/types.ts'
import type { Interval } from '../../statistics/interval.ts'
import { CONFIDENCE, proportionInterval } from '../../statistics/interval.ts'
import { isBelow } from '../numbers.ts'
import type { ArmInSpace, SpaceResults } from './readSpace.ts'

/** What can be said about an arm in a scenario. */
export const TARGETS = ['won', 'down', 'incomplete'] as const
export type Target = (typeof TARGETS)[number]

/** A share of scenarios with its exact interval. */
export interface Share {
  readonly count: number
  readonly of: number
  readonly share: number
  readonly interval: Interval
}

/** One arm over the space. */
export interface ArmVerdict {
  readonly arm: string
  /** Scenarios in which no other arm was better; those in which none was as good, either. */
  readonly won: Share
  readonly wonAlone: Share
  /** Scenarios in which any run was down; in which any did not complete. */
  readonly down: Share
  readonly incomplete: Share
  /** By scenario: 1, 0, or -1 where the arm did not run. */
  readonly flags: Readonly<Record<Target, Int8Array>>
}

/** The verdict over a space. */
export interface SpaceVerdict {
  readonly arms: readonly ArmVerdict[]
  readonly ran: number
  /** Scenarios that did not run: how many, with the reasons, the most frequent first. */
  readonly refused: readonly LeftOut[]
  readonly unsettled: readonly LeftOut[]
}

/** Scenarios that did not run for one reason. */
export interface LeftOut {
  readonly reason: string
  readonly names: readonly string[]
}

/** Judges every scenario by the criteria of the space, one after the other. */
export function judgeSpace(results: SpaceResults, confidence: number = CONFIDENCE): SpaceVerdict {
  const { arms, scenarios, winBy } = results
  const best = arms.map(() => new Int8Array(scenarios.length).fill(-1))
  const alone = arms.map(() => new Int8Array(scenarios.length).fill(-1))
  for (let scenario = 0; scenario < scenarios.length; scenario++) {
    const present = arms
      .map((_, index) => index)
      .filter((index) => !Number.isNaN(arms[index]?.complete[scenario] ?? NaN))
    const winners = winBy.reduce((left, criterion) => leastOf(left, arms, scenario, criterion), present)
    for (const index of present) {
      const wins = winners.includes(index)
      set(best[index], scenario, wins)
      set(alone[index], scenario, wins && winners.length === 1)
    }
  }
  const verdicts = arms.map((arm, index) => judgeArm(arm, best[index], alone[index], confidence))
  return {
    arms: verdicts,
    ran: scenarios.filter(({ state }) => state === 'ran').length,
    refused: leftOut(results, 'refused'),
    unsettled: leftOut(results, 'unsettled'),
  }
}

/** The arms of `left` that no other one beats by the criterion. */
function leastOf(left: readonly number[], arms: readonly ArmInSpace[], scenario: number, criterion: string): number[] {
  const costs = left.map((index) => costOf(arms[index], scenario, criterion))
  const least = Math.min(...costs)
  return left.filter((_, place) => !isBelow(least, costs[place] ?? NaN))
}

/** What an arm is judged by: less is better. */
function costOf(arm: ArmInSpace | undefined, scenario: number, criterion: string): number {
  if (criterion === 'complete') return -(arm?.complete[scenario] ?? NaN)
  return arm?.means[criterion as Response]?.[scenario] ?? NaN
}

function judgeArm(
  { arm, complete, means }: ArmInSpace,
  best: Int8Array | undefined,
  alone: Int8Array | undefined,
  confidence: number,
): ArmVerdict {
  const mark = (values: Float64Array, isMarked: (value: number) => boolean): Int8Array =>
    Int8Array.from(values, (value) => (Number.isNaN(value) ? -1 : isMarked(value) ? 1 : 0))
  const won = best ?? new Int8Array(0)
  const down = mark(means.downtimeSeconds, (seconds) => seconds > 0)
  const incomplete = mark(complete, (share) => share < 1 - 1e-9)
  return {
    arm,
    won: shareOf(won, confidence),
    wonAlone: shareOf(alone ?? won, confidence),
    down: shareOf(down, confidence),
    incomplete: shareOf(incomplete, confidence),
    flags: { won, down, incomplete },
  }
}

/** The share of ones among ones and zeros. */
export function shareOf(flags: ArrayLike<number>, confidence: number = CONFIDENCE): Share {
  let [count, of] = [0, 0]
  for (let index = 0; index < flags.length; index++) {
    if (flags[index] === 1) count++
    if (flags[index] !== -1) of++
  }
  const interval = of === 0 ? { low: 0, high: 1 } : proportionInterval(count, of, confidence)
  return { count, of, share: of === 0 ? NaN : count / of, interval }
}

function set(flags: Int8Array | undefined, scenario: number, value: boolean): void {
  if (flags !== undefined) flags[scenario] = value ? 1 : 0
}

function leftOut({ scenarios }: SpaceResults, wanted: 'refused' | 'unsettled'): LeftOut[] {
  const names = new Map<string, string[]>()
  for (const { name, state, reason } of scenarios) {
    if (state === wanted) names.set(reason, [...(names.get(reason) ?? []), name])
  }
  return [...names]
    .map(([reason, list]) => ({ reason, names: list }))
    .toSorted((a, b) => b.names.length - a.names.length || (a.reason < b.reason ? -1 : 1))
}
