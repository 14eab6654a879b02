// Which of the best nodes is taken, after prioritizeNodes and nodeScoreHeap of pkg/scheduler/schedule_one.go, v1.36.

import type { TieBreak } from '../scenario/types.ts'

export class NodePicker {
  private readonly winners: Int32Array

  constructor(nodes: number) {
    this.winners = new Int32Array(nodes)
  }

  /**
   * The index of the winner among the first `count` totals.
   *
   * @param u uniform in (0, 1): which of several best nodes it is, where chance decides
   */
  pick(totals: Float64Array, count: number, tieBreak: TieBreak, u: number): number {
    return tieBreak === 'first' ? this.topOfHeap(totals, count) : pickUniformly(totals, count, u)
  }

  /**
   * The node on top of a binary heap that is built over the list (container/heap Init): a node stays above its children
   * unless one has more, and of two children with equal scores the left one rises. So among equals it is not always the
   * first of the list: totals 1, 1, 5, 5 give the fourth, which rises as the left child of the second.
   */
  private topOfHeap(totals: Float64Array, count: number): number {
    const { winners } = this
    for (let i = count - 1; i >= 0; i--) {
      const left = 2 * i + 1
      const right = left + 1
      let best = i
      if (left < count) {
        const child = right < count && totals[winners[right]] > totals[winners[left]] ? winners[right] : winners[left]
        if (totals[child] > totals[best]) best = child
      }
      winners[i] = best
    }
    return winners[0]
  }
}

/** One of the nodes with the highest total, each with the same chance. */
function pickUniformly(totals: Float64Array, count: number, u: number): number {
  let most = -Infinity
  let ties = 0
  for (let i = 0; i < count; i++) {
    if (totals[i] > most) {
      most = totals[i]
      ties = 1
    } else if (totals[i] === most) ties++
  }
  let left = Math.floor(u * ties)
  for (let i = 0; i < count; i++) if (totals[i] === most && left-- === 0) return i
  return 0
}
