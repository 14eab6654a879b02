// The Job controller's decisions once more, on plain objects and as the semantics tell them: what has finished, whether
// the Job is over, which indexes come next.

export interface TwinJobPod {
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed'
  readonly marked: boolean
  readonly finalizer: boolean
  /** -1: none. */
  readonly index: number
  readonly indexFailures: number
}

export interface TwinJob {
  readonly indexed: boolean
  /** -1: a work queue. */
  readonly completions: number
  readonly backoffLimit: number
  /** -1: none. */
  readonly perIndex: number
  /** -1: none. */
  readonly maxFailedIndexes: number
  readonly onlyReplaceFailed: boolean
  /** What happens to pods that failed by themselves; undefined: no policy. */
  readonly onExit: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count' | undefined
  /** -1: no success policy. */
  readonly successCount: number
  readonly succeededBefore: number
  readonly failedBefore: number
  readonly doneIndexes: readonly number[]
}

export interface TwinVerdict {
  readonly active: number
  readonly terminating: number
  readonly succeeded: number
  readonly failed: number
  readonly reason: string
  readonly pending: number[]
}

/** At most `count` indexes that want a pod. */
export function twinJob(job: TwinJob, pods: readonly TwinJobPod[], count: number): TwinVerdict {
  const isOver = ({ phase }: TwinJobPod): boolean => phase === 'Succeeded' || phase === 'Failed'
  const isFailed = (pod: TwinJobPod): boolean =>
    pod.phase === 'Failed' || (!job.onlyReplaceFailed && pod.marked && pod.phase !== 'Succeeded')
  const hasIndex = ({ index }: TwinJobPod): boolean => !job.indexed || (index >= 0 && index < job.completions)
  const actionOf = (pod: TwinJobPod): string => (pod.phase === 'Failed' ? (job.onExit ?? 'Count') : 'Count')
  const active = pods.filter((pod) => !pod.marked && !isOver(pod))
  const terminating = pods.filter((pod) => pod.marked && !isOver(pod))
  const fresh = pods.filter((pod) => pod.finalizer && hasIndex(pod))
  const newFailed = fresh.filter((pod) => isFailed(pod) && actionOf(pod) !== 'Ignore')
  const newSucceeded = fresh.filter(({ phase }) => phase === 'Succeeded')
  const failed = job.failedBefore + newFailed.length
  const done = new Set(job.doneIndexes.filter((index) => index < job.completions))
  if (job.indexed) for (const { index } of newSucceeded) done.add(index)
  const lost = new Set<number>()
  if (job.perIndex >= 0)
    for (const pod of fresh) {
      if (!isFailed(pod)) continue
      const action = actionOf(pod)
      if (action === 'FailIndex' || (action !== 'Ignore' && pod.indexFailures >= job.perIndex)) lost.add(pod.index)
    }
  let reason = ''
  if (job.onExit === 'FailJob' && pods.some(({ phase }) => phase === 'Failed')) reason = 'PodFailurePolicy'
  else if (failed > job.backoffLimit) reason = 'BackoffLimitExceeded'
  else if (job.maxFailedIndexes >= 0 && lost.size > job.maxFailedIndexes) reason = 'MaxFailedIndexesExceeded'
  else if (lost.size > 0 && lost.size + done.size >= job.completions) reason = 'FailedIndexes'
  else if (job.indexed && job.successCount >= 0 && done.size >= Math.max(1, job.successCount)) reason = 'SuccessPolicy'
  const taken = new Set(active.map(({ index }) => index))
  if (job.onlyReplaceFailed) for (const { index } of terminating) taken.add(index)
  const all = job.indexed ? Array.from({ length: job.completions }, (_, index) => index) : []
  return {
    active: active.length,
    terminating: terminating.length,
    succeeded: job.indexed ? done.size : job.succeededBefore + newSucceeded.length,
    failed,
    reason,
    pending: all.filter((index) => !taken.has(index) && !done.has(index) && !lost.has(index)).slice(0, count),
  }
}
