// Why requests are lost, in one sentence for each arm.

import { LOSS_COLUMNS, LOSS_WORDS } from '../base/losses.ts'
import { formatCount } from './numbers.ts'
import type { GroupSummary, Summary } from './summary.ts'

/** Causes that are named one by one; what the others lose is one number. */
const CAUSES_MAX = 3

/** One line for each arm and workload that loses requests; none where no arm does. */
export function describeLosses({ groups, workloads }: Summary): string[] {
  return groups.flatMap((group) => {
    const sentence = describeLoss(group)
    if (sentence === undefined) return []
    return [`${group.arm}${workloads.length > 1 ? ` ${group.workload}` : ''} ${sentence}`]
  })
}

/** `loses 2,000 in the mean: 1,900 refused after termination, 100 killed in flight`; undefined if it loses nothing. */
function describeLoss({ responses }: GroupSummary): string | undefined {
  const total = responses.lostRequests.mean?.estimate ?? 0
  if (total < 0.5) return undefined
  const causes = LOSS_COLUMNS.map((column, cause) => ({
    mean: responses[column].mean?.estimate ?? 0,
    words: LOSS_WORDS[cause] ?? '',
  }))
    .filter(({ mean }) => mean >= 0.5)
    .sort((a, b) => b.mean - a.mean)
  const named = causes.slice(0, CAUSES_MAX).map(({ mean, words }) => `${formatCount(Math.round(mean))} ${words}`)
  const others = causes.slice(CAUSES_MAX).reduce((sum, { mean }) => sum + mean, 0)
  if (others >= 0.5) named.push(`${formatCount(Math.round(others))} for other causes`)
  return `loses ${formatCount(Math.round(total))} in the mean: ${named.join(', ')}`
}
