// After client-go util/flowcontrol, Kubernetes v1.36, over golang.org/x/time/rate v0.14 (Limiter.AllowN) with burst 1.

export class TokenBucket {
  /** Tokens a second, in single precision as upstream keeps it; 0: never any (FakeNeverRateLimiter). */
  private perSecond = 0
  private tokens = 1
  private lastUs = -Infinity

  /** A full bucket that fills at `perSecond`. */
  start(perSecond: number): void {
    this.perSecond = Math.fround(perSecond)
    this.tokens = 1
    this.lastUs = -Infinity
  }

  /** Takes a token if there is one. */
  tryAccept(nowUs: number): boolean {
    if (this.perSecond === 0) return false
    const rest = this.tokensAt(nowUs) - 1
    // A wait of less than a nanosecond is no wait.
    if (rest < 0 && Math.floor((-rest / this.perSecond) * 1e9) > 0) return false
    this.tokens = rest
    this.lastUs = nowUs
    return true
  }

  /** When the next token will be there; Infinity: never. */
  nextTokenUs(nowUs: number): number {
    if (this.perSecond === 0) return Infinity
    const missing = 1 - this.tokensAt(nowUs)
    return missing <= 0 ? nowUs : nowUs + Math.floor((missing / this.perSecond) * 1e6)
  }

  /**
   * Changes the rate (RateLimitedTimedQueue.SwapLimiter): the new bucket is full, but empty if the old one was. From
   * "never" every rate is a change, because upstream's never-limiter calls itself one of rate 1.
   */
  swap(perSecond: number, nowUs: number): void {
    const rate = Math.fround(perSecond)
    if (rate === this.perSecond) return
    const wasEmpty = rate > 0 && !this.tryAccept(nowUs)
    this.start(rate)
    if (wasEmpty) this.tryAccept(nowUs)
  }

  private tokensAt(nowUs: number): number {
    return Math.min(1, this.tokens + ((nowUs - this.lastUs) / 1e6) * this.perSecond)
  }
}
