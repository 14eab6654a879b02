// Draws charts of results into a folder. The charts themselves are made in report/.

import { join } from 'node:path'
import { InputError } from '../base/errors.ts'
import { suggest } from '../base/suggestion.ts'
import type { ChartType } from '../report/charts.ts'
import { CHART_TYPES, renderChart, renderCharts } from '../report/charts.ts'
import { readResults } from '../report/readRuns.ts'
import type { Results } from '../report/results.ts'
import { CHARTS_FOLDER } from '../sweep/types.ts'
import { writeWhole } from '../sweep/wholeFile.ts'

/** Draws every chart that the results have data for. Returns the files. */
export async function writeCharts(results: Results, folder: string): Promise<string[]> {
  const files: string[] = []
  for (const { name, svg } of await renderCharts(results)) {
    files.push(join(folder, name))
    await writeWhole(join(folder, name), svg)
  }
  return files
}

/** Draws the charts that are named, or all of them, of the results in a folder. Returns the files. */
export async function drawCharts(
  resultsFolder: string,
  types: readonly string[] | undefined,
  out: string | undefined,
): Promise<string[]> {
  const wanted = types?.map(requireChartType)
  const results = await readResults(resultsFolder)
  const folder = out ?? join(resultsFolder, CHARTS_FOLDER)
  if (wanted === undefined) return writeCharts(results, folder)
  const files: string[] = []
  for (const type of wanted) {
    const file = join(folder, `${type}.svg`)
    if (type === 'availability' && results.availability.length === 0) {
      const message = 'no availability.csv in it, which the availability chart is drawn from; run the sweep again'
      throw new InputError([{ file: resultsFolder, severity: 'error', message }])
    }
    await writeWhole(file, await renderChart(type, results))
    files.push(file)
  }
  return files
}

function requireChartType(text: string): ChartType {
  const type = CHART_TYPES.find((name) => name === text)
  if (type !== undefined) return type
  const message = `there is no chart "${text}"${suggest(text, CHART_TYPES)}; the charts are ${CHART_TYPES.join(', ')}`
  throw new InputError([{ file: '--type', severity: 'error', message }])
}
