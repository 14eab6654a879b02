// Checked claims as a table, as markdown and as plain values.

import type { ClaimResult, Reported, SideResult } from '../claims/types.ts'
import { columns } from './columns.ts'
import type { Plain } from './formats.ts'
import { formatCount } from './numbers.ts'

/** Widths of the table's texts, so that it fits a terminal of 160 columns; `-o wide` has them whole. */
const CLAIM_CHARACTERS = 54
const NUMBER_CHARACTERS = 44
const TWIN_CHARACTERS = 20

/**
 * One line for each claim, the reasons of those that failed, and at last `N passed, N failed`. The wide table has the
 * whole claim, and the names of the sides with the intervals of their numbers.
 */
export function renderClaims(results: readonly ClaimResult[], wide = false): string {
  const rows = results.map((result) => [
    result.id,
    wide ? result.claim.trim() : shorten(result.claim, CLAIM_CHARACTERS),
    result.verdict,
    ...(wide ? [numbersOf(result)] : briefNumbers(result)),
    result.passed ? 'passed' : `FAILED (${result.expected} expected)`,
  ])
  const failed = results.filter(({ passed }) => !passed)
  return [
    columns([['CLAIM', 'SAYS', 'VERDICT', 'NUMBER', ...(wide ? [] : ['TWIN']), 'CHECK'], ...rows]),
    '',
    'VERDICT: T true, F false, V depends on the side. NUMBER of each side; TWIN: the same without the mechanism.',
    '',
    ...failed.flatMap(({ id, reasons }) => [id, ...reasons.map((reason) => `  ${reason}`), '']),
    `${results.length - failed.length} passed, ${failed.length} failed`,
  ].join('\n')
}

/** The page docs/claims.md. */
export function renderClaimsMarkdown(results: readonly ClaimResult[]): string {
  const failed = results.filter(({ passed }) => !passed).length
  const rows = results.map(
    (result) =>
      `| [${result.id}](../scenarios/claims/${result.id}.yaml) | ${cell(result.claim)} | **${result.verdict}** ` +
      `${VERDICT_WORDS[result.verdict]} | ${cell(numbersOf(result))} | ${cell(result.description)} |`,
  )
  return [
    '# Claims about Kubernetes workloads, checked',
    '',
    'Each line is a statement that introductory texts make, and what a simulated cluster says about it. The verdict is',
    'computed by an assertion over seeded runs; behind the number stands its 95 % interval in brackets, where runs differ.',
    'In the twin of each scenario the mechanism is switched off, and there the outcome changes.',
    '',
    '`rollbench claims` checks them all; this page is its output with `-o markdown`. How to write one:',
    '[scenarios/claims](../scenarios/claims/README.md).',
    '',
    '| claim | says | verdict | number | what really happens |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    `${results.length - failed} passed, ${failed} failed`,
  ].join('\n')
}

/** Checked claims as plain values, for JSON and YAML. */
export function claimsToPlain(results: readonly ClaimResult[]): Plain {
  return {
    passed: results.filter(({ passed }) => passed).length,
    failed: results.filter(({ passed }) => !passed).length,
    claims: results.map(({ sides, twins, reasons, ...rest }) => ({
      ...rest,
      sides: sides.map(sideToPlain),
      twins: twins.map((twin) => ({
        ...(sideToPlain(twin) as { readonly [key: string]: Plain }),
        without: twin.without,
        of: twin.of,
        changes: twin.changes,
      })),
      reasons: [...reasons],
    })),
  }
}

const VERDICT_WORDS = { T: 'true', F: 'false', V: 'depends', '?': 'undecided' } as const

function sideToPlain({ assertions, facts, name, number, outcome, refusal }: SideResult): Plain {
  return {
    name,
    outcome,
    number:
      number.type === 'text'
        ? number.text
        : {
            value: plainNumber(number.value),
            low: plainNumber(number.interval.low),
            high: plainNumber(number.interval.high),
          },
    assertions: assertions.map((assertion) => ({ ...assertion })),
    facts: facts.map((fact) => ({ ...fact })),
    ...(refusal === undefined ? {} : { refusal }),
  }
}

/** JSON has no number for what is infinite, or not there. */
function plainNumber(value: number): Plain {
  return Number.isFinite(value) ? value : Number.isNaN(value) ? null : String(value)
}

/** `5 pods [4.8, 5.2]; twin 4 pods`, with the names of sides where there are several. */
function numbersOf({ sides, twins, unit }: ClaimResult): string {
  const named = sides.length > 1
  return [
    ...sides.map((side) => `${named ? `${side.name} ` : ''}${formatSide(side, unit)}`),
    ...twins.map((twin) => `${twin.name} ${formatSide(twin, unit)}`),
  ].join('; ')
}

/** `4 / 2 of 5 ready` and `5`: the bare numbers of the sides with the unit, and those of the twins. */
function briefNumbers({ sides, twins, unit }: ClaimResult): string[] {
  const bare = ({ number, refusal }: SideResult): string => {
    if (refusal !== undefined) return 'refused'
    return number.type === 'number' ? formatNumber(number.value) : formatReported(number, '')
  }
  const isMeasured = sides.some(({ number, refusal }) => refusal === undefined && number.type === 'number')
  const numbers = sides.map(bare).join(' / ')
  return [
    shorten(isMeasured && unit !== '' ? `${numbers} ${unit}` : numbers, NUMBER_CHARACTERS),
    shorten(twins.map(bare).join(' / '), TWIN_CHARACTERS),
  ]
}

function formatSide({ number, refusal }: SideResult, unit: string): string {
  return refusal === undefined ? formatReported(number, unit) : 'refused'
}

function formatReported(number: Reported, unit: string): string {
  if (number.type === 'text') return number.text
  const { interval, value } = number
  if (number.type === 'share') {
    if (value === 0 || value === 1) return value === 1 ? 'yes' : 'no'
    return `${Math.round(value * 100)} % of runs [${Math.round(interval.low * 100)}, ${Math.round(interval.high * 100)}]`
  }
  const text = `${formatNumber(value)}${unit === '' ? '' : ` ${unit}`}`
  return interval.low === interval.high
    ? text
    : `${text} [${formatNumber(interval.low)}, ${formatNumber(interval.high)}]`
}

/** Three digits that matter, and separators. */
function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return formatCount(value)
  return Math.abs(value) < 1000 ? String(Number(value.toPrecision(3))) : formatCount(value)
}

function shorten(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters - 1).trimEnd()}…`
}

/** A text in a cell of a markdown table. */
function cell(text: string): string {
  return text.trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')
}
