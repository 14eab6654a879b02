// Availability over time: one small panel per arm, the mean and the band that holds nine runs of ten.

import type { TopLevelSpec } from 'vega-lite'
import { formatCount } from '../numbers.ts'
import type { AvailabilitySeries, Results } from '../results.ts'
import { CHART_CONFIG, COLOURS, heading } from './theme.ts'
import { DURATION_LABEL, durationTicks } from './ticks.ts'

const PANEL_WIDTH = 190
const PANEL_HEIGHT = 92
const PANELS_PER_ROW = 4

/** The chart of availability over time, up to the last instant at which an arm lacks pods. */
export function availabilityChart(results: Results): TopLevelSpec {
  const series = results.availability
  const end = lastDip(series)
  const values = series.flatMap(({ arm, seconds, p5, p50, p95, mean }) =>
    seconds.flatMap((second, index) =>
      second <= end ? [{ arm, second, p5: p5[index], p50: p50[index], p95: p95[index], mean: mean[index] }] : [],
    ),
  )
  const columns = Math.min(PANELS_PER_ROW, Math.max(1, series.length))
  const x = {
    field: 'second',
    type: 'quantitative' as const,
    title: 'since the first step',
    scale: { domain: [0, end], nice: false },
    axis: { values: durationTicks(end, 5), labelExpr: DURATION_LABEL },
  }
  const y = {
    type: 'quantitative' as const,
    title: 'ready pods, %',
    // A little air above 100 keeps the line whole; without clipping it would push the axes away.
    scale: { domain: [0, 104], nice: false },
    axis: { values: [0, 50, 100] },
  }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: CHART_CONFIG,
    spacing: { row: 18, column: 16 },
    title: heading(describeAnswer(series), describeDrawn(results), columns * (PANEL_WIDTH + 16)),
    data: { values },
    facet: {
      field: 'arm',
      type: 'nominal',
      sort: series.map(({ arm }) => arm),
      header: { title: null, labelFontSize: 11, labelFontWeight: 'bold', labelAnchor: 'start', labelPadding: 4 },
    },
    columns,
    spec: {
      width: PANEL_WIDTH,
      height: PANEL_HEIGHT,
      encoding: { x },
      layer: [
        {
          mark: { type: 'area', color: COLOURS.band, opacity: 0.45, clip: true },
          encoding: { y: { ...y, field: 'p5' }, y2: { field: 'p95' } },
        },
        {
          mark: { type: 'line', color: COLOURS.best, strokeWidth: 1.8, clip: true },
          encoding: { y: { ...y, field: 'mean' } },
        },
      ],
    },
  }
}

/** The instant at which the last arm is back at full strength, and a little more; the whole window if one never is. */
function lastDip(series: readonly AvailabilitySeries[]): number {
  let end = 0
  for (const { seconds, p5 } of series) {
    const last = p5.findLastIndex((percent) => percent < 100)
    end = Math.max(end, seconds[Math.min(last + 2, seconds.length - 1)] ?? 0)
  }
  return end === 0 ? 1 : end
}

function describeAnswer(series: readonly AvailabilitySeries[]): string {
  const lowest = series.map(({ arm, p5 }) => ({ arm, percent: Math.min(100, ...p5) }))
  const [worst] = lowest.toSorted((a, b) => a.percent - b.percent)
  if (worst === undefined) return 'No samples of availability'
  const full = lowest.filter(({ percent }) => percent === 100)
  if (worst.percent === 100) return 'Every arm keeps all pods ready'
  const falls = `${worst.arm} falls to ${formatCount(worst.percent)} % of ready pods`
  if (full.length === 0) return `${falls}; no arm keeps all of them`
  const [only] = full
  if (full.length === 1 && only !== undefined) return `${falls}; only ${only.arm} keeps all of them`
  return `${falls}; ${full.length} arms keep all of them`
}

function describeDrawn({ scenario, workloads }: Results): string {
  const of = workloads.length > 1 ? ` of ${workloads[0] ?? ''}` : ''
  return `${scenario}: ready pods${of} in percent of the wanted ones. Line: mean; band: p5 to p95 of the runs.`
}
