// After k8s.io/client-go/tools/leaderelection/leaderelection.go, v0.36: how long nobody leads when a leader is gone.
//
// The leader renews its lease every `retry`. Each of the others looks every `retry` to 2.2 × `retry` (JitterFactor 1.2),
// notes when it first saw a renewal, and takes the lease when it looks later than `duration` after that. A leader that
// ends in good order gives its lease up (ReleaseOnCancel), and the first who looks has it.
//
// With the defaults of 15 s and 2 s a leader that dies is missed for 13 to 23.8 s if there is one other, and one that
// ends in good order for at most 4.4 s.

import type { RandomSequence } from '../kernel/random.ts'
import type { PrimaryRule } from '../scenario/types.ts'

/** wait.JitterUntil in acquire(). */
const JITTER_FACTOR = 1.2

export class LeaseTimes {
  private readonly rule: Extract<PrimaryRule, { type: 'renewedLease' }>
  private readonly draws: RandomSequence

  constructor(rule: Extract<PrimaryRule, { type: 'renewedLease' }>, draws: RandomSequence) {
    this.rule = rule
    this.draws = draws
  }

  /**
   * Draws how long an election takes.
   *
   * @param others who may take the lease, at least 1
   * @param inOrder whether the leader ended in good order
   */
  electionUs(others: number, inOrder: boolean): number {
    const { durationUs, release, retryUs } = this.rule
    let earliestUs = Infinity
    // How long ago the lease was renewed last.
    const ageUs = this.draws.next() * retryUs
    for (let i = 0; i < others; i++) {
      // A look that falls at random into the pause between two.
      let lookUs = this.draws.next() * this.pauseUs()
      if (!(inOrder && release)) {
        // It saw the last renewal at its first look after that; then it waits until the lease has run out for it.
        lookUs -= ageUs
        const seenUs = lookUs
        while (lookUs <= seenUs + durationUs) lookUs += this.pauseUs()
      }
      if (lookUs < earliestUs) earliestUs = lookUs
    }
    return Math.round(Math.max(0, earliestUs))
  }

  private pauseUs(): number {
    return this.rule.retryUs * (1 + JITTER_FACTOR * this.draws.next())
  }
}
