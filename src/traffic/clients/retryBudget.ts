// What share of the retries that clients would make they may make. A budget of b lets b retries in for each request, and
// keeps what is not used, up to ten seconds of it (the time to live of the budgets of Finagle and Linkerd). Amounts are in
// microseconds of the stream's requests, so that the rate does not matter.
//
// Budget 0.1, full: 1 s saved up. Half of all requests lost for 4 s, one more try each: 2 s of retries are wanted, and
// 1 + 4 × 0.1 = 1.4 s are let in: 70 %.

const SAVED_US = 10_000_000

export class RetryBudget {
  private readonly share: number
  private savedUs: number

  constructor(share: number) {
    this.share = share
    this.savedUs = share * SAVED_US
  }

  reset(): void {
    this.savedUs = this.share * SAVED_US
  }

  /** The share of the wanted retries that is let in, in an interval in which they come evenly. */
  admit(wantedUs: number, us: number): number {
    const allowedUs = this.savedUs + this.share * us
    const admittedUs = Math.min(wantedUs, allowedUs)
    this.savedUs = Math.min(this.share * SAVED_US, allowedUs - admittedUs)
    return wantedUs === 0 ? 1 : admittedUs / wantedUs
  }
}
