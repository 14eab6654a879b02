// After pkg/controller/podautoscaler/horizontal.go (stabilizeRecommendation, stabilizeRecommendationWithBehaviors,
// convertDesiredReplicasWithBehaviorRate), Kubernetes v1.36: what one autoscaler remembers, and how far it may go.

import { type AutoscalerSpec, DOWNSCALE_WINDOW_US, type ScalingRulesSpec } from '../../model/autoscalerSpec.ts'

/** Something that happened at a time: a recommendation, or a change of the replicas. */
interface Timed {
  readonly atUs: number
  readonly value: number
}

/** Most that an old rule lets the pods grow in one sync: to this factor, or to this number. */
const SCALE_UP_FACTOR = 2
const SCALE_UP_MIN = 4

/** The longest period or window that the API allows. */
const MEMORY_US = 3_600_000_000

export class Recommendations {
  private recommended: Timed[] = []
  private ups: Timed[] = []
  private downs: Timed[] = []

  reset(): void {
    this.recommended = []
    this.ups = []
    this.downs = []
  }

  /** The replicas to have now, of those that the metrics ask for. */
  normalize(spec: AutoscalerSpec, current: number, wanted: number, nowUs: number): number {
    this.recommended = this.recommended.filter(({ atUs }) => atUs > nowUs - MEMORY_US)
    // It begins with what is there, so that a restart of the controller scales nothing down at once.
    if (this.recommended.length === 0) this.recommended.push({ atUs: nowUs, value: current })
    const stable = this.stabilize(spec, current, wanted, nowUs)
    this.recommended.push({ atUs: nowUs, value: wanted })
    const { behavior, maxReplicas, minReplicas } = spec
    if (behavior === undefined) {
      const limit = Math.max(SCALE_UP_FACTOR * current, SCALE_UP_MIN)
      return Math.min(Math.max(stable, minReplicas), maxReplicas, limit)
    }
    if (stable > current) {
      const limit = Math.max(current, this.limit(behavior.up, current, nowUs, 1))
      return Math.min(stable, limit, maxReplicas)
    }
    if (stable < current) {
      const limit = Math.min(current, this.limit(behavior.down, current, nowUs, -1))
      return Math.max(stable, limit, minReplicas)
    }
    return stable
  }

  /** The replicas were changed, which counts against the policies of both sides. */
  noteScale(before: number, after: number, nowUs: number): void {
    const list = after > before ? this.ups : this.downs
    list.push({ atUs: nowUs, value: Math.abs(after - before) })
  }

  /**
   * The smallest of the window when going up, the largest when going down: 300 s of 10, then 4, stays at 10 until the
   * last 10 is 300 s old.
   */
  private stabilize({ behavior }: AutoscalerSpec, current: number, wanted: number, nowUs: number): number {
    let up = wanted
    let down = wanted
    const upFromUs = nowUs - (behavior?.up.windowUs ?? 0)
    const downFromUs = nowUs - (behavior?.down.windowUs ?? DOWNSCALE_WINDOW_US)
    for (const { atUs, value } of this.recommended) {
      if (atUs > upFromUs) up = Math.min(up, value)
      if (atUs > downFromUs) down = Math.max(down, value)
    }
    if (behavior === undefined) return down
    return Math.min(Math.max(current, up), Math.max(down, up))
  }

  /** How many replicas the policies of one side allow now; `sign` 1 up, -1 down. */
  private limit(rules: ScalingRulesSpec, current: number, nowUs: number, sign: 1 | -1): number {
    if (rules.select === 'Disabled') return current
    let chosen: number | undefined
    for (const { percent, periodUs, value } of rules.policies) {
      // Before this period began there were so many.
      const start = current - sumSince(this.ups, nowUs - periodUs) + sumSince(this.downs, nowUs - periodUs)
      const exact = start + sign * (percent ? (start * value) / 100 : value)
      const proposed = sign === 1 ? Math.ceil(exact) : Math.trunc(exact)
      const prefersLarger = (rules.select === 'Max') === (sign === 1)
      if (chosen === undefined) chosen = proposed
      else chosen = prefersLarger ? Math.max(chosen, proposed) : Math.min(chosen, proposed)
    }
    return chosen ?? current
  }
}

function sumSince(list: readonly Timed[], fromUs: number): number {
  let sum = 0
  for (const { atUs, value } of list) if (atUs > fromUs) sum += value
  return sum
}
