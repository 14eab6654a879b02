// Back-offs that double, after k8s.io/client-go/util/flowcontrol/backoff.go, Kubernetes v1.36: of containers that crash
// and of images that cannot be pulled. They live in the kubelet's memory, and are lost with it.

export class Backoff {
  /** Start value and cap, microseconds. */
  private readonly startUs: number
  private readonly maxUs: number
  /** An entry without news for so long starts over: twice the default cap, whatever the cap is. */
  private readonly expiryUs: number
  private readonly delayUs: Float64Array
  private readonly updatedUs: Float64Array

  constructor(keys: number, startUs: number, maxUs: number, expiryUs: number) {
    this.startUs = Math.min(startUs, maxUs)
    this.maxUs = maxUs
    this.expiryUs = expiryUs
    this.delayUs = new Float64Array(keys)
    this.updatedUs = new Float64Array(keys)
  }

  /** No entry for that key. */
  forget(key: number): void {
    this.delayUs[key] = 0
  }

  /** When the back-off after an event at `eventUs` is over (IsInBackOffSince); `eventUs` or before: at once. */
  endUs(key: number, eventUs: number): number {
    if (this.delayUs[key] === 0 || this.hasExpired(key, eventUs)) return eventUs
    return eventUs + this.delayUs[key]
  }

  /** The same counted from the last failure (IsInBackOffSinceUpdate). */
  endSinceUpdateUs(key: number, nowUs: number): number {
    if (this.delayUs[key] === 0 || this.hasExpired(key, nowUs)) return nowUs
    return this.updatedUs[key] + this.delayUs[key]
  }

  /** Another try, or another failure (Next): the delay doubles. Delays 10, 20, 40, 80, 160, 300 s with the defaults. */
  next(key: number, eventUs: number, nowUs: number): void {
    const isNew = this.delayUs[key] === 0 || this.hasExpired(key, eventUs)
    this.delayUs[key] = isNew ? this.startUs : Math.min(2 * this.delayUs[key], this.maxUs)
    this.updatedUs[key] = nowUs
  }

  private hasExpired(key: number, eventUs: number): boolean {
    return eventUs - this.updatedUs[key] > this.expiryUs
  }
}
