// Rollout time against lost requests, or another cost where none are sent: one point per arm with its intervals, the arms that no other one beats joined.

import type { TopLevelSpec } from 'vega-lite'
import type { ArmTotals } from '../armTotals.ts'
import { totalArms } from '../armTotals.ts'
import { type Cost, chooseCost } from '../cost.ts'
import { formatEstimate, formatShare, isBelow } from '../numbers.ts'
import type { Results } from '../results.ts'
import { judgeArms } from '../verdict.ts'
import type { Box } from './labels.ts'
import { placeLabels } from './labels.ts'
import { CHART_CONFIG, COLOURS, heading, textWidth } from './theme.ts'
import type { TimeScale } from './ticks.ts'
import { DURATION_LABEL, powerTicks, timeScale } from './ticks.ts'

const WIDTH = 760
const HEIGHT = 440
const LABEL_SIZE = 11

const KINDS = ['best trade-offs: no arm is faster and loses less', 'beaten by another arm'] as const

type Layers = Extract<TopLevelSpec, { layer: unknown }>['layer']

/** One arm with a finite median, and where it stands. */
interface Point {
  readonly name: string
  readonly kind: (typeof KINDS)[number]
  readonly best: boolean
  readonly time: number
  readonly timeLow: number
  readonly timeHigh: number
  readonly lost: number
  readonly lostLow: number
  readonly lostHigh: number
}

/** The trade-off chart. Arms whose median rollout never ends have no point; the subtitle names them. */
export function tradeoffChart(results: Results, confidence: number): TopLevelSpec {
  const arms = totalArms(results, confidence)
  const best = judgeArms(results, confidence)?.best
  const points = findPoints(arms, best)
  const time = timeScale(points.map((point) => point.time))
  const lostTicks = powerTicks(points.map(({ lost }) => lost))
  const lostUnit = lostTicks[1] ?? 1
  const lostMax = lostTicks.at(-1) ?? 1
  const toX = (seconds: number): number => WIDTH * time.place(Math.min(Math.max(seconds, time.min), time.max))
  const toY = (lost: number): number =>
    HEIGHT * (1 - Math.log1p(Math.min(lost, lostMax) / lostUnit) / Math.log1p(lostMax / lostUnit))
  const places = placeLabels(
    points.map(({ name, time, lost }) => ({
      x: toX(time),
      y: toY(lost),
      width: textWidth(name, LABEL_SIZE),
      height: 14,
    })),
    points.flatMap((point) => intervalBoxes(point, toX, toY)),
    { width: WIDTH, height: HEIGHT },
  )
  const values = points.map((point, index) => ({
    ...point,
    timeLow: Math.max(time.min, point.timeLow),
    timeHigh: Math.min(time.max, point.timeHigh),
    lostHigh: Math.min(lostMax, point.lostHigh),
    ...places[index],
  }))
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: WIDTH,
    height: HEIGHT,
    config: CHART_CONFIG,
    title: heading(describeAnswer(arms, best), describeDrawn(results, arms, confidence), WIDTH),
    data: { values },
    layer: layersOf(timeAxis(time), lostAxis(lostTicks, chooseCost(results))),
  }
}

/** The two interval lines of a point, as what names should not lie on. */
function intervalBoxes(point: Point, toX: (time: number) => number, toY: (lost: number) => number): Box[] {
  const [x, y] = [toX(point.time), toY(point.lost)]
  return [
    { left: toX(point.timeLow), right: toX(point.timeHigh), top: y - 2, bottom: y + 2 },
    { left: x - 2, right: x + 2, top: toY(point.lostHigh), bottom: toY(point.lostLow) },
  ]
}

/** The points of the arms, those on the front first: they choose the places of their names first. */
function findPoints(arms: readonly ArmTotals[], best: string | undefined): Point[] {
  const shown = arms.filter(({ rolloutMedian }) => Number.isFinite(rolloutMedian.estimate))
  const front = findFront(shown)
  return [...front, ...shown.filter((arm) => !front.includes(arm))].map((arm) => ({
    name: nameOf(arm),
    kind: front.includes(arm) ? KINDS[0] : KINDS[1],
    best: arm.arm === best,
    time: arm.rolloutMedian.estimate,
    timeLow: arm.rolloutMedian.interval.low,
    timeHigh: arm.rolloutMedian.interval.high,
    lost: arm.costP95.estimate,
    lostLow: arm.costP95.interval.low,
    lostHigh: arm.costP95.interval.high,
  }))
}

function timeAxis({ type, min, max, ticks }: TimeScale) {
  return {
    field: 'time',
    type: 'quantitative' as const,
    title: type === 'log' ? 'rollout time, median (logarithmic)' : 'rollout time, median',
    scale: { type, domain: [min, max], nice: false },
    axis: { values: [...ticks], labelExpr: DURATION_LABEL },
  }
}

/** Logarithmic, but with a place for 0: below its first tick the scale is linear. */
function lostAxis(ticks: readonly number[], { title, unit }: Cost) {
  return {
    field: 'lost',
    type: 'quantitative' as const,
    title: `${title}, 95th percentile`,
    scale: { type: 'symlog' as const, constant: ticks[1] ?? 1, domain: [0, ticks.at(-1) ?? 1], nice: false },
    axis: { values: [...ticks], ...(unit === 'count' ? { format: ',d' } : { labelExpr: DURATION_LABEL }) },
  }
}

/** Front, leading lines, intervals, points, names: the later ones lie on top. */
function layersOf(x: ReturnType<typeof timeAxis>, y: ReturnType<typeof lostAxis>): Layers {
  const color = {
    field: 'kind',
    type: 'nominal' as const,
    title: null,
    scale: { domain: [...KINDS], range: [COLOURS.best, COLOURS.other] },
    legend: { orient: 'top' as const, symbolOpacity: 1, symbolType: 'circle', labelLimit: 400, offset: 10 },
  }
  const text = {
    type: 'text' as const,
    align: 'left' as const,
    baseline: 'middle' as const,
    fontSize: LABEL_SIZE,
    dx: { expr: 'datum.dx' },
    dy: { expr: 'datum.dy' },
    fontWeight: { expr: "datum.best ? 'bold' : 'normal'" },
    color: COLOURS.text,
  }
  const isOnFront = { field: 'kind', equal: KINDS[0] }
  const point = { type: 'point' as const, filled: true, size: 70, opacity: 1 }
  const interval = { type: 'rule' as const, strokeWidth: 1.5 }
  return [
    {
      transform: [{ filter: isOnFront }],
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
    { mark: interval, encoding: { x: { ...x, field: 'timeLow' }, x2: { field: 'timeHigh' }, y, color } },
    { mark: interval, encoding: { x, y: { ...y, field: 'lostLow' }, y2: { field: 'lostHigh' }, color } },
    { mark: point, encoding: { x, y, color } },
    // Once more, so that an arm on the front is not hidden below one that does the same.
    { transform: [{ filter: isOnFront }], mark: point, encoding: { x, y, color } },
    // The same text twice: the lower one, white and wide, keeps lines away from the upper one.
    { mark: { ...text, stroke: 'white', strokeWidth: 3 }, encoding: { x, y, text: { field: 'name' } } },
    { mark: text, encoding: { x, y, text: { field: 'name' } } },
  ]
}

function nameOf({ arm, complete, seeds }: ArmTotals): string {
  return complete === seeds.length ? arm : `${arm} (${formatShare(complete / seeds.length)} complete)`
}

/** The arms that no other one beats in both: less lost and faster, or equal in one and better in the other. By time. */
export function findFront<Arm extends Pick<ArmTotals, 'rolloutMedian' | 'costP95'>>(arms: readonly Arm[]): Arm[] {
  const beats = (a: Arm, b: Arm): boolean => {
    const [time, lost] = [a.rolloutMedian.estimate, a.costP95.estimate]
    const [otherTime, otherLost] = [b.rolloutMedian.estimate, b.costP95.estimate]
    const isWorse = isBelow(otherTime, time) || isBelow(otherLost, lost)
    return !isWorse && (isBelow(time, otherTime) || isBelow(lost, otherLost))
  }
  return arms
    .filter((arm) => !arms.some((other) => beats(other, arm)))
    .toSorted((a, b) => a.rolloutMedian.estimate - b.rolloutMedian.estimate)
}

function describeAnswer(arms: readonly ArmTotals[], best: string | undefined): string {
  const chosen = arms.find(({ arm }) => arm === best)
  if (chosen === undefined) return 'No runs'
  const answer = `${chosen.arm} is done in ${formatEstimate(chosen.rolloutMedian, 'seconds')} and ${describeLoss(chosen)}`
  const [reference] = arms
  if (reference === undefined || reference === chosen) return answer
  return `${answer}; ${reference.arm} takes ${formatEstimate(reference.rolloutMedian, 'seconds')} and ${describeLoss(reference)}`
}

function describeLoss({ cost, costP95 }: ArmTotals): string {
  const nothing = cost.unit === 'count' ? 'nothing' : 'for no time'
  const amount = formatEstimate(costP95, cost.unit)
  return `${cost.verb[0]} ${costP95.estimate === 0 ? nothing : cost.unit === 'count' ? amount : `for ${amount}`}`
}

function describeDrawn(results: Results, arms: readonly ArmTotals[], confidence: number): string {
  const never = arms.filter(({ rolloutMedian }) => !Number.isFinite(rolloutMedian.estimate)).map(({ arm }) => arm)
  const runs = Math.max(0, ...arms.map(({ seeds }) => seeds.length))
  const drawn = `${results.scenario}: ${runs} runs per arm, lines are ${formatShare(confidence)} intervals; further down and left is better.`
  return never.length === 0 ? drawn : `${drawn} Not drawn, as half of the runs never complete: ${never.join(', ')}.`
}
