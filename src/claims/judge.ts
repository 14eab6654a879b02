// Judges assertions over the runs of a side, and sums values up to one number with its interval.

import { CONFIDENCE, meanInterval, proportionInterval, quantileInterval } from '../statistics/interval.ts'
import { judgeInterval } from '../statistics/judgement.ts'
import { quantileSorted, sortForQuantiles } from '../statistics/quantile.ts'
import { summarise } from '../statistics/summary.ts'
import { compileRun, type RunReader, type RunsOfSeed, type Sides } from './expression/run.ts'
import type { Expression, Statistic } from './expression/types.ts'
import { isTrue, textOf, toNumber } from './expression/values.ts'
import type { Holding, Reported } from './types.ts'
import type { Value } from './views/view.ts'

/** An assertion, compiled: what it says about all runs of a side. */
export interface Judge {
  judge(runs: readonly RunsOfSeed[]): { readonly outcome: Holding; readonly holding: number }
  /** The number that the assertion is about: its left side. */
  report(runs: readonly RunsOfSeed[]): Reported
}

/** Compiles an assertion. One without a statistic must hold in every run. */
export function compileJudge(assertion: Expression, side: string, sides: Sides): Judge {
  if (assertion.type === 'compare' && assertion.statistic.type !== 'every')
    return judgeStatistic(assertion, side, sides)
  const read = compileRun(assertion, side, sides)
  const subject = assertion.type === 'compare' ? assertion.operands[0] : undefined
  const reported = subject === undefined ? read : compileRun(subject, side, sides)
  return {
    judge(runs) {
      const holding = runs.filter((run) => isTrue(read(run))).length
      return { outcome: holding === runs.length ? 'holds' : 'fails', holding }
    },
    report: (runs) => reportValues(runs.map(reported)),
  }
}

/** `A STAT OP B`: of A against a constant, else of the difference A − B within each seed against 0. */
function judgeStatistic(
  { operands, ops, statistic }: Extract<Expression, { type: 'compare' }>,
  side: string,
  sides: Sides,
): Judge {
  const [left, right] = operands.map((operand) => compileRun(operand, side, sides)) as [RunReader, RunReader]
  const limit = operands[1]?.type === 'number' ? operands[1].value : undefined
  const numbers = (runs: readonly RunsOfSeed[]): Float64Array =>
    Float64Array.from(runs, (run) => toNumber(left(run)) - (limit === undefined ? toNumber(right(run)) : 0))
  return {
    judge(runs) {
      const { interval } = measure(statistic, numbers(runs))
      const state = judgeInterval(interval, ops[0], limit ?? 0)
      if (state === 'passed') return { outcome: 'holds', holding: runs.length }
      return { outcome: state === 'failed' ? 'fails' : 'undecided', holding: 0 }
    },
    report: (runs) => ({ type: 'number', ...measure(statistic, numbers(runs)) }),
  }
}

type Estimate = { readonly value: number; readonly interval: { readonly low: number; readonly high: number } }

function measure(statistic: Statistic, numbers: Float64Array): Estimate {
  if (numbers.some(Number.isNaN)) return { value: NaN, interval: { low: NaN, high: NaN } }
  const sorted = sortForQuantiles(numbers)
  if (statistic.type === 'max') {
    const value = quantileSorted(sorted, 1)
    return { value, interval: { low: value, high: value } }
  }
  if (statistic.type === 'quantile')
    return { value: quantileSorted(sorted, statistic.q), interval: quantileInterval(sorted, statistic.q, CONFIDENCE) }
  return meanOf(numbers)
}

/** The mean; values that are all the same are known exactly, also if there is only one. */
function meanOf(numbers: Float64Array): Estimate {
  const [first = NaN] = numbers
  if (numbers.every((value) => value === first)) return { value: first, interval: { low: first, high: first } }
  const summary = summarise(numbers)
  return { value: summary.mean, interval: meanInterval(summary) }
}

/** One number for the values of all runs. */
export function reportValues(values: readonly Value[]): Reported {
  if (values.every((value) => typeof value === 'boolean')) {
    const holding = values.filter(isTrue).length
    const interval = proportionInterval(holding, values.length)
    return { type: 'share', value: holding / values.length, interval }
  }
  const numbers = Float64Array.from(values, toNumber)
  if (!numbers.some(Number.isNaN)) return { type: 'number', ...meanOf(numbers) }
  return { type: 'text', text: [...new Set(values.map(textOf))].sort().join(' or ') }
}
