// How soon failed pods of a DaemonSet are replaced, after client-go util/flowcontrol/backoff.go and
// pkg/controller/daemon, Kubernetes v1.36: per node 1, 2, 4 … 900 s, forgotten after half an hour of quiet.

const FIRST_US = 1_000_000
const MAX_US = 900_000_000

export class FailedPodBackoff {
  private readonly delayUs: Float64Array
  private readonly updatedAtUs: Float64Array
  /** The observed generation that an entry is for; a new one starts over. */
  private readonly generation: Int32Array

  /** @param keys one for each pair of object and node. */
  constructor(keys: number) {
    this.delayUs = new Float64Array(keys)
    this.updatedAtUs = new Float64Array(keys)
    this.generation = new Int32Array(keys)
  }

  reset(): void {
    this.delayUs.fill(0)
  }

  /** The delay in force, microseconds; 0 if there is none and the pod may go (IsInBackOffSinceUpdate, Get). */
  currentDelayUs(key: number, generation: number, nowUs: number): number {
    if (this.isForgotten(key, generation, nowUs)) return 0
    return nowUs - this.updatedAtUs[key] < this.delayUs[key] ? this.delayUs[key] : 0
  }

  /** A pod goes now: the next one waits twice as long (Next). */
  advance(key: number, generation: number, nowUs: number): void {
    const forgotten = this.isForgotten(key, generation, nowUs)
    this.delayUs[key] = forgotten ? FIRST_US : Math.min(this.delayUs[key] * 2, MAX_US)
    this.updatedAtUs[key] = nowUs
    this.generation[key] = generation
  }

  private isForgotten(key: number, generation: number, nowUs: number): boolean {
    if (this.delayUs[key] === 0 || this.generation[key] !== generation) return true
    return nowUs - this.updatedAtUs[key] > 2 * MAX_US
  }
}
