// The answer of `run` and `start`: thresholds first, the table, the verdict, where the results are, what to do next.

import { toPlain, renderCsv, renderNames } from '../report/formats.ts'
import { renderSensitivity, type SensitivityReport } from '../report/sensitivity.ts'
import type { Summary } from '../report/summary.ts'
import { renderTable } from '../report/table.ts'
import { judgeArms } from '../report/verdict.ts'
import type { Scenario } from '../scenario/types.ts'
import { EXIT } from './exitCodes.ts'
import type { Finished } from './experiment.ts'
import { formatCount } from './format.ts'
import { nextCommand } from './nextCommand.ts'
import type { OutputFormat } from './options.ts'
import type { ColourMode } from './terminal.ts'
import { printAnswer, stdoutColours } from './terminal.ts'
import { verdictsOf } from './thresholds.ts'
import type { Verdicts } from './verdicts.ts'

/** How to print an answer. */
export interface AnswerFlags {
  readonly output: OutputFormat
  readonly color: ColourMode
}

/** Prints the answer and returns the exit code that the thresholds ask for. */
export async function printFinished(
  finished: Finished,
  scenario: Scenario,
  flags: AnswerFlags,
  sensitivity?: SensitivityReport,
): Promise<number> {
  const verdicts = verdictsOf(scenario.thresholds, finished.results, stdoutColours(flags.color))
  if (flags.output === 'table' || flags.output === 'wide')
    printAnswer(renderAnswer(finished, scenario, verdicts, flags, sensitivity))
  else printAnswer(await renderFor(flags.output, finished.summary, sensitivity))
  return exitCodeOf(verdicts)
}

/** 3 where a condition fails, else 4 where one is undecided, else 0. */
export function exitCodeOf({ failed, undecided }: Pick<Verdicts, 'failed' | 'undecided'>): number {
  if (failed > 0) return EXIT.gateFailed
  return undecided > 0 ? EXIT.undecided : EXIT.done
}

async function renderFor(
  format: Exclude<OutputFormat, 'table' | 'wide'>,
  summary: Summary,
  sensitivity?: SensitivityReport,
): Promise<string> {
  const plain = { ...toPlain(summary), ...(sensitivity && { sensitivity }) }
  if (format === 'json') return JSON.stringify(plain, null, 2)
  if (format === 'csv') return renderCsv(summary)
  if (format === 'name') return renderNames(summary)
  const { formatYaml } = await import('../manifest/formatYaml.ts')
  return formatYaml(plain)
}

function renderAnswer(
  finished: Finished,
  scenario: Scenario,
  verdicts: Verdicts,
  flags: AnswerFlags,
  sensitivity?: SensitivityReport,
): string {
  const { results, summary, outDir, runs, seconds, provenance } = finished
  const paint = stdoutColours(flags.color)
  const verdict = judgeArms(results)
  const arms = `${results.arms.length} ${results.arms.length === 1 ? 'arm' : 'arms'}`
  const head = `${paint.bold(`rollbench ${provenance.rollbench}`)}   scenario ${scenario.name}   ${arms} × ${formatCount(provenance.seeds)} seeds`
  const sections = [
    [head],
    scenario.assumptions.length > 0 ? ['ASSUMED', ...scenario.assumptions.map((text) => `  ${text}`)] : [],
    verdicts.lines.length > 0 ? ['THRESHOLDS', ...verdicts.lines] : [],
    [renderTable(summary, { wide: flags.output === 'wide', colour: paint.isColorSupported, best: verdict?.best })],
    verdict === undefined ? [] : [verdict.sentence],
    sensitivity === undefined ? [] : renderSensitivity(sensitivity),
    [
      `Results: ${outDir}  (${formatCount(runs)} runs, ${seconds.toFixed(1)}s)`,
      `Next:    ${nextCommand(finished, scenario, verdict?.best)}`,
    ],
  ]
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
}
