// Distribution of rollout time: one row per arm, the darker the more runs end there, with median and 95th percentile.

import type { TopLevelSpec } from 'vega-lite'
import type { ArmTotals } from '../armTotals.ts'
import { totalArms } from '../armTotals.ts'
import { formatEstimate, formatShare } from '../numbers.ts'
import type { Results } from '../results.ts'
import { quantileSorted, sortForQuantiles } from '../../statistics/quantile.ts'
import { CHART_CONFIG, COLOURS, heading } from './theme.ts'
import { DURATION_LABEL, durationTicks } from './ticks.ts'

const WIDTH = 620
const ROW_HEIGHT = 30
const BIN_COUNT = 124
/** Height of the tallest bin, as a share of its row. */
const PEAK = 0.86

/** The chart of how rollout time is distributed. */
export function rolloutChart(results: Results, confidence: number): TopLevelSpec {
  const arms = totalArms(results, confidence)
  const longest = arms.reduce((most, arm) => Math.max(most, longestOf(arm)), 1)
  const max = longest * 1.03
  const bins = arms.flatMap((arm, row) => binsOf(arm, row, max))
  const marks = arms.map((arm, row) => {
    const sorted = sortForQuantiles(arm.rolloutSeconds)
    const [p50, p95] = [quantileSorted(sorted, 0.5), quantileSorted(sorted, 0.95)]
    return { row, top: row + 1 - PEAK, bottom: row + 1, p50: finite(p50), p95: finite(p95), words: describeArm(arm) }
  })
  const x = {
    type: 'quantitative' as const,
    title: 'rollout time: from the change until `kubectl rollout status` says done',
    scale: { domain: [0, max], nice: false },
    axis: { values: durationTicks(max), labelExpr: DURATION_LABEL },
  }
  const names = JSON.stringify(arms.map(({ arm }) => arm))
  const y = {
    type: 'quantitative' as const,
    title: null,
    scale: { domain: [0, arms.length], nice: false, reverse: true },
    axis: {
      values: arms.map((_, row) => row + 0.5),
      labelExpr: `${names}[floor(datum.value)]`,
      grid: false,
      domain: false,
      ticks: false,
    },
  }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: WIDTH,
    height: ROW_HEIGHT * arms.length,
    config: CHART_CONFIG,
    title: heading(describeAnswer(arms), describeDrawn(results, arms), WIDTH + 200),
    layer: [
      {
        data: { values: bins },
        // A hundred bins in a dozen rows: spoken descriptions of each would make most of the file.
        mark: { type: 'rect', color: COLOURS.band, aria: false },
        encoding: {
          x: { ...x, field: 'from' },
          x2: { field: 'to' },
          y: { ...y, field: 'top' },
          y2: { field: 'bottom' },
        },
      },
      {
        data: { values: arms.map((_, row) => ({ row: row + 1 })) },
        mark: { type: 'rule', color: COLOURS.grid },
        encoding: { y: { ...y, field: 'row' } },
      },
      {
        data: { values: marks.filter(({ p50 }) => p50 !== null) },
        mark: { type: 'rule', color: COLOURS.best, strokeWidth: 2.5 },
        encoding: { x: { ...x, field: 'p50' }, y: { ...y, field: 'top' }, y2: { field: 'bottom' } },
      },
      {
        data: { values: marks.filter(({ p95 }) => p95 !== null) },
        mark: { type: 'rule', color: COLOURS.reference, strokeWidth: 1.5, strokeDash: [3, 2] },
        encoding: { x: { ...x, field: 'p95' }, y: { ...y, field: 'top' }, y2: { field: 'bottom' } },
      },
      {
        data: { values: marks },
        transform: [{ calculate: 'datum.row + 0.5', as: 'middle' }],
        mark: { type: 'text', align: 'left', baseline: 'middle', x: WIDTH + 10, fontSize: 11, color: COLOURS.text },
        encoding: { y: { ...y, field: 'middle' }, text: { field: 'words' } },
      },
    ],
  }
}

function longestOf({ rolloutSeconds }: ArmTotals): number {
  return rolloutSeconds.reduce((most, seconds) => (Number.isFinite(seconds) ? Math.max(most, seconds) : most), 0)
}

/** The histogram of one arm, its tallest bin as high as PEAK says. Runs that never end are in no bin. */
function binsOf(
  { rolloutSeconds }: ArmTotals,
  row: number,
  max: number,
): { from: number; to: number; top: number; bottom: number }[] {
  const counts = new Uint32Array(BIN_COUNT)
  for (const seconds of rolloutSeconds) {
    const bin = Math.floor((seconds / max) * BIN_COUNT)
    if (bin < BIN_COUNT) counts[bin] = (counts[bin] ?? 0) + 1
  }
  const most = Math.max(1, ...counts)
  const bins = []
  for (const [bin, count] of counts.entries()) {
    if (count === 0) continue
    const from = (bin * max) / BIN_COUNT
    bins.push({ from, to: ((bin + 1) * max) / BIN_COUNT, top: row + 1 - (PEAK * count) / most, bottom: row + 1 })
  }
  return bins
}

function describeArm({ rolloutMedian, complete, seeds }: ArmTotals): string {
  const median = formatEstimate(rolloutMedian, 'seconds')
  return complete === seeds.length ? median : `${median}, ${formatShare(complete / seeds.length)} complete`
}

function describeAnswer(arms: readonly ArmTotals[]): string {
  const sorted = arms.toSorted((a, b) => a.rolloutMedian.estimate - b.rolloutMedian.estimate)
  const [fastest, slowest] = [sorted[0], sorted.at(-1)]
  if (fastest === undefined || slowest === undefined) return 'No runs'
  const alike = arms.filter((arm) => arm.rolloutMedian.estimate <= fastest.rolloutMedian.interval.high).length - 1
  const first = alike > 0 ? `${fastest.arm} and ${alike} more are done first` : `${fastest.arm} is done first`
  const answer = `${first}, in ${formatEstimate(fastest.rolloutMedian, 'seconds')}`
  if (fastest === slowest) return answer
  const last = Number.isFinite(slowest.rolloutMedian.estimate)
    ? `takes longest, ${formatEstimate(slowest.rolloutMedian, 'seconds')}`
    : 'is never done in half of its runs'
  return `${answer}; ${slowest.arm} ${last}`
}

function describeDrawn(results: Results, arms: readonly ArmTotals[]): string {
  const runs = Math.max(0, ...arms.map(({ seeds }) => seeds.length))
  return `${results.scenario}: ${runs} runs per arm. Each row is a histogram of its own height; solid line: median, dashed: p95.`
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null
}
