// After analysis/analysis.go, Argo Rollouts v1.8: the measurements of one analysis step. A measurement is the error
// rate that clients met in the interval before it, as a query of a monitoring system with that range gives it.

import type { CanaryStep, ErrorRateRule } from '../scenario/strategyTypes.ts'
import type { Rollout } from './rollout.ts'

type AnalysisStep = Extract<CanaryStep, { type: 'analysis' }>

export class StepAnalysis {
  private isRunning = false
  private startedAtUs = 0
  private measuredAtUs = 0
  private lostShareUs = 0
  private measured = 0
  private failed = 0

  /** No analysis is under way. */
  stop(): void {
    this.isRunning = false
  }

  /**
   * Starts the analysis of a step, or takes the measurement that is due, and sees to it that the controller looks again
   * at the next one. False: it has failed. Interval 10 s, failureLimit 1: a bad version is out after 20 s.
   */
  proceed(rollout: Rollout, step: AnalysisStep): boolean {
    const { nowUs } = rollout.cluster
    if (!this.isRunning) {
      this.isRunning = true
      this.startedAtUs = this.measuredAtUs = nowUs
      this.lostShareUs = rollout.lostShareUs(nowUs)
      this.measured = this.failed = 0
    }
    while (this.measured < step.count) {
      if (!rollout.isPast(this.startedAtUs + (this.measured + 1) * step.intervalUs)) return true
      // A sync that comes late finds no time since the last measurement: the share is then what it was.
      const lostShareUs = rollout.lostShareUs(nowUs)
      if (nowUs > this.measuredAtUs) {
        const share = (lostShareUs - this.lostShareUs) / (nowUs - this.measuredAtUs)
        if (!holds(step.rule, share)) this.failed++
      }
      this.measured++
      this.measuredAtUs = nowUs
      this.lostShareUs = lostShareUs
      if (this.failed <= step.failureLimit) continue
      this.stop()
      return false
    }
    return true
  }

  /** All measurements are taken, and no more failed than may. */
  isSuccessful(step: AnalysisStep): boolean {
    if (!this.isRunning || this.measured < step.count) return false
    this.stop()
    return true
  }
}

/** Whether an error rate, between 0 and 1, obeys a rule. Shares are sums of fractions: their last bits mean nothing. */
export function holds({ op, share }: ErrorRateRule, measured: number): boolean {
  const rounded = Math.round(measured * 1e9) / 1e9
  if (op === '<=') return rounded <= share
  if (op === '<') return rounded < share
  if (op === '>=') return rounded >= share
  return rounded > share
}
