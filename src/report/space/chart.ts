// Win regions: for each of the parameters that say most, the share of scenarios that each arm wins in each bin.

import type { TopLevelSpec } from 'vega-lite'
import { renderSvg } from '../charts/svg.ts'
import { CHART_CONFIG, COLOURS, heading } from '../charts/theme.ts'
import { formatCount } from '../numbers.ts'
import type { SpaceResults } from './readSpace.ts'
import type { Region } from './regions.ts'
import { formatShareOf } from './table.ts'
import type { SpaceVerdict } from './wins.ts'

const PARAMETERS_MAX = 6
const CELL_WIDTH = 108
const CELL_HEIGHT = 24

/** The chart as SVG text. */
export function renderRegionsChart(
  results: SpaceResults,
  verdict: SpaceVerdict,
  regions: readonly Region[],
): Promise<string> {
  return renderSvg(regionsChart(results, verdict, regions))
}

/** The chart of win regions. */
export function regionsChart(results: SpaceResults, verdict: SpaceVerdict, regions: readonly Region[]): TopLevelSpec {
  const wins = regions.filter(({ target }) => target === 'won')
  const arms = verdict.arms.toSorted((a, b) => b.won.count - a.won.count).map(({ arm }) => arm)
  const panels = strongestFirst(wins).slice(0, PARAMETERS_MAX)
  const width = 2 * 4 * CELL_WIDTH
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    config: CHART_CONFIG,
    title: heading(describeAnswer(verdict), describeDrawn(results, verdict), width),
    columns: 2,
    concat: panels.map((parameter) =>
      panel(
        parameter,
        wins.filter((region) => region.parameter === parameter),
        arms,
      ),
    ),
  }
}

/** Parameters by the strongest contrast that they make for any arm. */
function strongestFirst(regions: readonly Region[]): string[] {
  const strengths = new Map<string, number>()
  for (const { parameter, strength } of regions) {
    strengths.set(parameter, Math.max(strength, strengths.get(parameter) ?? 0))
  }
  return [...strengths].toSorted((a, b) => b[1] - a[1]).map(([parameter]) => parameter)
}

type Panel = Extract<TopLevelSpec, { readonly concat: unknown }>['concat'][number]

function panel(parameter: string, regions: readonly Region[], arms: readonly string[]): Panel {
  const values = regions.flatMap(({ arm, bins }) =>
    bins.map(({ label, share }) => ({
      arm,
      bin: label,
      percent: 100 * share.share,
      words: `${formatCount(Math.round(100 * share.share))} %`,
    })),
  )
  const labels = regions[0]?.bins.map(({ label }) => label) ?? []
  return {
    title: { text: parameter, fontSize: 12, fontWeight: 'bold', offset: 6 },
    width: labels.length * CELL_WIDTH,
    height: arms.length * CELL_HEIGHT,
    data: { values },
    encoding: {
      x: {
        field: 'bin',
        type: 'nominal',
        sort: labels,
        title: null,
        axis: { labelAngle: 0, ticks: false, domain: false, grid: false, labelLimit: CELL_WIDTH },
      },
      y: {
        field: 'arm',
        type: 'nominal',
        sort: [...arms],
        title: null,
        axis: { ticks: false, domain: false, grid: false },
      },
    },
    layer: [
      {
        mark: { type: 'rect', stroke: 'white', strokeWidth: 2 },
        encoding: {
          color: {
            field: 'percent',
            type: 'quantitative',
            scale: { domain: [0, 100], range: ['#F2F2F2', COLOURS.best] },
            legend: null,
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 11 },
        encoding: {
          text: { field: 'words' },
          color: { condition: { test: 'datum.percent > 55', value: 'white' }, value: COLOURS.text },
        },
      },
    ],
  }
}

function describeAnswer({ arms }: SpaceVerdict): string {
  const [best] = arms.toSorted((a, b) => b.won.count - a.won.count)
  return best === undefined ? 'No arm ran' : `${best.arm} wins most often: ${formatShareOf(best.won)} of the scenarios`
}

function describeDrawn({ name, winBy }: SpaceResults, { ran }: SpaceVerdict): string {
  return `${name}: ${formatCount(ran)} scenarios, won by ${winBy.join(', then ')}. Cells: share of the scenarios of that quarter that the arm wins.`
}
