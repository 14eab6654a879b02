// The primary of a StatefulSet, and what is written to it. Kubernetes elects nobody: the primary is a fixed ordinal, or
// whoever holds a lease.
//
// A lease is lost when its holder ceases to serve, even for a moment. From then on an election takes its time; at its end
// the pod is chosen that has served longest (the lowest ordinal of equals), or else the first that serves.
//
// Writes are lost while there is no primary (or no majority, where they need one), and with a primary that dies those
// that no replica has yet: 100 writes a second with replicas 0.2 s behind are 20. One that gets SIGTERM hands them over.

import { NONE } from '../base/columns.ts'
import type { RandomSequence } from '../kernel/random.ts'
import type { MeasuredWorkload } from '../model/types.ts'
import type { PrimaryRule, WritesSpec } from '../scenario/types.ts'
import { LeaseTimes } from './leaseTimes.ts'

export class PrimaryWatch {
  noPrimaryUs = 0
  lostWrites = 0
  private readonly writes: WritesSpec | undefined
  private readonly leases: LeaseTimes | undefined
  private readonly rule: PrimaryRule | undefined
  /** By index, which is the ordinal less the lowest one: when its pod serves. Owned by the meter. */
  private readonly servesFromUs: Float64Array
  private readonly servesUntilUs: Float64Array
  /** Index of the lease's holder, or NONE, and since when that pod serves. */
  private holder = NONE
  private holderFromUs = 0
  /** When the next one may be chosen. */
  private choiceUs = -Infinity

  /** @param draws numbers for the moments at which the others look at the lease */
  constructor(
    { primary, writes }: Pick<MeasuredWorkload, 'primary' | 'writes'>,
    servesFromUs: Float64Array,
    servesUntilUs: Float64Array,
    draws: RandomSequence,
  ) {
    this.rule = primary
    this.writes = writes
    if (primary?.type === 'renewedLease') this.leases = new LeaseTimes(primary, draws)
    this.servesFromUs = servesFromUs
    this.servesUntilUs = servesUntilUs
  }

  reset(): void {
    this.noPrimaryUs = 0
    this.lostWrites = 0
    this.holder = NONE
    this.choiceUs = -Infinity
  }

  /** Looks who is primary from an instant on. The ordinals in force are `replicas` from `start`, as indices. */
  look(nowUs: number, lowest: number, start: number, replicas: number): void {
    const { rule } = this
    const before = this.holder
    if (rule === undefined || rule.type === 'ordinal')
      this.setHolder(this.fixed(nowUs, rule === undefined ? start : rule.ordinal - lowest))
    else this.elect(nowUs, start, replicas)
    if (before !== NONE && this.holder === NONE && this.hasDied(before, nowUs))
      this.lostWrites += ((this.writes?.perSecond ?? 0) * (this.writes?.lagUs ?? 0)) / 1e6
  }

  /** The end of a running election, if it lies between two instants; else the second. */
  nextChoiceUs(fromUs: number, untilUs: number): number {
    const { choiceUs } = this
    return this.holder === NONE && choiceUs > fromUs && choiceUs < untilUs ? choiceUs : untilUs
  }

  /** Time passes in which nothing changes. */
  pass(us: number, hasMajority: boolean): void {
    const { holder, writes } = this
    if (holder === NONE) this.noPrimaryUs += us
    if (writes === undefined) return
    if (holder === NONE || (writes.quorum && !hasMajority)) this.lostWrites += (writes.perSecond * us) / 1e6
  }

  private setHolder(index: number): void {
    this.holder = index
    if (index !== NONE) this.holderFromUs = this.servesFromUs[index]
  }

  /** Whether a primary that is none any more had no time to hand over: it got no SIGTERM. */
  private hasDied(index: number, nowUs: number): boolean {
    return this.servesFromUs[index] !== this.holderFromUs || this.servesUntilUs[index] > nowUs
  }

  private fixed(nowUs: number, index: number): number {
    return index >= 0 && index < this.servesFromUs.length && this.serves(index, nowUs) ? index : NONE
  }

  private elect(nowUs: number, start: number, replicas: number): void {
    const { holder } = this
    if (holder !== NONE && (!this.serves(holder, nowUs) || this.servesFromUs[holder] !== this.holderFromUs)) {
      this.holder = NONE
      this.choiceUs = nowUs + this.electionUs(holder, nowUs, start, replicas)
    }
    if (this.holder !== NONE || nowUs < this.choiceUs) return
    let chosen: number = NONE
    for (let i = start; i < start + replicas; i++)
      if (this.serves(i, nowUs) && (chosen === NONE || this.servesFromUs[i] < this.servesFromUs[chosen])) chosen = i
    this.setHolder(chosen)
  }

  private electionUs(former: number, nowUs: number, start: number, replicas: number): number {
    const { leases, rule } = this
    if (rule?.type === 'lease') return rule.electionUs
    if (leases === undefined) return 0
    let others = 0
    for (let i = start; i < start + replicas; i++) if (i !== former && this.serves(i, nowUs)) others++
    return leases.electionUs(Math.max(1, others), !this.hasDied(former, nowUs))
  }

  private serves(index: number, nowUs: number): boolean {
    return this.servesFromUs[index] <= nowUs && nowUs < this.servesUntilUs[index]
  }
}
