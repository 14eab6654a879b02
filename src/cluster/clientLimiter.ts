// The rate limit of a client of the API, after client-go util/flowcontrol/throttle.go (tokenBucketRateLimiter.Wait),
// Kubernetes v1.36, over golang.org/x/time/rate v0.14 (Limiter.reserveN): the bucket begins full, tokens come back
// continuously, and a call that finds none reserves the next one and waits for it.
//
// Instead of tokens and the time when they were counted, one number is kept: when the bucket will be full again. The two
// are the same rule (virtual scheduling; ITU-T I.371, annex A), and times stay whole microseconds.

import type { ClientLimit } from '../scenario/types.ts'

export class ClientLimiter {
  private readonly intervalUs: number
  /** How far in the future the bucket may be full for a call to be sent now. */
  private readonly toleranceUs: number
  private fullAtUs = -Infinity

  constructor({ perSecond, burst }: ClientLimit) {
    this.intervalUs = 1e6 / perSecond
    this.toleranceUs = (burst - 1) * this.intervalUs
  }

  /** A full bucket. */
  reset(): void {
    this.fullAtUs = -Infinity
  }

  /**
   * Reserves a token for a call of `atUs`; returns when the call is sent. With 20 a second and a burst of 30, of 100 calls
   * at 0 the first 30 are sent at 0, the next at 50 ms, and the last one at (100 - 30) / 20 = 3.5 s.
   */
  reserve(atUs: number): number {
    const fullUs = Math.max(this.fullAtUs, atUs)
    this.fullAtUs = fullUs + this.intervalUs
    return Math.max(atUs, Math.ceil(fullUs - this.toleranceUs))
  }
}
