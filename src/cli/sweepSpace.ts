// `rollbench sweep -f space.yaml`: draws the scenarios of a space, compares the arms within each, and says where each wins.

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { formatProblem } from '../base/errors.ts'
import { loadSpace, type LoadedSpace } from '../scenario/space.ts'
import type { ScenarioNumbers } from '../sweep/space/plan.ts'
import type { FileDigest, SpaceProvenance } from '../sweep/types.ts'
import { CHARTS_FOLDER, REGIONS_FILE, SUMMARY_FILE } from '../sweep/types.ts'
import { createProgress } from './experiment.ts'
import { EXIT } from './exitCodes.ts'
import { plural, usageError } from './failures.ts'
import { formatCount } from './format.ts'
import { readYaml, readYamlSync } from './input.ts'
import { interruptible } from './interruption.ts'
import type { ExperimentFlags } from './experiment.ts'
import { printAnswer, printNote } from './terminal.ts'

/** The flags that only spaces have, and those that all sweeps share. */
export interface SpaceFlags extends ExperimentFlags {
  readonly scenarios: number | undefined
  readonly seed: number | undefined
  readonly 'print-scenario': number | undefined
  readonly threshold: readonly string[] | undefined
  readonly output: string
}

/** Runs the sweep over the space in a file, or prints one of its scenarios. Returns the exit code. */
export async function sweepSpace(file: string, jobs: number, flags: SpaceFlags): Promise<number> {
  if (flags.threshold !== undefined) {
    throw usageError('a threshold is on the runs of one scenario, not on a space of them', 'rollbench sweep')
  }
  const { loaded, files } = await readSpace(file)
  const { space, problems } = loaded
  if (flags.quiet !== true) for (const problem of problems) printNote(formatProblem(problem))
  const numbers: ScenarioNumbers = {
    scenarios: flags.scenarios ?? space.scenarios,
    seed: flags.seed ?? space.seed,
    runs: flags.seeds ?? space.runs,
    firstSeed: flags['first-seed'] ?? 1,
  }
  const wanted = flags['print-scenario']
  if (wanted !== undefined) return printScenario(loaded, numbers, wanted)
  const startedAt = performance.now()
  const { outDir, provenance } = await runAndReport(loaded, numbers, jobs, flags, files)
  const seconds = (performance.now() - startedAt) / 1000
  await printSpaceAnswer(outDir, provenance, seconds, flags.output)
  return EXIT.done
}

/** Loads the space in a file, with the digests of all that was read. */
export async function readSpace(file: string): Promise<{ loaded: LoadedSpace; files: readonly FileDigest[] }> {
  const source = await readYaml(file)
  const texts = [source]
  const readFile = (path: string): string => {
    const text = readYamlSync(path)
    texts.push({ file: path, text })
    return text
  }
  const loaded = loadSpace({ files: [source], readFile })
  const files = texts.map(({ file: path, text }) => ({
    path,
    sha256: createHash('sha256').update(text).digest('hex'),
  }))
  return { loaded, files }
}

/** Prints a scenario as a file of its own, whose runs are those of the sweep. */
async function printScenario({ space }: LoadedSpace, numbers: ScenarioNumbers, k: number): Promise<number> {
  if (k > numbers.scenarios) {
    throw usageError(`--print-scenario ${k}: there are ${numbers.scenarios} scenarios`, 'rollbench sweep')
  }
  const { SpaceDraws } = await import('../sweep/space/draw.ts')
  const { documentOf } = await import('../scenario/space.ts')
  const { formatYaml } = await import('../manifest/formatYaml.ts')
  const { name, spec } = new SpaceDraws(space, numbers).draw(k)
  printAnswer(formatYaml(documentOf(name, spec)).trimEnd())
  return EXIT.done
}

async function runAndReport(
  { space }: LoadedSpace,
  numbers: ScenarioNumbers,
  jobs: number,
  flags: SpaceFlags,
  inputs: readonly FileDigest[],
): Promise<{ outDir: string; provenance: SpaceProvenance }> {
  const { runSpaceSweep } = await import('../sweep/space/run.ts')
  const { spaceRunId } = await import('../sweep/space/plan.ts')
  const outDir = flags.out ?? join('results', spaceRunId(space, numbers))
  const progress = await createProgress('sweep', 'scenarios', flags.quiet === true)
  const outcome = await interruptible((signal) =>
    runSpaceSweep({
      space,
      numbers,
      outDir,
      jobs,
      signal,
      onProgress: progress.show,
      command: ['rollbench', ...process.argv.slice(2)],
      inputs,
    }).finally(progress.stop),
  )
  // An interrupted sweep has already been turned into an error by `interruptible`.
  if (outcome.state === 'interrupted') throw new Error('the sweep stopped without a signal')
  return { outDir, provenance: outcome.provenance }
}

/** Reads the runs back, writes summary.csv, regions.csv and the chart, and prints the answer. */
async function printSpaceAnswer(
  outDir: string,
  provenance: SpaceProvenance,
  seconds: number,
  output: string,
): Promise<void> {
  const [
    { readSpaceResults },
    { judgeSpace },
    { findRegions },
    formats,
    { renderSpace },
    { renderRegionsChart },
    { writeWhole },
  ] = await Promise.all([
    import('../report/space/readSpace.ts'),
    import('../report/space/wins.ts'),
    import('../report/space/regions.ts'),
    import('../report/space/formats.ts'),
    import('../report/space/table.ts'),
    import('../report/space/chart.ts'),
    import('../sweep/wholeFile.ts'),
  ])
  const results = await readSpaceResults(outDir)
  const judged = judgeSpace(results)
  const regions = findRegions(results, judged)
  await writeWhole(join(outDir, SUMMARY_FILE), await formats.summaryCsv(judged))
  await writeWhole(join(outDir, REGIONS_FILE), await formats.regionsCsv(regions))
  await writeWhole(join(outDir, CHARTS_FOLDER, 'regions.svg'), await renderRegionsChart(results, judged, regions))
  if (output === 'name') return printAnswer(outDir)
  const sha256 = provenance.results.find(({ path }) => path === 'runs.csv')?.sha256 ?? ''
  if (output === 'json')
    return printAnswer(JSON.stringify({ results: outDir, sha256, seconds, ...formats.spaceJson(judged, regions) }))
  const { scenarios, runs } = provenance.space
  const size = `${formatCount(scenarios)} scenarios × ${judged.arms.length} arms × ${runs} seeds`
  printAnswer(`rollbench ${provenance.rollbench}   space ${results.name}   ${size}\n`)
  printAnswer(renderSpace(results, judged, regions))
  printAnswer(`\nResults: ${outDir}  (digest sha256:${sha256}, ${seconds.toFixed(1)}s)`)
}

/** Says what is wrong with the space in a file, or that nothing is. Returns the exit code. */
export async function validateSpace(file: string, output: string): Promise<number> {
  const { loaded, files } = await readSpace(file)
  const { space, problems } = loaded
  const name = `ScenarioSpace/${space.name}`
  if (output === 'name') printAnswer(name)
  else if (output === 'json')
    printAnswer(JSON.stringify({ valid: true, documents: files.length, objects: [name], warnings: problems }, null, 2))
  else printAnswer([...problems.map(formatProblem), `valid: ${name} in ${plural(files.length, 'file')}`].join('\n'))
  return EXIT.done
}
