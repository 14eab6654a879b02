// When a kubelet's pod worker looks at its pod's volumes (WaitForAttachAndMount and WaitForUnmount of
// pkg/kubelet/volumemanager/volume_manager.go, Kubernetes v1.36), without looking in vain.

import type { RandomStream } from '../kernel/random.ts'
import { VOLUME_CHECK_US } from './podVolumes.ts'

/** podAttachAndMountTimeout: then the sync fails. */
const ATTEMPT_US = 123_000_000
/** A sync that failed is done again after 10 s, and half of that at most later (backOffPeriod, workerBackOffJitterFactor). */
const RETRY_US = 10_000_000
const RETRY_JITTER = 0.5

/**
 * The first look at or after `readyUs` of a worker that has looked at `sinceUs` in vain: every 0.3 s for 123 s, then the
 * next attempt looks at once. Ready 130 s after the first look, without jitter: the second attempt begins at 133 s.
 *
 * @param retries the stream of its retries' jitter, read from `index` on; undefined: none
 */
export function firstLookUs(
  sinceUs: number,
  readyUs: number,
  retries: RandomStream | undefined,
  index: number,
): number {
  let startUs = sinceUs
  for (let attempt = 0; ; attempt++) {
    if (startUs >= readyUs) return startUs
    const waitedUs = Math.ceil((readyUs - startUs) / VOLUME_CHECK_US) * VOLUME_CHECK_US
    if (waitedUs < ATTEMPT_US) return startUs + waitedUs
    const share = retries === undefined ? 0 : retries.at(index * 8 + (attempt % 8))
    startUs += ATTEMPT_US + Math.round(RETRY_US * (1 + RETRY_JITTER * share))
  }
}
