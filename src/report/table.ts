// The table on the terminal, as kubectl prints tables: capitals, three spaces, no borders. One row per arm and workload.

import { createColors } from 'picocolors'
import { columns } from './columns.ts'
import { describeLosses } from './losses.ts'
import { formatCount, formatDifference, formatEstimate, formatShare, formatShareMax, formatValue } from './numbers.ts'
import type { GroupSummary, ResponseSummary, Summary } from './summary.ts'

/** The widest table that still reads well on the terminals we know. */
export const TABLE_COLUMNS_MAX = 120

/** One column of the table. */
interface Column {
  readonly head: string
  /** Columns with the highest rank are left out first where the table is too wide; undefined stays always. */
  readonly rank?: number
  readonly right?: boolean
  readonly cell: (group: GroupSummary) => string
}

/** What a table shows, and how. */
export interface TableOptions {
  /** All columns, however wide. */
  readonly wide?: boolean
  readonly colour?: boolean
  /** Most characters in a line. */
  readonly columnsMax?: number
  /** The arm to set off: the one of the verdict. */
  readonly best?: string | undefined
}

/** The table and the lines that explain it, without a final newline. */
export function renderTable(summary: Summary, options: TableOptions = {}): string {
  const columnsMax = options.wide === true ? Infinity : (options.columnsMax ?? TABLE_COLUMNS_MAX)
  const columns = chooseColumns(summary, options.wide === true)
  for (;;) {
    const lines = layOut(summary, columns)
    const droppable = columns.reduce((least, { rank }) => Math.max(least, rank ?? 0), 0)
    if (droppable > 0 && lines.some((line) => line.length > columnsMax)) {
      columns.splice(
        columns.findIndex(({ rank }) => rank === droppable),
        1,
      )
      continue
    }
    const losses = options.wide === true ? describeLosses(summary) : []
    const explained = explain(summary, columns, options)
    return [
      ...emphasise(lines, summary, options),
      '',
      ...(losses.length > 0 ? [...losses, ''] : []),
      ...explained,
    ].join('\n')
  }
}

/** The columns of the table as Markdown, for pull requests and job summaries. */
export function renderMarkdown(summary: Summary): string {
  const columns = chooseColumns(summary, true)
  return [
    markdownLine(columns.map(({ head }) => head)),
    markdownLine(columns.map(({ right }) => (right === false ? '---' : '---:'))),
    ...summary.groups.map((group) => markdownLine(columns.map(({ cell }) => cell(group)))),
  ].join('\n')
}

function markdownLine(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

function layOut(summary: Summary, chosen: readonly Column[]): string[] {
  const head = chosen.map((column) => column.head)
  const rows = summary.groups.map((group) => chosen.map(({ cell }) => cell(group)))
  const right = [...chosen.keys()].filter((index) => chosen[index]?.right !== false)
  return columns([head, ...rows], right).split('\n')
}

function chooseColumns(summary: Summary, wide: boolean): Column[] {
  const { groups } = summary
  const severalWorkloads = summary.workloads.length > 1
  const allComplete = groups.every(({ complete, runs }) => complete.count === runs)
  const hasOthers = groups.some(({ differences }) => differences !== undefined)
  const rolls = doesRollOut(summary)
  const anyStuck = groups.some(({ responses }) => responses.stuck.max > 0)
  const chosen: (Column | false)[] = [
    { head: 'ARM', right: false, cell: ({ arm }) => arm },
    severalWorkloads && { head: 'WORKLOAD', right: false, cell: ({ workload }) => workload },
    (wide || !allComplete) && { head: 'COMPLETE', cell: ({ complete }) => formatShare(complete.share) },
    (wide || anyStuck) && { head: 'STUCK', cell: ({ responses }) => formatShare(responses.stuck.nonZero.share) },
    ...chooseCosts(summary, wide),
    rolls && {
      head: 'ROLLOUT p50',
      cell: ({ responses }) => formatEstimate(responses.rolloutSeconds.quantiles.p50, 'seconds'),
    },
    rolls &&
      wide && {
        head: 'ROLLOUT p95',
        cell: ({ responses }) => formatEstimate(responses.rolloutSeconds.quantiles.p95, 'seconds'),
      },
    hasOthers && {
      head: `VS ${summary.reference}`,
      rank: 2,
      cell: (group) => formatVersus(group, rolls ? 'rolloutSeconds' : 'drainingSeconds', 'seconds'),
    },
    wide && hasOthers && { head: 'LOST VS', cell: (group) => formatVersus(group, 'lostRequests', 'count') },
    (wide || groups.some(({ responses }) => responses.versionOverlapSeconds.max > 0)) && {
      head: 'OVERLAP',
      rank: 5,
      cell: (group) => formatValue(quantile(group, 'versionOverlapSeconds', 'p50'), 'seconds'),
    },
    !isBatch(groups) && {
      head: 'MIN READY',
      rank: 4,
      cell: (group) => formatValue(quantile(group, 'minReadyPercent', 'p5'), 'percent'),
    },
    { head: 'PEAK PODS', rank: 6, cell: (group) => formatValue(group.responses.peakPods.max, 'count') },
    wide && { head: 'EXTRA POD-S', cell: (group) => formatValue(quantile(group, 'extraPodSeconds', 'p50'), 'count') },
    wide && { head: 'DEADLINES', cell: ({ responses }) => formatShare(responses.deadlinesMissed.nonZero.share) },
  ]
  return chosen.filter((column) => column !== false)
}

/** Whether Jobs are all there is: their pods come and go with the work. */
function isBatch(groups: readonly GroupSummary[]): boolean {
  return groups.every(({ workload }) => workload.startsWith('Job/'))
}

/** Whether there is a rollout, or only nodes that are drained. */
function doesRollOut({ groups }: Summary): boolean {
  return groups.some(({ responses }) => responses.rolloutSeconds.max > 0 || responses.drainingSeconds.runs === 0)
}

/** What a rollout costs: requests where there are some, votes and the primary of StatefulSets, else missing pods. */
function chooseCosts({ groups }: Summary, wide: boolean): (Column | false)[] {
  const hasTraffic = groups.some(({ responses }) => responses.requests.max > 0)
  const has = (response: keyof GroupSummary['responses']): boolean =>
    groups.some(({ responses }) => responses[response].runs > 0)
  const votes = has('belowQuorumSeconds')
  const tail = (response: keyof GroupSummary['responses'], unit: 'count' | 'seconds', name: 'p95' | 'p99' = 'p95') => {
    return ({ responses }: GroupSummary): string => formatTail(responses[response], name, unit)
  }
  const median = (response: keyof GroupSummary['responses']) => {
    return ({ responses }: GroupSummary): string => formatEstimate(responses[response].quantiles.p50, 'seconds')
  }
  return [
    hasTraffic && {
      head: 'LOST p50',
      rank: 3,
      cell: (group) => formatValue(quantile(group, 'lostRequests', 'p50'), 'count'),
    },
    hasTraffic && { head: 'LOST p95', cell: tail('lostRequests', 'count') },
    hasTraffic && wide && { head: 'LOST p99', cell: tail('lostRequests', 'count', 'p99') },
    (hasTraffic || wide) && { head: 'DOWN p95', rank: 1, cell: tail('downtimeSeconds', 'seconds') },
    votes && (!hasTraffic || wide) && { head: 'BELOW QUORUM p95', cell: tail('belowQuorumSeconds', 'seconds') },
    votes && (!hasTraffic || wide) && { head: 'NO PRIMARY p95', cell: tail('noPrimarySeconds', 'seconds') },
    votes && (!hasTraffic || wide) && { head: 'AWAY p50', rank: 5, cell: median('ordinalAwayMaxSeconds') },
    !hasTraffic && !votes && !isBatch(groups) && { head: 'DEGRADED p50', cell: median('degradedSeconds') },
    has('fullStrengthSeconds') && { head: 'FULL AGAIN p50', cell: median('fullStrengthSeconds') },
    has('drainingSeconds') && { head: 'DRAINING p50', cell: median('drainingSeconds') },
  ]
}

function quantile(group: GroupSummary, response: keyof GroupSummary['responses'], name: 'p5' | 'p50'): number {
  return group.responses[response].quantiles[name].estimate
}

/** A high percentile; a 0 with the upper bound of the share of runs that have more. */
function formatTail(response: ResponseSummary, name: 'p95' | 'p99', unit: 'count' | 'seconds'): string {
  const tail = response.quantiles[name]
  if (tail.estimate !== 0) return formatEstimate(tail, unit)
  return `${formatValue(0, unit)} (≤${formatShareMax(response.nonZero.interval.high)})`
}

function formatVersus(
  { differences }: GroupSummary,
  response: 'rolloutSeconds' | 'drainingSeconds' | 'lostRequests',
  unit: 'seconds' | 'count',
): string {
  return differences === undefined ? '-' : formatDifference(differences[response].median, unit)
}

/** Bold head, and bold the arm that the verdict names. */
function emphasise(lines: readonly string[], summary: Summary, { colour, best }: TableOptions): string[] {
  const { bold } = createColors(colour === true)
  return lines.map((line, index) => {
    const isBest = best !== undefined && summary.groups[index - 1]?.arm === best
    return index === 0 || isBest ? bold(line) : line
  })
}

/** What a head leaves unsaid. */
const MEANINGS: readonly (readonly [head: string, meaning: string])[] = [
  ['STUCK', 'STUCK: unfinished, and nothing moves any more'],
  ['LOST', 'LOST requests'],
  ['DOWN', 'DOWN: no pod serves'],
  ['BELOW QUORUM', 'BELOW QUORUM: fewer ordinals serve than a majority'],
  ['NO PRIMARY', 'NO PRIMARY: its pod does not serve, or an election is under way'],
  ['AWAY', 'AWAY: of the ordinal that is missing longest'],
  ['DEGRADED', 'DEGRADED: not all pods are ready'],
  ['FULL AGAIN', 'FULL AGAIN: from the node failure until all pods are ready on living nodes'],
  ['DRAINING', 'DRAINING: pods are left on cordoned nodes'],
  ['OVERLAP', 'OVERLAP: two versions serve'],
  ['MIN READY', 'MIN READY p5'],
  ['PEAK PODS', 'PEAK PODS most seen'],
]

/** What the columns mean: only those that are there. */
function explain(summary: Summary, columns: readonly Column[], { colour }: TableOptions): string[] {
  const { dim } = createColors(colour === true)
  const shown = (head: string): boolean => columns.some((column) => column.head.startsWith(head))
  const runs = new Set(summary.groups.map((group) => group.runs))
  const [smallest = 0, ...more] = [...runs].toSorted((a, b) => a - b)
  const count = more.length === 0 ? formatCount(smallest) : `${formatCount(smallest)} or more`
  const complete = shown('COMPLETE') ? '' : ', all complete'
  const meanings = MEANINGS.filter(([head]) => shown(head)).map(([, meaning]) => meaning)
  const lines = [
    `${count} runs per arm${complete}. ± reaches to the far end of the ${formatShareMax(summary.confidence)} interval; 0 (≤x): at most x of runs have more.`,
    `${meanings.join('; ')}.`,
    shown('VS') &&
      `VS: median difference in ${doesRollOut(summary) ? 'rollout time' : 'DRAINING'} from ${summary.reference}, seed by seed.`,
  ]
  return lines.filter((line) => line !== false).map((line) => dim(line))
}
