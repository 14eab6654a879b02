// Thresholds: `ARM [WORKLOAD]: COLUMN STAT OP VALUE`, in scenario files and on the command line.

import { RESPONSES } from '../base/responses.ts'
import { suggest } from '../base/suggestion.ts'
import type { Parsed } from './distribution.ts'
import type { Threshold } from './types.ts'

const SHAPE =
  /^\s*(?<arm>[^\s:]+)(\s+(?<workload>[A-Za-z]+\/[^\s:]+))?\s*:\s*(?<column>\w+)\s+(?<stat>[a-z]+[0-9.]*)\s*(?<op>==|!=|<=|>=|<|>)\s*(?<value>\S+)\s*$/i

const EXAMPLE = 'rolling-1-0: downtimeSeconds p99 == 0'

/**
 * Reads one threshold.
 *
 * @param arms the arms it may name; `*` means each of them. Left out, any name is accepted.
 * @param workloads the `Kind/name` it may name; without one it holds for each workload. Left out, any is accepted.
 */
export function parseThreshold(
  text: string,
  arms?: readonly string[],
  workloads?: readonly string[],
): Parsed<Threshold> {
  const parts = SHAPE.exec(text)?.groups
  if (parts === undefined) {
    return {
      wrong: `"${text}" is not a threshold: write ARM: COLUMN STAT OP VALUE, for example "${EXAMPLE}"`,
    }
  }
  const { arm = '', workload, column = '', stat: writtenStat = '', op = '', value: writtenValue = '' } = parts
  if (arms !== undefined && arm !== '*' && !arms.includes(arm)) {
    return { wrong: `there is no arm "${arm}"${suggest(arm, arms)}; the arms are ${listSome(arms)}` }
  }
  if (workload !== undefined && workloads !== undefined && !workloads.includes(workload)) {
    return { wrong: `there is no ${workload}${suggest(workload, workloads)}; there are ${listSome(workloads)}` }
  }
  if (!RESPONSES.some((response) => response === column)) {
    return {
      wrong: `there is no column "${column}"${suggest(column, RESPONSES)}; the columns are ${RESPONSES.join(', ')}`,
    }
  }
  const stat = parseStat(writtenStat)
  if (stat === undefined) return { wrong: `"${writtenStat}" is not a statistic: use mean, max, or p50 … p99.9` }
  if (!/^-?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?$/i.test(writtenValue)) {
    return { wrong: `"${writtenValue}" is not a plain number${unitHint(column)}` }
  }
  const value = { text: text.trim(), arm, column, stat, op: op as Threshold['op'], value: Number(writtenValue) }
  return { value: workload === undefined ? value : { ...value, workload } }
}

function parseStat(text: string): Threshold['stat'] | undefined {
  if (text === 'mean' || text === 'max') return { type: text }
  const percent = /^p([0-9]+(?:\.[0-9]+)?)$/.exec(text)?.[1]
  if (percent === undefined) return undefined
  const q = Number(percent) / 100
  return q > 0 && q < 1 ? { type: 'quantile', q } : undefined
}

function unitHint(column: string): string {
  if (column.endsWith('Seconds')) return `: ${column} counts seconds, so write 1.5, not 1500ms`
  return column.endsWith('Percent') ? `: ${column} is in percent, so write 90, not 90%` : ''
}

/** The first names of a list, and how many more there are. */
export function listSome(names: readonly string[], countMax = 8): string {
  const rest = names.length - countMax
  return names.slice(0, countMax).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}
