// Service times by inversion, prepared once for each template so that a draw costs as little as it can.

import { exponential, lognormalShape, normalQuantile, uniform } from '../../kernel/distributions.ts'
import type { ServiceTimeModel } from '../../model/service.ts'

export class ServiceTime {
  private readonly model: ServiceTimeModel
  /** Of a log-normal time. */
  private readonly shape: number

  constructor(model: ServiceTimeModel) {
    this.model = model
    const { time } = model
    this.shape = time.type === 'lognormal' ? lognormalShape(time.medianUs, time.p95Us) : 0
  }

  /** The time for a uniform number of (0, 1), in microseconds. */
  draw(u: number): number {
    const { scale, time } = this.model
    switch (time.type) {
      case 'fixed':
        return scale * time.us
      case 'uniform':
        return scale * uniform(u, time.lowUs, time.highUs)
      case 'lognormal':
        return scale * time.medianUs * Math.exp(this.shape * normalQuantile(u))
      case 'exponential':
        return scale * exponential(u, time.meanUs)
      case 'list':
        return scale * (time.entriesUs[Math.floor(u * time.entriesUs.length)] ?? Infinity)
      case 'never':
        return Infinity
    }
  }
}
