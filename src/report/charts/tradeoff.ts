// Rollout time against lost requests: one point per arm with its intervals, the arms that no other one beats joined.

import type { TopLevelSpec } from 'vega-lite'
import type { ArmTotals } from '../armTotals.ts'
import { totalArms } from '../armTotals.ts'
import { formatEstimate, formatShare } from '../numbers.ts'
import type { Results } from '../results.ts'
import { judgeArms } from '../verdict.ts'
import { placeLabels } from './labels.ts'
import { CHART_CONFIG, COLOURS, heading, textWidth } from './theme.ts'
import { DURATION_LABEL, durationTicks, powerTicks } from './ticks.ts'

const WIDTH = 760
const HEIGHT = 440
const LABEL_SIZE = 11
/** Room in percent of the axis beside the outermost points, for their names. */
const MARGIN = 1.18

const KINDS = ['best trade-offs: no arm is faster and loses less', 'beaten by another arm'] as const

/** The trade-off chart. Arms whose median rollout never ends have no point; the subtitle names them. */
export function tradeoffChart(results: Results, confidence: number): TopLevelSpec {
  const arms = totalArms(results, confidence)
  const shown = arms.filter(({ rolloutMedian }) => Number.isFinite(rolloutMedian.estimate))
  const front = findFront(shown)
  const best = judgeArms(results, confidence)?.best
  const timeMax = MARGIN * Math.max(1, ...shown.map(({ rolloutMedian }) => rolloutMedian.estimate))
  const lostTicks = powerTicks(shown.map(({ lostP95 }) => lostP95.estimate))
  const lostMax = lostTicks.at(-1) ?? 1
  const lostUnit = lostTicks[1] ?? 1
  const ordered = [...front, ...shown.filter((arm) => !front.includes(arm))]
  const places = placeLabels(
    ordered.map((arm) => ({
      x: (WIDTH * arm.rolloutMedian.estimate) / timeMax,
      y: HEIGHT * (1 - Math.log1p(arm.lostP95.estimate / lostUnit) / Math.log1p(lostMax / lostUnit)),
      width: textWidth(nameOf(arm), LABEL_SIZE),
      height: 14,
    })),
    { width: WIDTH, height: HEIGHT },
  )
  const values = ordered.map((arm, index) => ({
    name: nameOf(arm),
    kind: front.includes(arm) ? KINDS[0] : KINDS[1],
    best: arm.arm === best,
    time: arm.rolloutMedian.estimate,
    timeLow: arm.rolloutMedian.interval.low,
    timeHigh: Math.min(timeMax, arm.rolloutMedian.interval.high),
    lost: arm.lostP95.estimate,
    lostLow: arm.lostP95.interval.low,
    lostHigh: Math.min(lostMax, arm.lostP95.interval.high),
    ...places[index],
  }))
  const x = {
    field: 'time',
    type: 'quantitative' as const,
    title: 'rollout time, median',
    scale: { domain: [0, timeMax], nice: false },
    axis: { values: durationTicks(timeMax), labelExpr: DURATION_LABEL },
  }
  const y = {
    field: 'lost',
    type: 'quantitative' as const,
    title: 'lost requests, 95th percentile',
    scale: { type: 'symlog' as const, constant: lostUnit, domain: [0, lostMax], nice: false },
    axis: { values: lostTicks, format: ',d' },
  }
  const color = {
    field: 'kind',
    type: 'nominal' as const,
    title: null,
    scale: { domain: [...KINDS], range: [COLOURS.best, COLOURS.other] },
    legend: { orient: 'top' as const, symbolOpacity: 1, symbolType: 'circle', labelLimit: 400, offset: 10 },
  }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: WIDTH,
    height: HEIGHT,
    config: CHART_CONFIG,
    title: heading(describeAnswer(arms, best), describeDrawn(results, arms, confidence), WIDTH),
    data: { values },
    layer: [
      {
        transform: [{ filter: { field: 'kind', equal: KINDS[0] } }],
        mark: { type: 'line', color: COLOURS.best, opacity: 0.35, strokeWidth: 2, interpolate: 'step-after' },
        encoding: { x, y, order: { field: 'time' } },
      },
      {
        transform: [{ filter: 'datum.far' }],
        mark: {
          type: 'rule',
          color: COLOURS.quiet,
          strokeWidth: 0.6,
          opacity: 0.7,
          x2: { expr: "scale('x', datum.time) + datum.lineX" },
          y2: { expr: "scale('y', datum.lost) + datum.lineY" },
        },
        encoding: { x, y },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.5 },
        encoding: { x: { ...x, field: 'timeLow' }, x2: { field: 'timeHigh' }, y, color },
      },
      {
        mark: { type: 'rule', strokeWidth: 1.5 },
        encoding: { x, y: { ...y, field: 'lostLow' }, y2: { field: 'lostHigh' }, color },
      },
      { mark: { type: 'point', filled: true, size: 70, opacity: 1 }, encoding: { x, y, color } },
      {
        mark: {
          type: 'text',
          align: 'left',
          baseline: 'middle',
          fontSize: LABEL_SIZE,
          dx: { expr: 'datum.dx' },
          dy: { expr: 'datum.dy' },
          fontWeight: { expr: "datum.best ? 'bold' : 'normal'" },
          color: COLOURS.text,
        },
        encoding: { x, y, text: { field: 'name' } },
      },
    ],
  }
}

function nameOf({ arm, complete, seeds }: ArmTotals): string {
  return complete === seeds.length ? arm : `${arm} (${formatShare(complete / seeds.length)} complete)`
}

/** The arms that no other one beats in both: less lost and faster, or equal in one and better in the other. By time. */
export function findFront<Arm extends Pick<ArmTotals, 'rolloutMedian' | 'lostP95'>>(arms: readonly Arm[]): Arm[] {
  const beats = (a: Arm, b: Arm): boolean => {
    const time = a.rolloutMedian.estimate - b.rolloutMedian.estimate
    const lost = a.lostP95.estimate - b.lostP95.estimate
    return time <= 0 && lost <= 0 && (time < 0 || lost < 0)
  }
  return arms
    .filter((arm) => !arms.some((other) => beats(other, arm)))
    .toSorted((a, b) => a.rolloutMedian.estimate - b.rolloutMedian.estimate)
}

function describeAnswer(arms: readonly ArmTotals[], best: string | undefined): string {
  const chosen = arms.find(({ arm }) => arm === best)
  if (chosen === undefined) return 'No runs'
  const loss = (arm: ArmTotals): string =>
    arm.lostP95.estimate === 0 ? 'nothing' : formatEstimate(arm.lostP95, 'count')
  const answer = `${chosen.arm} is done in ${formatEstimate(chosen.rolloutMedian, 'seconds')} and loses ${loss(chosen)}`
  const [reference] = arms
  if (reference === undefined || reference === chosen) return answer
  return `${answer}; ${reference.arm} takes ${formatEstimate(reference.rolloutMedian, 'seconds')} and loses ${loss(reference)}`
}

function describeDrawn(results: Results, arms: readonly ArmTotals[], confidence: number): string {
  const never = arms.filter(({ rolloutMedian }) => !Number.isFinite(rolloutMedian.estimate)).map(({ arm }) => arm)
  const runs = Math.max(0, ...arms.map(({ seeds }) => seeds.length))
  const drawn = `${results.scenario}: ${runs} runs per arm, lines are ${formatShare(confidence)} intervals; further down and left is better.`
  return never.length === 0 ? drawn : `${drawn} Not drawn, as half of the runs never complete: ${never.join(', ')}.`
}
