// The members of a StatefulSet over time: how long each ordinal was away, how long there was no quorum and no primary.
//
// An ordinal is there while its pod serves: from container start + `ready` until SIGTERM, its death, or the loss of its
// node. The API's Ready condition would be the wrong witness: it stays True for most of a minute after a node is gone.

import { NONE } from '../base/columns.ts'
import { AppState } from '../cluster/applications.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { NodeState } from '../cluster/codes.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import type { RandomStreams } from '../kernel/random.ts'
import { Kind, type MeasuredWorkload, type StatefulSetId } from '../model/types.ts'
import { PrimaryWatch } from './primaryWatch.ts'
import type { OrdinalRow } from './types.ts'

export class OrdinalMeter {
  /** Time with fewer serving ordinals than floor(replicas / 2) + 1. */
  belowQuorumUs = 0
  private readonly cluster: Cluster
  private readonly workload: MeasuredWorkload
  private readonly set: StatefulSetId
  private readonly primary: PrimaryWatch
  /** By ordinal less the lowest one that the set ever has: when its pod serves, and how long it did not. */
  private readonly servesFromUs: Float64Array
  private readonly servesUntilUs: Float64Array
  private readonly awayUs: Float64Array
  /** 1: it was one of the set's ordinals in the window. */
  private readonly counted: Uint8Array
  private readonly lowest: number
  private start = 0
  private replicas = 0
  private sinceUs = 0

  constructor(cluster: Cluster, workload: MeasuredWorkload, random: RandomStreams) {
    this.cluster = cluster
    this.workload = workload
    this.set = workload.row as StatefulSetId
    const { specs } = cluster.model.statefulSets[this.set]
    this.lowest = Math.min(...specs.map(({ startOrdinal }) => startOrdinal))
    const count = Math.max(...specs.map(({ startOrdinal, replicas }) => startOrdinal + replicas)) - this.lowest
    this.servesFromUs = new Float64Array(count)
    this.servesUntilUs = new Float64Array(count)
    this.awayUs = new Float64Array(count)
    this.counted = new Uint8Array(count)
    const draws = random.sequence(`metrics/lease/${workload.label}`)
    this.primary = new PrimaryWatch(workload, this.servesFromUs, this.servesUntilUs, draws)
  }

  reset(): void {
    this.belowQuorumUs = 0
    this.sinceUs = this.cluster.model.windowStartUs
    this.servesFromUs.fill(Infinity)
    this.servesUntilUs.fill(Infinity)
    this.awayUs.fill(0)
    this.counted.fill(0)
    this.start = this.replicas = 0
    this.primary.reset()
  }

  /** Adds what the state since the last call contributes; call before each change. */
  advance(nowUs: number): void {
    // Who was primary when the window began may be gone from that very instant on.
    if (nowUs === this.sinceUs) this.primary.look(nowUs, this.lowest, this.start, this.replicas)
    while (this.sinceUs < nowUs) {
      const fromUs = this.sinceUs
      this.primary.look(fromUs, this.lowest, this.start, this.replicas)
      const untilUs = this.nextChangeUs(fromUs, nowUs)
      const us = untilUs - fromUs
      let serving = 0
      for (let i = this.start, last = this.start + this.replicas; i < last; i++) {
        this.counted[i] = 1
        if (this.servesFromUs[i] <= fromUs && fromUs < this.servesUntilUs[i]) serving++
        else this.awayUs[i] += us
      }
      const hasMajority = serving > this.replicas / 2
      if (!hasMajority && this.replicas > 0) this.belowQuorumUs += us
      this.primary.pass(us, hasMajority)
      this.sinceUs = untilUs
    }
  }

  /** Takes the pods and the replicas in force in, after a change. */
  recount(): void {
    const { applications, nodes, pods, statefulSets } = this.cluster
    const exists = statefulSets.exists[this.set] === 1
    this.replicas = exists ? statefulSets.replicas[this.set] : 0
    this.start = exists ? statefulSets.startOrdinal[this.set] - this.lowest : 0
    this.servesFromUs.fill(Infinity)
    for (let pod = pods.firstOf[Kind.StatefulSet][this.set] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod]) {
      const i = pods.ordinal[pod] - this.lowest
      const node = pods.node[pod]
      if (isTerminal(pods, pod) || node === NONE || nodes.down[node] === NodeState.Down) continue
      if (applications.state[pod] === AppState.Hung) continue
      this.servesFromUs[i] = pods.servesFromUs[pod]
      this.servesUntilUs[i] = pods.servesUntilUs[pod]
    }
  }

  /** Time without a primary. */
  get noPrimaryUs(): number {
    return this.primary.noPrimaryUs
  }

  /** Writes that were lost. */
  get lostWrites(): number {
    return this.primary.lostWrites
  }

  /** How long each ordinal was away that the set had in the window. */
  rows(): OrdinalRow[] {
    const rows: OrdinalRow[] = []
    for (let i = 0; i < this.awayUs.length; i++) {
      if (this.counted[i] === 0) continue
      rows.push({ workload: this.workload.label, ordinal: this.lowest + i, awaySeconds: this.awayUs[i] / 1e6 })
    }
    return rows
  }

  /** The first instant after one at which an ordinal begins or ceases to serve, or a primary may be chosen. */
  private nextChangeUs(fromUs: number, untilUs: number): number {
    let nextUs = this.primary.nextChoiceUs(fromUs, untilUs)
    for (let i = this.start, last = this.start + this.replicas; i < last; i++) {
      const [beginUs, endUs] = [this.servesFromUs[i], this.servesUntilUs[i]]
      if (beginUs > fromUs && beginUs < nextUs) nextUs = beginUs
      if (endUs > fromUs && endUs < nextUs) nextUs = endUs
    }
    return nextUs
  }
}
