// An alerting rule, as Prometheus evaluates it: once in each interval it looks at the error rate of that interval; it
// fires when the rate has been that bad for the rule's time, at every look.

import type { Detection } from '../scenario/strategyTypes.ts'
import { holds } from './analysis.ts'
import type { LostShareUs } from './rollout.ts'

type AlarmRule = Extract<Detection, { type: 'errorRate' }>

export class Alarm {
  private readonly rule: AlarmRule
  private readonly lostShareUs: LostShareUs
  private lookedAtUs = 0
  private lostUs = 0
  private badSinceUs = Infinity

  constructor(rule: AlarmRule, lostShareUs: LostShareUs) {
    this.rule = rule
    this.lostShareUs = lostShareUs
  }

  /** Looks for the first time: the next look is one interval later. */
  start(nowUs: number): void {
    this.lookedAtUs = nowUs
    this.lostUs = this.lostShareUs(nowUs)
    this.badSinceUs = Infinity
  }

  /** One look; true if the alarm fires. */
  fires(nowUs: number): boolean {
    const { forUs, rule } = this.rule
    const lostUs = this.lostShareUs(nowUs)
    const isBad = holds(rule, (lostUs - this.lostUs) / (nowUs - this.lookedAtUs))
    this.lookedAtUs = nowUs
    this.lostUs = lostUs
    if (!isBad) this.badSinceUs = Infinity
    else if (this.badSinceUs === Infinity) this.badSinceUs = nowUs
    return isBad && nowUs - this.badSinceUs >= forUs
  }
}
