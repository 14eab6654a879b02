// Seeded random choices for the twins' states.

import { RandomStream } from '../../src/kernel/random.ts'

export class Choices {
  private readonly stream = new RandomStream('twins')

  constructor(seed: number) {
    this.stream.reset(String(seed))
  }

  /** Starts over with another seed: one seed is one state. */
  reset(seed: number): void {
    this.stream.reset(String(seed))
  }

  /** An integer from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.stream.next() * (high - low + 1))
  }

  pick<T>(list: readonly T[]): T {
    return list[this.integer(0, list.length - 1)]
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.stream.next() < probability
  }
}
