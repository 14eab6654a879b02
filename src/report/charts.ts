// The charts by name. Each is a Vega-Lite specification made from results; aggregates and intervals are ours, not Vega's.

import type { TopLevelSpec } from 'vega-lite'
import { CONFIDENCE } from '../statistics/interval.ts'
import { availabilityChart } from './charts/availability.ts'
import { downtimeChart } from './charts/downtime.ts'
import { rolloutChart } from './charts/rollout.ts'
import { renderSvg } from './charts/svg.ts'
import { tradeoffChart } from './charts/tradeoff.ts'
import type { Results } from './results.ts'

/** Names of charts, as `rollbench chart --type` takes them; the files are called the same. */
export const CHART_TYPES = ['tradeoff', 'downtime', 'availability', 'rollout'] as const

export type ChartType = (typeof CHART_TYPES)[number]

const BUILDERS: Readonly<Record<ChartType, (results: Results, confidence: number) => TopLevelSpec>> = {
  tradeoff: tradeoffChart,
  downtime: downtimeChart,
  availability: availabilityChart,
  rollout: rolloutChart,
}

/** One chart as Vega-Lite, to be edited in any Vega editor. */
export function buildChart(type: ChartType, results: Results, confidence: number = CONFIDENCE): TopLevelSpec {
  return BUILDERS[type](results, confidence)
}

/** One chart as SVG text. The same results give the same bytes. */
export function renderChart(type: ChartType, results: Results, confidence: number = CONFIDENCE): Promise<string> {
  return renderSvg(buildChart(type, results, confidence))
}

/** All charts that the results have data for, as files of the charts folder. */
export async function renderCharts(
  results: Results,
  confidence: number = CONFIDENCE,
): Promise<{ readonly name: string; readonly svg: string }[]> {
  const files = []
  for (const type of CHART_TYPES) {
    if (type === 'availability' && results.availability.length === 0) continue
    files.push({ name: `${type}.svg`, svg: await renderChart(type, results, confidence) })
  }
  return files
}
