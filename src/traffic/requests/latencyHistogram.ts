// Latencies in buckets whose width grows with the latency, after G. Tene's HdrHistogram: below 256 us one for each
// microsecond, above 128 for each doubling, so that a quantile is right to 0.4 %. Recording is one addition.

/** Bits of a latency that a bucket keeps, the leading one not counted. */
const SUB_BITS = 7
const SUB_BUCKETS = 1 << SUB_BITS
const EXACT_BELOW = 2 * SUB_BUCKETS

/** The longest latency that is told apart: 35 minutes. */
const LATENCY_US_MAX = 2_147_483_647

export class LatencyHistogram {
  count = 0
  private readonly counts = new Float64Array(bucketOf(LATENCY_US_MAX) + 1)

  reset(): void {
    this.count = 0
    this.counts.fill(0)
  }

  record(latencyUs: number): void {
    this.counts[bucketOf(latencyUs)] += 1
    this.count += 1
  }

  /** Takes a latency back that was recorded: the answer never came. */
  remove(latencyUs: number): void {
    this.counts[bucketOf(latencyUs)] -= 1
    this.count -= 1
  }

  /** The latency that a share of the answers did not exceed, in microseconds: the middle of its bucket; NaN of none. */
  quantile(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.count))
    let below = 0
    for (let bucket = 0; bucket < this.counts.length; bucket++) {
      below += this.counts[bucket]
      if (below >= rank) return middleOf(bucket)
    }
    return NaN
  }
}

/** 300 us = 100101100 in binary: its leading 8 bits 10010110 are 150, one doubling above the exact range: 128 + 150. */
function bucketOf(latencyUs: number): number {
  const us = Math.min(LATENCY_US_MAX, latencyUs) | 0
  if (us < EXACT_BELOW) return us
  const doublings = 31 - Math.clz32(us) - SUB_BITS
  return doublings * SUB_BUCKETS + (us >>> doublings)
}

function middleOf(bucket: number): number {
  if (bucket < EXACT_BELOW) return bucket
  const doublings = Math.floor(bucket / SUB_BUCKETS) - 1
  const lowest = (bucket - doublings * SUB_BUCKETS) * (1 << doublings)
  return lowest + ((1 << doublings) - 1) / 2
}
