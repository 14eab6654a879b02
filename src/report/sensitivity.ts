// What mattered most: how much the answer changes when one input at a time is halved or doubled.
//
// One factor at a time around the scenario as given, with common random numbers: A. Saltelli et al., Global Sensitivity
// Analysis (2008), section 1.2.6, and A. M. Law, Simulation Modeling and Analysis, 5th ed. (2015), section 11.2. It is local: it
// says nothing about inputs that change together. The effect is the mean paired difference as a share of the base's mean, a
// ratio of two means of one sample: W. G. Cochran, Sampling Techniques, 3rd ed. (1977), section 6.3, with Student's t. An
// effect whose interval holds 0 is not told from noise and is not reported. The intervals hold together (Bonferroni): of all
// that is said in 95 % of reports nothing is by chance. The elasticity is ln(mean at 2 / mean at 1/2) / ln 4:
// 1 says that the response grows in proportion to the input.

import type { RunRow } from '../metrics/types.ts'
import { RESPONSES, type Response } from '../metrics/types.ts'
import { CONFIDENCE, meanInterval } from '../statistics/interval.ts'
import type { Estimate } from '../statistics/paired.ts'
import { summarise } from '../statistics/summary.ts'
import { totalArms, type ArmTotals } from './armTotals.ts'
import type { Results, RunGroup } from './results.ts'
import { judgeArms } from './verdict.ts'

/** The runs of one variant, as the sweep gives them. */
export interface Variant {
  readonly input: string
  readonly times: number
  readonly rows: readonly RunRow[] | undefined
}

/** What half or double of an input does to the recommended arm. */
export interface Effect {
  readonly times: number
  /** Relative change of its rollout time; undefined where it cannot be told from 0. */
  readonly time: Estimate | undefined
  /** The same of its cost (lost requests, or what stands for them). */
  readonly cost: Estimate | undefined
  /** The arm that would be recommended instead, if that can be told. */
  readonly winner: string | undefined
}

/** One input, and how much it matters. */
export interface Sensitivity {
  readonly input: string
  /** Of the response that changes most; undefined where one of the two levels has no value. */
  readonly elasticity: number | undefined
  readonly effects: readonly Effect[]
}

export interface SensitivityReport {
  readonly arm: string
  readonly seeds: number
  /** In words: what the cost is. */
  readonly cost: string
  /** Inputs with an effect, the strongest first. */
  readonly inputs: readonly Sensitivity[]
  /** Inputs to which the cost is simply in proportion, and nothing else changes, as to a rate of requests. */
  readonly proportional: readonly string[]
  /** Inputs without an effect that can be told. */
  readonly silent: readonly string[]
}

/** Judges the variants against the runs of the scenario as it is. Undefined without runs. */
export function judgeSensitivity(
  seeds: number,
  base: readonly RunRow[],
  variants: readonly Variant[],
): SensitivityReport | undefined {
  const results = collectRuns(base)
  const verdict = judgeArms(results)
  const reference = totalArms(results, CONFIDENCE).find(({ arm }) => arm === verdict?.best)
  if (verdict === undefined || reference === undefined) return undefined
  // Two responses for each variant.
  const confidence = 1 - (1 - CONFIDENCE) / Math.max(1, 2 * variants.length)
  const inputs = [...new Set(variants.map(({ input }) => input))].map((input): Sensitivity => {
    const levels = variants.filter((variant) => variant.input === input)
    const totals = levels.map(({ rows }) => (rows === undefined ? undefined : totalsOf(rows, reference.arm)))
    const effects = levels.map(({ times, rows }, index): Effect => {
      const other = totals[index]
      return {
        times,
        time: other && relativeChange(other.rolloutSeconds, reference.rolloutSeconds, confidence),
        cost:
          other && reference.cost.matters !== false
            ? relativeChange(other.costs, reference.costs, confidence)
            : undefined,
        winner: rows === undefined ? undefined : otherWinner(rows, reference.arm),
      }
    })
    return { input, elasticity: elasticityOf(levels, totals, effects), effects }
  })
  const proportional = inputs.filter(({ effects }) => effects.every(isProportional))
  const loud = inputs.filter((input) => strength(input.effects) > 0 && !proportional.includes(input))
  return {
    arm: reference.arm,
    seeds,
    cost: reference.cost.title,
    inputs: loud.toSorted((a, b) => strength(b.effects) - strength(a.effects)),
    proportional: proportional.map(({ input }) => input),
    silent: inputs.filter(({ effects }) => strength(effects) === 0).map(({ input }) => input),
  }
}

/** The largest change that an input brings; a change of the recommendation outweighs all others. */
function strength(effects: readonly Effect[]): number {
  return Math.max(
    0,
    ...effects.map(({ time, cost, winner }) =>
      winner === undefined ? Math.max(Math.abs(time?.estimate ?? 0), Math.abs(cost?.estimate ?? 0)) : Infinity,
    ),
  )
}

function isProportional({ times, time, cost, winner }: Effect): boolean {
  if (time !== undefined || winner !== undefined || cost === undefined) return false
  return [cost.interval.low, cost.interval.high].every((end) => Math.abs(end - (times - 1)) < 1e-6)
}

function totalsOf(rows: readonly RunRow[], arm: string): ArmTotals | undefined {
  return totalArms(collectRuns(rows), CONFIDENCE).find((totals) => totals.arm === arm)
}

/** Another arm that the same rule would recommend, unless the former one is as good as far as one can tell. */
function otherWinner(rows: readonly RunRow[], best: string): string | undefined {
  const verdict = judgeArms(collectRuns(rows))
  return verdict === undefined || verdict.best === best || verdict.alike.includes(best) ? undefined : verdict.best
}

/** Mean of (other - base) / mean of base, over the seeds in which both end; undefined where the interval holds 0. */
function relativeChange(other: Float64Array, base: Float64Array, confidence: number): Estimate | undefined {
  const seeds = [...base.keys()].filter((i) => Number.isFinite(base[i]) && Number.isFinite(other[i]))
  const bases = seeds.map((i) => base[i] ?? NaN)
  const { mean } = summarise(bases)
  if (seeds.length < 2 || mean === 0) return undefined
  const differences = seeds.map((i) => (other[i] ?? NaN) - (base[i] ?? NaN))
  const estimate = summarise(differences).mean / mean
  // What is left of the differences when each base has had its share: nothing, if the response is in proportion.
  const rest = summarise(differences.map((difference, i) => difference - estimate * (bases[i] ?? NaN)))
  const around = meanInterval({ ...rest, mean: 0 }, confidence)
  const interval = { low: estimate + around.low / mean, high: estimate + around.high / mean }
  return interval.low <= 0 && interval.high >= 0 ? undefined : { estimate, interval }
}

/** Of the response that the two levels change most. */
function elasticityOf(
  levels: readonly Variant[],
  totals: readonly (ArmTotals | undefined)[],
  effects: readonly Effect[],
): number | undefined {
  const size = (key: 'time' | 'cost') => Math.max(...effects.map((effect) => Math.abs(effect[key]?.estimate ?? 0)))
  const byCost = size('cost') > size('time')
  const means = totals.map((each) => each && meanOf(byCost ? each.costs : each.rolloutSeconds))
  const [low = 0, high = 0] = means
  const [from = 1, to = 1] = levels.map(({ times }) => times)
  if (!(low > 0) || !(high > 0) || from === to) return undefined
  return Math.log(high / low) / Math.log(to / from)
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Rows of runs as results: by arm and workload, in their order. */
export function collectRuns(rows: readonly RunRow[]): Results {
  const arms = [...new Set(rows.map(({ arm }) => arm))]
  const workloads = [...new Set(rows.map(({ workload }) => workload))]
  const groups = arms.flatMap((arm) =>
    workloads.flatMap((workload): RunGroup[] => {
      const own = rows.filter((row) => row.arm === arm && row.workload === workload)
      if (own.length === 0) return []
      const column = (response: Response): Float64Array =>
        Float64Array.from(own, (row) =>
          response === 'rolloutSeconds' && row.outcome !== 'complete' ? Infinity : row[response],
        )
      return [
        {
          arm,
          workload,
          seeds: Float64Array.from(own, ({ seed }) => seed),
          outcomes: Uint8Array.from(own, ({ outcome }) => (outcome === 'complete' ? 0 : 1)),
          responses: Object.fromEntries(RESPONSES.map((name) => [name, column(name)])) as RunGroup['responses'],
        },
      ]
    }),
  )
  return {
    scenario: rows[0]?.scenario ?? '',
    arms: arms.map((name) => ({ name, label: name })),
    workloads,
    groups,
    availability: [],
  }
}

/** Most inputs that are printed. */
const PRINTED_MAX = 5

/** The report in lines: a heading, an input each, and those that had no effect. */
export function renderSensitivity({ arm, seeds, cost, inputs, proportional, silent }: SensitivityReport): string[] {
  const shown = inputs.slice(0, PRINTED_MAX)
  const width = Math.max(0, ...shown.map(({ input }) => input.length))
  const quiet = [...inputs.slice(PRINTED_MAX).map(({ input }) => input), ...silent]
  return [
    `MATTERED MOST for ${arm} (one input at a time halved and doubled; ${seeds} seeds, paired)`,
    ...shown.map(({ input, effects }) => `  ${input.padEnd(width)}  ${describeEffects(effects, cost)}`),
    ...(inputs.length === 0 ? ['  nothing that can be told from noise'] : []),
    ...(proportional.length > 0 ? [`  ${cost} in proportion to: ${proportional.join(', ')}`] : []),
    ...(quiet.length > 0 ? [`  less, or not to be told from noise: ${quiet.join(', ')}`] : []),
  ]
}

function describeEffects(effects: readonly Effect[], cost: string): string {
  const levels = effects
    .toReversed()
    .flatMap((effect) => {
      const parts = [
        ...(effect.time ? [`rollout ${formatChange(effect.time)}`] : []),
        ...(effect.cost ? [`${cost} ${formatChange(effect.cost)}`] : []),
        ...(effect.winner === undefined ? [] : [`then ${effect.winner} is best`]),
      ]
      return parts.length === 0 ? [] : [`${effect.times === 2 ? '×2' : '×½'}: ${parts.join(', ')}`]
    })
    .join('; ')
  return effects.every(({ winner }) => winner === undefined) ? `${levels}; winner stays` : levels
}

/** `+41 % ±3`. */
function formatChange({ estimate, interval }: Estimate): string {
  const half = Math.max(interval.high - estimate, estimate - interval.low)
  const sign = estimate > 0 ? '+' : '-'
  return `${sign}${percent(Math.abs(estimate))} %${half > 0.0005 ? ` ±${percent(half)}` : ''}`
}

function percent(share: number): string {
  const value = share * 100
  return value < 10 ? String(Number(value.toPrecision(2))) : String(Math.round(value))
}
