// The primary of a StatefulSet. Kubernetes elects nobody: it is a fixed ordinal, or whoever holds a lease.
//
// A lease is lost when its holder ceases to serve, even for a moment. From then on an election takes its time; at its end
// the pod is chosen that has served longest (the lowest ordinal of equals), or else the first that serves.

import { NONE } from '../base/columns.ts'
import type { PrimaryRule } from '../scenario/types.ts'

export class PrimaryWatch {
  noPrimaryUs = 0
  private readonly rule: PrimaryRule | undefined
  /** By index, which is the ordinal less the lowest one: when its pod serves. Owned by the meter. */
  private readonly servesFromUs: Float64Array
  private readonly servesUntilUs: Float64Array
  /** Index of the lease's holder, or NONE, and since when that pod serves. */
  private holder = NONE
  private holderFromUs = 0
  /** When the next one may be chosen. */
  private choiceUs = -Infinity

  constructor(rule: PrimaryRule | undefined, servesFromUs: Float64Array, servesUntilUs: Float64Array) {
    this.rule = rule
    this.servesFromUs = servesFromUs
    this.servesUntilUs = servesUntilUs
  }

  reset(): void {
    this.noPrimaryUs = 0
    this.holder = NONE
    this.choiceUs = -Infinity
  }

  /** Looks who is primary from an instant on. The ordinals in force are `replicas` from `start`, as indices. */
  look(nowUs: number, lowest: number, start: number, replicas: number): void {
    const { rule } = this
    if (rule?.type === 'lease') this.elect(nowUs, rule.electionUs, start, replicas)
    else this.holder = this.fixed(nowUs, rule === undefined ? start : rule.ordinal - lowest)
  }

  /** The end of a running election, if it lies between two instants; else the second. */
  nextChoiceUs(fromUs: number, untilUs: number): number {
    const { choiceUs } = this
    return this.holder === NONE && choiceUs > fromUs && choiceUs < untilUs ? choiceUs : untilUs
  }

  /** Time passes in which nothing changes. */
  pass(us: number): void {
    if (this.holder === NONE) this.noPrimaryUs += us
  }

  private fixed(nowUs: number, index: number): number {
    return index >= 0 && index < this.servesFromUs.length && this.serves(index, nowUs) ? index : NONE
  }

  private elect(nowUs: number, electionUs: number, start: number, replicas: number): void {
    const { holder } = this
    if (holder !== NONE && (!this.serves(holder, nowUs) || this.servesFromUs[holder] !== this.holderFromUs)) {
      this.holder = NONE
      this.choiceUs = nowUs + electionUs
    }
    if (this.holder !== NONE || nowUs < this.choiceUs) return
    for (let i = start; i < start + replicas; i++) {
      if (!this.serves(i, nowUs)) continue
      if (this.holder === NONE || this.servesFromUs[i] < this.servesFromUs[this.holder]) this.holder = i
    }
    if (this.holder !== NONE) this.holderFromUs = this.servesFromUs[this.holder]
  }

  private serves(index: number, nowUs: number): boolean {
    return this.servesFromUs[index] <= nowUs && nowUs < this.servesUntilUs[index]
  }
}
