// The capacity of an application that has just begun to listen: it grows evenly to the whole. The curve is followed in
// steps, each as high as the curve is in its middle, so that over each step as much is answered as on the curve.

/** Steps of one warm-up. */
const STEPS = 20

/** The curve. */
export interface WarmUp {
  readonly fromShare: number
  readonly overUs: number
}

/**
 * The share of the capacity that an application has `sinceUs` after it began to listen.
 *
 * From 20 % over 40 s: the first step lasts 2 s and is 0.2 + 0.8 × 1 s / 40 s = 22 % high.
 */
export function capacityShare({ fromShare, overUs }: WarmUp, sinceUs: number): number {
  if (sinceUs >= overUs) return 1
  const step = Math.floor((sinceUs * STEPS) / overUs)
  return fromShare + ((1 - fromShare) * (step + 0.5)) / STEPS
}

/** How long the present step goes on; Infinity once the application is warm. */
export function nextStepUs({ overUs }: WarmUp, sinceUs: number): number {
  if (sinceUs >= overUs) return Infinity
  const step = Math.floor((sinceUs * STEPS) / overUs)
  return Math.max(1, Math.ceil(((step + 1) * overUs) / STEPS) - sinceUs)
}
