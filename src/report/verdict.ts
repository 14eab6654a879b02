// The verdict: one sentence, with an interval, as hyperfine ends. Losing nothing comes first, then being done first. Where
// no requests are sent there is another cost to keep low (cost.ts).
//
// Arms whose runs complete as often as any come into question; of those, the ones that lose no more than the best (95th
// percentile, as far as its interval tells); of those, the fastest (median). Ratios are medians, paired by seed.

import type { Estimate } from '../statistics/paired.ts'
import { CONFIDENCE } from '../statistics/interval.ts'
import type { ArmTotals } from './armTotals.ts'
import { totalArms } from './armTotals.ts'
import { describeCost } from './cost.ts'
import { formatCount, formatEstimate, formatShare, isBelow } from './numbers.ts'
import { medianRatio, pairValues } from './pairing.ts'
import type { Results } from './results.ts'

/** What the sentence says, for those who do not want to read it. */
export interface Verdict {
  /** The arm that the sentence recommends; the first of them where some are alike. */
  readonly best: string
  /** Arms that cannot be told from the best in speed. */
  readonly alike: readonly string[]
  readonly sentence: string
}

/** Judges the arms of some results. Undefined without runs. */
export function judgeArms(results: Results, confidence: number = CONFIDENCE): Verdict | undefined {
  const arms = totalArms(results, confidence).filter(({ seeds }) => seeds.length > 0)
  const [only] = arms
  if (only === undefined) return undefined
  if (arms.length === 1) return { best: only.arm, alike: [], sentence: describeOnly(only) }

  const completeMost = Math.max(...arms.map(({ complete, seeds }) => complete / seeds.length))
  if (completeMost === 0) return judgeUnfinished(arms)
  const reliable = arms.filter(({ complete, seeds }) => complete / seeds.length === completeMost)
  const leastCost = reliable.reduce((least, arm) => (arm.costP95.estimate < least.costP95.estimate ? arm : least))
  // With few runs nothing bounds the percentile; then the estimates themselves decide.
  const { estimate, interval } = leastCost.costP95
  const costMax = Number.isFinite(interval.high) ? interval.high : estimate
  const frugal = reliable.filter(({ costP95 }) => !isBelow(costMax, costP95.estimate))
  const bySpeed = frugal.toSorted((a, b) => a.rolloutMedian.estimate - b.rolloutMedian.estimate)
  const [best = leastCost, ...rest] = bySpeed
  const slower = rest.map((arm) => ({ arm, ratio: slowdown(arm, best, confidence) }))
  const alike = slower.filter(({ ratio }) => !isBelow(1, ratio.interval.low))
  const behind = slower.find(({ ratio }) => isBelow(1, ratio.interval.low))
  const parts = [
    describeChoice(best, frugal, arms.length) + describeSpeed(alike, behind, confidence),
    describePrice(best, arms, frugal, confidence),
    describeLeftOut(arms.filter((arm) => !reliable.includes(arm))),
  ]
  const sentence = `${parts.filter((part) => part !== '').join('; ')} (paired by seed, n = ${formatCount(best.seeds.length)}).`
  return { best: best.arm, alike: alike.map(({ arm }) => arm.arm), sentence }
}

/** Where no arm is ever done only the costs can be compared. */
function judgeUnfinished(arms: readonly ArmTotals[]): Verdict {
  const best = arms.reduce((least, arm) => (isBelow(arm.costP95.estimate, least.costP95.estimate) ? arm : least))
  const [one, many] = best.cost.verb
  const alike = arms.every(({ costP95 }) => !isBelow(best.costP95.estimate, costP95.estimate))
  const compared = alike ? `all arms ${many} alike` : `${best.arm} ${one} least`
  const costs = best.cost.matters === false ? '' : `; ${compared} (${describeLoss(best)})`
  return { best: best.arm, alike: [], sentence: `No arm is done in any of its runs${costs}.` }
}

interface Slower {
  readonly arm: ArmTotals
  /** How many times as long it takes as the best. */
  readonly ratio: Estimate
}

/** How many times as long `arm` takes as `best`. */
function slowdown(arm: ArmTotals, best: ArmTotals, confidence: number): Estimate {
  return medianRatio(pairValues(arm.seeds, arm.rolloutSeconds, best.seeds, best.rolloutSeconds), confidence)
}

function describeOnly(arm: ArmTotals): string {
  const time = formatEstimate(arm.rolloutMedian, 'seconds')
  const complete = describeComplete(arm)
  return `${arm.arm}, the only arm, takes ${time} (median) and ${arm.cost.verb[0]} ${describeLoss(arm)}${complete === '' ? '' : `; ${complete}`}.`
}

function describeLoss({ cost, costP95 }: ArmTotals): string {
  return describeCost(cost, costP95)
}

function describeComplete({ complete, seeds }: ArmTotals): string {
  return complete === seeds.length ? '' : `only ${formatShare(complete / seeds.length)} of its runs complete`
}

function describeChoice(best: ArmTotals, frugal: readonly ArmTotals[], armCount: number): string {
  const time = formatEstimate(best.rolloutMedian, 'seconds')
  const complete = describeComplete(best)
  const loss = `${describeLoss(best)}${complete === '' ? '' : `, ${complete}`}`
  const [one, many] = best.cost.verb
  if (best.cost.matters === false)
    return `${best.arm} is the fastest${complete === '' ? '' : ` (${complete})`}: ${time}`
  if (frugal.length === armCount) return `All arms ${many} alike (${loss}), and ${best.arm} is the fastest: ${time}`
  if (frugal.length === 1) return `${best.arm} ${one} least (${loss}) and takes ${time}`
  return `${best.arm} is the fastest of the ${frugal.length} arms that ${many} least (${loss}): ${time}`
}

/** Against what the best is the fastest, and which arms are as fast as far as one can tell. */
function describeSpeed(alike: readonly Slower[], behind: Slower | undefined, confidence: number): string {
  const names = alike.slice(0, 3).map(({ arm }) => arm.arm)
  const more = alike.length > names.length ? ` and ${alike.length - names.length} more` : ''
  const same = alike.length === 0 ? '' : `, not to be told from ${names.join(', ')}${more}`
  if (behind === undefined) return same
  return `${same}, while ${behind.arm.arm} takes ${formatRatio(behind.ratio, confidence)}`
}

/** The fastest of the arms that lose more: the price of the choice. */
function describePrice(
  best: ArmTotals,
  arms: readonly ArmTotals[],
  frugal: readonly ArmTotals[],
  confidence: number,
): string {
  const others = arms.filter((arm) => !frugal.includes(arm) && arm.rolloutMedian.estimate < best.rolloutMedian.estimate)
  const [fastest] = others.toSorted((a, b) => a.rolloutMedian.estimate - b.rolloutMedian.estimate)
  if (fastest === undefined) return ''
  const time = formatEstimate(fastest.rolloutMedian, 'seconds')
  return `${fastest.arm} takes ${time}, ${formatRatio(slowdown(fastest, best, confidence), confidence)}, but ${fastest.cost.verb[0]} ${describeLoss(fastest)}`
}

function describeLeftOut(arms: readonly ArmTotals[]): string {
  if (arms.length === 0) return ''
  const [first] = arms
  const named = arms.length === 1 && first !== undefined ? first.arm : `${arms.length} arms`
  return `${named} left out: not every run completed`
}

/** `1.40 times as long (95 % 1.38 to 1.45)`. */
function formatRatio({ estimate, interval }: Estimate, confidence: number): string {
  if (!Number.isFinite(estimate)) return 'for ever'
  const [value, low, high] = [estimate, interval.low, interval.high].map((ratio) =>
    Number.isFinite(ratio) ? ratio.toFixed(ratio < 10 ? 2 : 1) : formatCount(ratio),
  )
  return `${value} times as long (${formatShare(confidence)} ${low} to ${high})`
}
