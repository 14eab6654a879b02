// `rollbench check RESULTS`: a gate over results that exist: thresholds, and no regression against a stored baseline.

import { InputError, OperatingError } from '../base/errors.ts'
import type { Results } from '../report/results.ts'
import type { Baseline } from './baseline.ts'
import type { Command } from './command.ts'
import { EXIT } from './exitCodes.ts'
import { isFolder, readText } from './input.ts'
import { FLAGS, percentage, repeatable, single } from './options.ts'
import type { BaselineSide, Change } from './regression.ts'
import { printAnswer, printNote, stdoutColours } from './terminal.ts'
import type { ColourMode } from './terminal.ts'
import { formatChanges } from './verdicts.ts'

interface CheckFlags {
  readonly results: string
  readonly baseline: string | undefined
  readonly 'write-baseline': string | undefined
  readonly threshold: readonly string[] | undefined
  readonly tolerance: readonly string[] | undefined
  readonly confidence: number
  readonly color: ColourMode
  readonly verbose: boolean | undefined
}

export const checkCommand: Command<CheckFlags> = {
  usage: 'check <results>',
  describe: 'Gate results by thresholds and a stored baseline',
  declare: (yargs) =>
    yargs
      .positional('results', { type: 'string', demandOption: true, describe: 'results folder' })
      .option(
        'baseline',
        single('baseline', 'stored baseline, or the results folder of an earlier run (paired by seed)'),
      )
      .option('write-baseline', single('write-baseline', 'file to store these results in as a baseline'))
      .option('threshold', FLAGS.threshold)
      .option(
        'tolerance',
        repeatable('accepted worsening: 5%, COLUMN=10% or COLUMN=1.5 (default: 5%); repeat for more'),
      )
      .option('confidence', { ...percentage('confidence', 'confidence of intervals', 99.99), default: '95%' })
      .option('color', FLAGS.color)
      .option('verbose', { ...FLAGS.verbose, describe: 'print the columns that did not get worse, too' })
      .example('$0 check results/checkout-7f3a12bc --write-baseline main.json', 'on the main branch')
      .example('$0 check results/checkout-7f3a12bc --baseline main.json', 'on a pull request')
      .example("$0 check results/checkout-7f3a12bc --threshold 'rolling-1-0: downtimeSeconds p99 == 0'", ''),
  async run(flags) {
    const { parseTolerances } = await import('./tolerance.ts')
    const tolerances = asInput('--tolerance', () => parseTolerances(flags.tolerance ?? []))
    const nothingToDo = [flags.baseline, flags['write-baseline'], flags.threshold].every((flag) => flag === undefined)
    if (nothingToDo) {
      throw new OperatingError('nothing to check: give --baseline, --threshold or --write-baseline', EXIT.badInput)
    }
    const { readResults } = await import('../report/readRuns.ts')
    const results = await readResults(flags.results)
    const side = flags.baseline === undefined ? undefined : await readBaselineSide(flags.baseline, readResults)
    const paint = stdoutColours(flags.color)
    const { parseThresholds, verdictsOf } = await import('./thresholds.ts')
    const arms = results.arms.map(({ name }) => name)
    const thresholds = verdictsOf(parseThresholds(flags.threshold ?? [], arms), results, paint, flags.confidence)
    let changes: readonly Change[] = []
    if (side !== undefined) {
      const { compareWithBaseline } = await import('./regression.ts')
      changes = compareWithBaseline(side, results, { tolerances, confidence: flags.confidence })
      noteDifferences(side.baseline, results)
    }
    const verdicts = formatChanges(changes, paint, flags.verbose === true)
    const lines = [...thresholds.lines, ...verdicts.lines]
    const failed = thresholds.failed + verdicts.failed
    const undecided = thresholds.undecided + verdicts.undecided
    if (thresholds.passed + verdicts.passed + failed + undecided > 0) {
      lines.push(`${thresholds.passed + verdicts.passed} passed, ${failed} failed, ${undecided} undecided`)
      printAnswer(lines.join('\n'))
    }
    await storeBaseline(flags['write-baseline'], results)
    if (failed > 0) return EXIT.gateFailed
    return undecided > 0 ? EXIT.undecided : EXIT.done
  },
}

async function readBaselineSide(
  path: string,
  readResults: (folder: string) => Promise<Results>,
): Promise<BaselineSide> {
  const { parseBaseline, toBaseline } = await import('./baseline.ts')
  if (await isFolder(path)) {
    const runs = await readResults(path)
    return { baseline: toBaseline(runs), runs }
  }
  const { file, text } = await readText(path)
  return { baseline: parseBaseline(file, text) }
}

/** Says what makes the two sides different experiments; they are compared all the same. */
function noteDifferences(baseline: Baseline, results: Results): void {
  const sha256 = results.provenance?.scenario.sha256 ?? ''
  if (baseline.scenario.sha256 !== sha256) printNote('note: the scenario is not the one of the baseline')
  const known = new Set(baseline.groups.map(({ arm }) => arm))
  const fresh = results.arms.filter(({ name }) => !known.has(name)).map(({ name }) => name)
  if (fresh.length > 0) printNote(`note: not in the baseline, so not compared: ${fresh.join(', ')}`)
}

async function storeBaseline(path: string | undefined, results: Results): Promise<void> {
  if (path === undefined) return
  const { toBaseline } = await import('./baseline.ts')
  const { writeWhole } = await import('../sweep/wholeFile.ts')
  await writeWhole(path, `${JSON.stringify(toBaseline(results), null, 1)}\n`)
  printNote(`wrote ${path}`)
}

function asInput<Value>(file: string, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    throw new InputError([{ file, severity: 'error', message: error instanceof Error ? error.message : String(error) }])
  }
}
