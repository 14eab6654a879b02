// The answer of a sweep over a space as text: one line per arm, then where each wins and where it breaks.

import { columns } from '../columns.ts'
import { formatCount } from '../numbers.ts'
import type { SpaceResults } from './readSpace.ts'
import type { Region } from './regions.ts'
import { growTree, type Leaf } from './tree.ts'
import type { ArmVerdict, LeftOut, Share, SpaceVerdict, Target } from './wins.ts'

/** Contrasts below this say too little to be worth a line. */
const STRENGTH_MIN = 0.1
const CONTRASTS_MAX = 3
const REASONS_MAX = 3
const NAMES_MAX = 3

const VERBS: Readonly<Record<Target, string>> = { won: 'wins', down: 'is down in', incomplete: 'does not complete' }

/** The whole answer but its first and last line. */
export function renderSpace(results: SpaceResults, verdict: SpaceVerdict, regions: readonly Region[]): string {
  const ordered = verdict.arms.toSorted((a, b) => b.won.count - a.won.count)
  const sections = [
    table(ordered),
    `A scenario is won by ${results.winBy.join(', then ')} (means of ${results.runs} paired runs); shares of scenarios with 95 % intervals.`,
    ...leftOutLines('refused', verdict.refused),
    ...leftOutLines('not settled when the timeline began', verdict.unsettled),
    ...ordered.map((arm) => describeArm(results, arm, regions)),
  ]
  return sections.join('\n\n')
}

function table(arms: readonly ArmVerdict[]): string {
  const rows = arms.map(({ arm, won, wonAlone, down, incomplete }) => [
    arm,
    formatShareOf(won),
    formatShareOf(wonAlone),
    formatShareOf(down),
    formatShareOf(incomplete),
  ])
  return columns([['ARM', 'WON', 'WON ALONE', 'ANY DOWNTIME', 'NOT COMPLETE'], ...rows])
}

/** `63 % (61 to 65)`. */
export function formatShareOf({ share, interval, of }: Share): string {
  if (of === 0) return '-'
  const percent = (value: number): string => formatCount(Math.round(value * 1000) / 10)
  return `${percent(share)} % (${percent(interval.low)} to ${percent(interval.high)})`
}

function describeArm(results: SpaceResults, arm: ArmVerdict, regions: readonly Region[]): string {
  const lines: string[] = []
  for (const target of ['won', 'down', 'incomplete'] as const) {
    const { count, of } = arm[target]
    if (target !== 'won' && (count === 0 || count === of)) continue
    const clear = regions.filter(
      (region) =>
        region.arm === arm.arm && region.target === target && region.isClear && region.strength >= STRENGTH_MIN,
    )
    lines.push(...clear.slice(0, CONTRASTS_MAX).map(describeContrast))
    if (target === 'won') lines.push(...describeTree(growTree(results, arm.flags.won)))
  }
  if (lines.length === 0) lines.push('no parameter separates the scenarios it wins from the others')
  return [arm.arm, ...lines.map((line) => `  ${line}`)].join('\n')
}

/** `wins 81 % (74 to 87) at ready 1s–4.1s, 22 % (17 to 29) at ready 12s–30s`. */
function describeContrast({ target, parameter, bins }: Region): string {
  const ordered = bins.toSorted((a, b) => b.share.share - a.share.share)
  const [highest, lowest] = [ordered[0], ordered.at(-1)]
  if (highest === undefined || lowest === undefined) return ''
  const say = (bin: typeof highest): string => `${formatShareOf(bin.share)} at ${parameter} ${bin.label}`
  return `${VERBS[target]} ${say(highest)}, ${say(lowest)}`
}

function describeTree(leaves: readonly Leaf[]): string[] {
  const [best] = leaves
  if (best === undefined || best.conditions.length < 2) return []
  const say = ({ conditions, share }: Leaf): string =>
    `${formatShareOf(share)} of ${formatCount(share.of)} with ${conditions.join(' and ')}`
  return [`wins most: ${say(best)}`]
}

function leftOutLines(what: string, reasons: readonly LeftOut[]): string[] {
  if (reasons.length === 0) return []
  const total = reasons.reduce((sum, { names }) => sum + names.length, 0)
  const lines = reasons.slice(0, REASONS_MAX).map(({ reason, names }) => {
    const more = names.length > NAMES_MAX ? ' …' : ''
    return `  ${formatCount(names.length)}: ${reason} (${names.slice(0, NAMES_MAX).join(', ')}${more})`
  })
  return [
    [`${total === 1 ? '1 scenario was' : `${formatCount(total)} scenarios were`} left out, ${what}:`, ...lines].join(
      '\n',
    ),
  ]
}
