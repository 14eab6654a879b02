// After pkg/volume/csi/csi_attacher.go and pkg/util/goroutinemap/exponentialbackoff, Kubernetes v1.36: how long an
// operation of a CSI driver takes as the controller sees it, and when a failed one is tried again.

import type { StorageDraws } from '../../cluster/storageDraws.ts'
import type { VolumeId } from '../../cluster/volumes.ts'

const FIRST_WAIT_US = 500_000
const WAIT_FACTOR = 1.05
const WAIT_US_MAX = 7_000_000
const WAIT_JITTER = 0.1
/** After so long an operation fails, whatever the driver goes on to do. */
export const OPERATION_US_MAX = 120_000_000

/**
 * How long until the controller knows that a driver is done: it looks at the VolumeAttachment after 0.5 s, and then after
 * waits that grow by 5 % (and up to 10 % of their own). Without jitter a driver that takes 1.5 s is seen to be done at
 * 0.5 + 0.525 + 0.55125 = 1.57625 s. Infinity: not within the limit.
 */
export function seenAfterUs(driverUs: number, volume: VolumeId, draws: StorageDraws): number {
  let atUs = 0
  let waitUs = FIRST_WAIT_US
  for (let wait = 0; ; wait++) {
    atUs += Math.round(waitUs * (1 + WAIT_JITTER * draws.pollShare(volume, wait)))
    if (atUs > OPERATION_US_MAX) return Infinity
    if (atUs >= driverUs) return atUs
    waitUs = Math.min(waitUs * WAIT_FACTOR, WAIT_US_MAX)
  }
}

const FIRST_BACKOFF_US = 500_000
const BACKOFF_US_MAX = 122_000_000

/** Back-off of failed operations by key: a volume, or a volume and a node where several may have it. */
export class OperationBackoff {
  private readonly waitUs: Float64Array
  private readonly failedUs: Float64Array

  constructor(keys: number) {
    this.waitUs = new Float64Array(keys)
    this.failedUs = new Float64Array(keys)
  }

  reset(): void {
    this.waitUs.fill(0)
  }

  /** An operation has failed: 0.5 s, and twice as long each time, at most 122 s. */
  fail(key: number, nowUs: number): void {
    const waitUs = this.waitUs[key]
    this.waitUs[key] = waitUs === 0 ? FIRST_BACKOFF_US : Math.min(2 * waitUs, BACKOFF_US_MAX)
    this.failedUs[key] = nowUs
  }

  succeed(key: number): void {
    this.waitUs[key] = 0
  }

  /** From when on it may be tried again; more than the wait must have passed. */
  readyUs(key: number): number {
    return this.waitUs[key] === 0 ? 0 : this.failedUs[key] + this.waitUs[key] + 1
  }
}
