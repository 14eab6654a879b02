// Downtime by strategy: one row per arm, the median and the 95th percentile, with the words for those that are never down.

import type { TopLevelSpec } from 'vega-lite'
import { totalArms } from '../armTotals.ts'
import { estimateQuantile } from '../estimates.ts'
import { formatEstimate, formatShare, formatShareMax, formatValue } from '../numbers.ts'
import type { Results } from '../results.ts'
import { sortForQuantiles } from '../../statistics/quantile.ts'
import { proportionInterval } from '../../statistics/interval.ts'
import type { Estimate } from '../../statistics/paired.ts'
import { CHART_CONFIG, COLOURS, heading } from './theme.ts'
import { DURATION_LABEL, durationTicks } from './ticks.ts'

const WIDTH = 560
const ROW_HEIGHT = 24

interface ArmDowntime {
  readonly arm: string
  readonly runs: number
  readonly p5: Estimate
  readonly p50: Estimate
  readonly p95: Estimate
  /** Runs with any downtime. */
  readonly down: number
  /** Upper bound of their share. */
  readonly downShareMax: number
}

/** The chart of downtime by strategy. */
export function downtimeChart(results: Results, confidence: number): TopLevelSpec {
  const arms = measureDowntime(results, confidence)
  const max = 1.05 * Math.max(1, ...arms.map(({ p95 }) => Math.max(p95.estimate, finite(p95.interval.high))))
  const values = arms.map((arm) => ({
    arm: arm.arm,
    p5: arm.p5.estimate,
    p50: arm.p50.estimate,
    p95: arm.p95.estimate,
    p95Low: arm.p95.interval.low,
    p95High: finite(arm.p95.interval.high),
    words: describeArm(arm),
  }))
  const y = {
    field: 'arm',
    type: 'nominal' as const,
    sort: null,
    title: null,
    axis: { grid: false, domain: false, ticks: false },
  }
  const x = {
    type: 'quantitative' as const,
    title: 'downtime: no pod serves',
    scale: { domain: [0, max], nice: false },
    axis: { values: durationTicks(max), labelExpr: DURATION_LABEL },
  }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: WIDTH,
    height: { step: ROW_HEIGHT },
    config: CHART_CONFIG,
    title: heading(describeAnswer(arms), describeDrawn(results, arms, confidence), WIDTH + 200),
    data: { values },
    encoding: { y },
    layer: [
      {
        mark: { type: 'rule', color: COLOURS.band, strokeWidth: 7, opacity: 0.7 },
        encoding: { x: { ...x, field: 'p5' }, x2: { field: 'p95' } },
      },
      {
        transform: [{ filter: 'datum.p95 > 0' }],
        mark: { type: 'tick', color: COLOURS.best, thickness: 2.5, size: 15, opacity: 1 },
        encoding: { x: { ...x, field: 'p50' } },
      },
      {
        mark: { type: 'rule', color: COLOURS.reference, strokeWidth: 1.5 },
        encoding: { x: { ...x, field: 'p95Low' }, x2: { field: 'p95High' } },
      },
      {
        mark: { type: 'point', filled: true, color: COLOURS.reference, size: 46, opacity: 1 },
        encoding: { x: { ...x, field: 'p95' } },
      },
      {
        mark: { type: 'text', align: 'left', x: WIDTH + 10, fontSize: 11, color: COLOURS.text },
        encoding: { text: { field: 'words' } },
      },
    ],
  }
}

function measureDowntime(results: Results, confidence: number): ArmDowntime[] {
  return totalArms(results, confidence).map(({ arm, downtimeSeconds }) => {
    const sorted = sortForQuantiles(downtimeSeconds)
    const quantile = (q: number): Estimate => estimateQuantile(sorted, q, confidence)
    const runs = sorted.length
    const down = sorted.filter((seconds) => seconds > 0).length
    const downShareMax = proportionInterval(down, runs, confidence).high
    return { arm, runs, p5: quantile(0.05), p50: quantile(0.5), p95: quantile(0.95), down, downShareMax }
  })
}

function describeArm({ p50, p95, down, downShareMax }: ArmDowntime): string {
  if (down === 0) return `never (≤${formatShareMax(downShareMax)} of runs)`
  return `${formatValue(p50.estimate, 'seconds')}, p95 ${formatEstimate(p95, 'seconds')}`
}

function describeAnswer(arms: readonly ArmDowntime[]): string {
  const down = arms.filter((arm) => arm.down > 0)
  if (down.length === 0) return 'No arm is ever down'
  const worst = down.reduce((most, arm) => (arm.p95.estimate > most.p95.estimate ? arm : most))
  const length = `${formatEstimate(worst.p95, 'seconds')} at p95`
  if (down.length === 1 && arms.length > 1) return `Only ${worst.arm} is ever down: ${length}`
  if (down.length === arms.length) return `Every arm is down at times; ${worst.arm} longest: ${length}`
  return `${down.length} of ${arms.length} arms are down at times; ${worst.arm} longest: ${length}`
}

function describeDrawn(results: Results, arms: readonly ArmDowntime[], confidence: number): string {
  const runs = Math.max(0, ...arms.map((arm) => arm.runs))
  return `${results.scenario}: ${runs} runs per arm. Bar: p5 to p95; tick: median; dot: p95 with its ${formatShare(confidence)} interval.`
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}
