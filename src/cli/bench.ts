// `rollbench bench`: how fast the engine is, on this machine and against a stored measurement.

import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import type { BenchComparison, Measured } from './benchMeasurement.ts'
import { formatAmount, formatCount } from './format.ts'
import { readText } from './input.ts'
import { outputFlag, percentage, single, wholeNumber } from './options.ts'
import { printAnswer, printNote } from './terminal.ts'

interface BenchFlags {
  readonly baseline: string | undefined
  readonly 'write-baseline': string | undefined
  readonly tolerance: number
  readonly time: number
  readonly output: string
}

export const benchCommand: Command<BenchFlags> = {
  usage: 'bench',
  describe: 'Measure the speed of the engine; compare with a stored measurement',
  declare: (yargs) =>
    yargs
      .option('baseline', single('baseline', 'stored measurement to compare with; exit 3 if slower'))
      .option('write-baseline', single('write-baseline', 'file to store this measurement in'))
      .option('tolerance', {
        ...percentage('tolerance', 'how much slower is still accepted'),
        default: '15%',
      })
      .option('time', {
        ...wholeNumber('time', 1, 60_000, 'milliseconds for each benchmark, in each of five rounds'),
        default: '200',
      })
      .option('output', outputFlag('table', 'json'))
      .example('$0 bench --write-baseline bench.json', 'before a change')
      .example('$0 bench --baseline bench.json', 'after it'),
  async run(flags) {
    const { measure, compareBench, parseBenchBaseline, writeBenchBaseline } = await import('./benchMeasurement.ts')
    const stored = flags.baseline === undefined ? undefined : await readText(flags.baseline)
    const baseline = stored && parseBenchBaseline(stored.file, stored.text)
    const { prepareBenchmarks, createCalibration } = await import('./benchmarks.ts')
    const { createEngine } = await import('../engine/engine.ts')
    const { loadScenarioText } = await import('./scenarioInput.ts')
    const benchmarks = prepareBenchmarks(loadScenarioText, createEngine)
    const measured = await measure(benchmarks, createCalibration(), flags.time)
    const comparisons = baseline && compareBench(measured, baseline, flags.tolerance)
    if (flags.output === 'json') printAnswer(JSON.stringify({ benchmarks: measured, comparisons }, null, 2))
    else printAnswer(await formatMeasured(measured, comparisons))
    if (flags['write-baseline'] !== undefined) {
      const { writeWhole } = await import('../sweep/wholeFile.ts')
      await writeWhole(flags['write-baseline'], writeBenchBaseline(measured))
      printNote(`wrote ${flags['write-baseline']}`)
    }
    const failed = comparisons?.some(({ state }) => state === 'slower' || state === 'changed') ?? false
    return failed ? EXIT.gateFailed : EXIT.done
  },
}

/** The table of measurements, with the verdict on each where there is a baseline. */
async function formatMeasured(
  measured: readonly Measured[],
  comparisons: readonly BenchComparison[] | undefined,
): Promise<string> {
  const { columns } = await import('../report/columns.ts')
  const header = ['BENCHMARK', 'CALLS/S', 'MEDIAN', 'EVENTS', 'EVENTS/S', 'SCORE', 'WHAT']
  const rows = measured.map(({ name, text, medianMs, score, events }) => [
    name,
    formatCount(1000 / medianMs),
    `${medianMs.toPrecision(3)} ms`,
    formatCount(events),
    formatCount((1000 * events) / medianMs),
    formatAmount(score),
    text,
  ])
  const table = columns([header, ...rows], [1, 2, 3, 4, 5])
  const verdicts = (comparisons ?? []).map(describeComparison)
  return [table, ...(verdicts.length > 0 ? ['', ...verdicts] : [])].join('\n')
}

function describeComparison(comparison: BenchComparison): string {
  const { name, state } = comparison
  if (state === 'new') return `  ? ${name}: not in the baseline`
  if (state === 'changed') {
    const before = formatCount(comparison.eventsBefore)
    return `  ✗ ${name}: other events than the ${before} of the baseline: the behaviour changed; if that is meant, store it anew`
  }
  return `  ${state === 'holds' ? '✓' : '✗'} ${name}: ${comparison.ratio.toFixed(2)} times the speed of the baseline`
}
