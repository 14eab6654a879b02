// How long an API write takes where it is drawn. Each client has a stream of its own, so that a call more of one
// controller moves no number of another.

import { exponential, lognormal, uniform } from '../kernel/distributions.ts'
import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import type { DurationSpec } from '../scenario/types.ts'

export class ApiLatency {
  private readonly spec: DurationSpec
  private readonly streams: RandomStream[]

  constructor(spec: DurationSpec, random: RandomStreams, clients: number) {
    this.spec = spec
    this.streams = Array.from({ length: clients }, (_, client) => random.stream(`api/${client}`))
  }

  /**
   * How long a client waits for the answers of `calls` calls that are sent side by side: for the slowest of them. The
   * largest of n numbers that are uniform in (0, 1) is distributed as the n-th root of one such number, so one is drawn.
   */
  waitUs(client: number, calls: number): number {
    const u = this.streams[client].next()
    return Math.round(quantileUs(this.spec, calls > 1 ? Math.exp(Math.log(u) / calls) : u))
  }
}

function quantileUs(spec: DurationSpec, u: number): number {
  switch (spec.type) {
    case 'fixed':
      return spec.us
    case 'uniform':
      return uniform(u, spec.lowUs, spec.highUs)
    case 'lognormal':
      return lognormal(u, spec.medianUs, spec.p95Us)
    case 'exponential':
      return exponential(u, spec.meanUs)
    default:
      throw new Error(`an API write takes no ${spec.type}: timings.ts has refused it`)
  }
}
