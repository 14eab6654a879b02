// What each pod has left of something that requests and time use up: answers before it fails, memory before it is killed.

import type { PodId } from '../cluster/pods.ts'

export class Budgets {
  private readonly left: Float64Array
  /** Used up in a microsecond at present. */
  private readonly rate: Float64Array
  private readonly sinceUs: Float64Array

  /** @param pods rows of the table of pods */
  constructor(pods: number) {
    this.left = new Float64Array(pods)
    this.rate = new Float64Array(pods)
    this.sinceUs = new Float64Array(pods)
  }

  /** A pod has so much from now on. */
  begin(pod: PodId, nowUs: number, amount: number): void {
    this.left[pod] = amount
    this.rate[pod] = 0
    this.sinceUs[pod] = nowUs
  }

  /** From now on so much is used up in a second. Returns when nothing is left: Infinity for never. */
  use(pod: PodId, nowUs: number, perSecond: number): number {
    this.take(pod, nowUs, 0)
    this.rate[pod] = perSecond / 1e6
    return this.emptyUs(pod)
  }

  /** So much is used up at once. Returns when nothing is left. */
  take(pod: PodId, nowUs: number, amount: number): number {
    this.left[pod] -= amount + this.rate[pod] * (nowUs - this.sinceUs[pod])
    this.sinceUs[pod] = nowUs
    return this.emptyUs(pod)
  }

  private emptyUs(pod: PodId): number {
    const { left, rate, sinceUs } = this
    // A millionth is the rounding of the sums: 3 requests at 1000/3 a second are used up after 9 ms sharp.
    if (left[pod] < 1e-6) return sinceUs[pod]
    return rate[pod] > 0 ? sinceUs[pod] + Math.max(1, Math.round(left[pod] / rate[pod])) : Infinity
  }
}
