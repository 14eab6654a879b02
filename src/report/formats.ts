// The other forms of the answer: for programs (json, csv, name) and for documents (markdown). `yaml` is made from toPlain.

import { writeToString } from 'fast-csv'
import { RESPONSES } from '../metrics/types.ts'
import type { Estimate } from '../statistics/paired.ts'
import type { GroupSummary, Summary } from './summary.ts'
import { QUANTILES } from './summary.ts'

/** A value as JSON has it. Infinity is the text "Infinity", since JSON has no number for it; what is not there is null. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/** The summary as plain values, for JSON and YAML. Shares are 0 to 1, times seconds. */
export function toPlain(summary: Summary): Readonly<Record<string, Plain>> {
  const { scenario, reference, confidence, groups } = summary
  return { scenario, reference, confidence, groups: groups.map(groupToPlain) }
}

/** The summary as JSON text, without a final newline. */
export function renderJson(summary: Summary): string {
  return JSON.stringify(toPlain(summary), null, 2)
}

/** The arms, one a line, to be used with `--arm`. */
export function renderNames(summary: Summary): string {
  return [...new Set(summary.groups.map(({ arm }) => arm))].join('\n')
}

function groupToPlain(group: GroupSummary): Plain {
  const { arm, label, workload, runs, complete, responses, differences } = group
  return {
    arm,
    label,
    workload,
    runs,
    complete: { share: toNumber(complete.share), ...ends(complete.interval) },
    responses: Object.fromEntries(
      RESPONSES.map((name) => {
        const { mean, sd, quantiles, max, nonZero } = responses[name]
        const stats: [string, Plain][] = Object.entries(quantiles).map(([q, estimate]) => [
          q,
          estimateToPlain(estimate),
        ])
        return [
          name,
          {
            mean: estimateToPlain(mean),
            sd: toNumber(sd),
            ...Object.fromEntries(stats),
            max: toNumber(max),
            nonZeroShare: { share: toNumber(nonZero.share), ...ends(nonZero.interval) },
          },
        ]
      }),
    ),
    differences:
      differences === undefined
        ? null
        : Object.fromEntries(
            RESPONSES.map((name) => {
              const { pairs, mean, median } = differences[name]
              return [name, { pairs, mean: estimateToPlain(mean), median: estimateToPlain(median) }]
            }),
          ),
  }
}

function estimateToPlain(estimate: Estimate | undefined): Plain {
  return estimate === undefined ? null : { value: toNumber(estimate.estimate), ...ends(estimate.interval) }
}

function ends({ low, high }: Estimate['interval']): { low: Plain; high: Plain } {
  return { low: toNumber(low), high: toNumber(high) }
}

function toNumber(value: number): Plain {
  if (Number.isFinite(value)) return value === 0 ? 0 : value
  return Number.isNaN(value) ? null : String(value)
}

const QUANTILE_NAMES = Object.keys(QUANTILES) as (keyof typeof QUANTILES)[]

/** Columns of summary.csv: one row per arm, workload and response. */
export const SUMMARY_COLUMNS: readonly string[] = [
  'arm',
  'workload',
  'runs',
  ...withEnds('completePercent'),
  'response',
  ...withEnds('mean'),
  'sd',
  ...QUANTILE_NAMES.flatMap(withEnds),
  'max',
  ...withEnds('differenceMean'),
  ...withEnds('differenceMedian'),
]

function withEnds(name: string): string[] {
  return [name, `${name}Low`, `${name}High`]
}

/** summary.csv: numbers in full, nothing where there is no value, Infinity for never. Ends with a newline. */
export async function renderCsv(summary: Summary): Promise<string> {
  const rows = summary.groups.flatMap((group) => RESPONSES.map((response) => csvRow(group, response)))
  return await writeToString([[...SUMMARY_COLUMNS], ...rows], { headers: false, includeEndRowDelimiter: true })
}

function csvRow(group: GroupSummary, response: (typeof RESPONSES)[number]): string[] {
  const { complete } = group
  const { mean, sd, quantiles, max } = group.responses[response]
  const difference = group.differences?.[response]
  return [
    group.arm,
    group.workload,
    String(group.runs),
    ...[complete.share, complete.interval.low, complete.interval.high].map((share) => print(share * 100)),
    response,
    ...printEstimate(mean),
    print(sd),
    ...QUANTILE_NAMES.flatMap((name) => printEstimate(quantiles[name])),
    print(max),
    ...[difference?.mean, difference?.median].flatMap(printEstimate),
  ]
}

function printEstimate(estimate: Estimate | undefined): string[] {
  if (estimate === undefined) return ['', '', '']
  return [estimate.estimate, estimate.interval.low, estimate.interval.high].map(print)
}

function print(value: number): string {
  return Number.isNaN(value) ? '' : String(value === 0 ? 0 : value)
}
