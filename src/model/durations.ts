// Draws durations as scenarios write them.

import { exponential, lognormal, lognormalShape, uniform } from '../kernel/distributions.ts'
import type { RandomStream } from '../kernel/random.ts'
import type { DurationSpec } from '../scenario/types.ts'

/** A duration in whole microseconds; Infinity for `never`. */
export function durationUs(spec: DurationSpec, stream: Pick<RandomStream, 'at'>, index: number): number {
  switch (spec.type) {
    case 'fixed':
      return spec.us
    case 'uniform':
      return Math.round(uniform(stream.at(index), spec.lowUs, spec.highUs))
    case 'lognormal':
      return Math.round(lognormal(stream.at(index), spec.medianUs, spec.p95Us))
    case 'exponential':
      return Math.round(exponential(stream.at(index), spec.meanUs))
    case 'list': {
      const us = spec.entriesUs[index % spec.entriesUs.length]
      return us ?? Infinity
    }
    case 'never':
      return Infinity
  }
}

/** The mean of a duration, in microseconds; Infinity for `never`. */
export function meanUs(spec: DurationSpec): number {
  switch (spec.type) {
    case 'fixed':
      return spec.us
    case 'uniform':
      return (spec.lowUs + spec.highUs) / 2
    case 'lognormal': {
      const sigma = lognormalShape(spec.medianUs, spec.p95Us)
      return spec.medianUs * Math.exp((sigma * sigma) / 2)
    }
    case 'exponential':
      return spec.meanUs
    case 'list':
      return spec.entriesUs.reduce<number>((sum, us) => sum + (us ?? Infinity), 0) / spec.entriesUs.length
    case 'never':
      return Infinity
  }
}
