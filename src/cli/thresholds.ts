// Thresholds on the command line and in scenarios: judged by report/, printed here.

import type { Colors } from 'picocolors/types.js'
import type { Problem } from '../base/errors.ts'
import { InputError } from '../base/errors.ts'
import type { Unit } from '../report/numbers.ts'
import { formatShareMax, formatValue } from '../report/numbers.ts'
import type { Results } from '../report/results.ts'
import type { JudgedThreshold } from '../report/thresholds.ts'
import { judgeThresholds } from '../report/thresholds.ts'
import { parseThreshold } from '../scenario/thresholds.ts'
import type { Scenario, Threshold } from '../scenario/types.ts'
import { formatCount } from './format.ts'
import type { Verdicts } from './verdicts.ts'
import { mark } from './verdicts.ts'

/** Reads the values of `--threshold`. Throws InputError with every one that is wrong. */
export function parseThresholds(
  texts: readonly string[],
  arms: readonly string[],
  workloads?: readonly string[],
): Threshold[] {
  const problems: Problem[] = []
  const thresholds: Threshold[] = []
  for (const text of texts) {
    const parsed = parseThreshold(text, arms, workloads)
    if ('value' in parsed) thresholds.push(parsed.value)
    else problems.push({ file: '--threshold', severity: 'error', message: parsed.wrong })
  }
  if (problems.length > 0) throw new InputError(problems)
  return thresholds
}

/** Adds the thresholds of the command line to those of the scenario. */
export function addThresholds(scenario: Scenario, texts: readonly string[] = []): Scenario {
  const added = parseThresholds(
    texts,
    scenario.arms.map(({ name }) => name),
    scenario.arms[0]?.objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`),
  )
  return { ...scenario, thresholds: [...scenario.thresholds, ...added] }
}

/** Judges thresholds and makes the line of each. */
export function verdictsOf(
  thresholds: readonly Threshold[],
  results: Results,
  paint: Colors,
  confidence?: number,
): Verdicts {
  const judged = judgeThresholds(thresholds, results, confidence)
  const severalWorkloads = results.workloads.length > 1
  const texts = judged.map((one) => nameOf(one, severalWorkloads))
  const width = Math.max(0, ...texts.map((text) => text.length))
  const count = (state: JudgedThreshold['state']): number => judged.filter((one) => one.state === state).length
  return {
    lines: judged.map(
      (one, index) => `  ${mark(one.state, paint)} ${(texts[index] ?? '').padEnd(width)}   ${describeMeasured(one)}`,
    ),
    passed: count('passed'),
    failed: count('failed'),
    undecided: count('undecided'),
  }
}

function nameOf({ threshold, arm, workload }: JudgedThreshold, severalWorkloads: boolean): string {
  const condition = threshold.text.slice(threshold.text.indexOf(':') + 1).trim()
  return severalWorkloads ? `${arm} ${workload}: ${condition}` : `${arm}: ${condition}`
}

/** What was measured, with its interval; where no run breaks the limit, the share of runs that still might. */
function describeMeasured(judged: JudgedThreshold): string {
  const { threshold, state, value, interval, breakingShareMax, runsNeeded, runs } = judged
  const unit = unitOf(threshold.column)
  const [low, high] = [formatEnd(interval.low, unit), formatEnd(interval.high, unit)]
  const measured = low === high ? formatValue(value, unit) : `${formatValue(value, unit)} [${low}, ${high}]`
  if (state === 'undecided') {
    const needs = runsNeeded === undefined ? '' : `, needs about ${formatCount(runsNeeded)} seeds`
    return `${measured}: undecided${needs} (has ${formatCount(runs)})`
  }
  if (state === 'failed' || breakingShareMax === undefined) return measured
  return `${measured} (at most ${formatShareMax(breakingShareMax)} of runs break it)`
}

/** The end of an interval; an infinite one says that there are too few runs to bound it on that side. */
function formatEnd(value: number, unit: Unit): string {
  if (Number.isFinite(value)) return formatValue(value, unit)
  return value > 0 ? '∞' : '-∞'
}

function unitOf(column: string): Unit {
  if (column === 'minReadyPercent') return 'percent'
  // Pod-seconds are an area, not a duration.
  return column.endsWith('Seconds') && !column.endsWith('PodSeconds') ? 'seconds' : 'count'
}
