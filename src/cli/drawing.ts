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
  const { isSpaceFolder } = await import('../report/space/readSpace.ts')
  if (await isSpaceFolder(resultsFolder)) {
    if (wanted !== undefined) throw noChartOfSpace(resultsFolder, types)
    return [await drawRegions(resultsFolder, out ?? join(resultsFolder, CHARTS_FOLDER))]
  }
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

/** Draws the one chart of a space's results. Returns its file. */
async function drawRegions(resultsFolder: string, folder: string): Promise<string> {
  const [{ readSpaceResults }, { judgeSpace }, { findRegions }, { renderRegionsChart }] = await Promise.all([
    import('../report/space/readSpace.ts'),
    import('../report/space/wins.ts'),
    import('../report/space/regions.ts'),
    import('../report/space/chart.ts'),
  ])
  const results = await readSpaceResults(resultsFolder)
  const verdict = judgeSpace(results)
  const file = join(folder, 'regions.svg')
  await writeWhole(file, await renderRegionsChart(results, verdict, findRegions(results, verdict)))
  return file
}

function noChartOfSpace(folder: string, types: readonly string[] | undefined): InputError {
  const message = `results of a space have one chart, their regions: leave --type ${types?.join(', ')} away`
  return new InputError([{ file: folder, severity: 'error', message }])
}
