// The scheduler's client-side rate limit (client-go util/flowcontrol, a token bucket): its writes, above all bindings,
// go out at 50 a second after a burst of 100.

import type { SchedulerSpec } from '../scenario/types.ts'

export class BindLimiter {
  private readonly perUs: number
  private readonly burst: number
  private tokens = 0
  private lastUs = 0

  constructor({ bindBurst, bindsPerSecond }: SchedulerSpec) {
    this.perUs = bindsPerSecond / 1_000_000
    this.burst = bindBurst
  }

  reset(): void {
    this.tokens = this.burst
    this.lastUs = 0
  }

  /** Microseconds that a write has to wait which is ready now. Writes go out in the order in which they ask. */
  reserveUs(nowUs: number): number {
    if (this.perUs === 0) return 0
    this.tokens = Math.min(this.burst, this.tokens + (nowUs - this.lastUs) * this.perUs) - 1
    this.lastUs = nowUs
    return this.tokens >= 0 ? 0 : Math.ceil(-this.tokens / this.perUs)
  }
}
