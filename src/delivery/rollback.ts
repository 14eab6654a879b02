// A bad release is taken back: somebody has to notice, to decide, and to do it. An undo is a write of the Deployment; a
// revert goes through the pipeline first. Time to recover = detect + decide + pipeline + rollout.

import type { Cluster } from '../cluster/cluster.ts'
import { DeploymentReason, EventKind, Rank } from '../cluster/codes.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { RandomStreams } from '../kernel/random.ts'
import { durationUs } from '../model/durations.ts'
import type { StrategyModel } from '../model/strategyModel.ts'
import { Kind } from '../model/types.ts'
import { Alarm } from './alarm.ts'
import type { Delivery } from './delivery.ts'
import type { LostShareUs } from './rollout.ts'

type RollbackStrategy = Extract<StrategyModel, { type: 'rollback' }>

/** What an event of a rollback means, in its detail. */
const Moment = { Look: 0, Noticed: 1, Write: 2 } as const

/** Writes the former template: as an undo, which its ReplicaSet must still allow, or as a new spec. */
export type WriteBack = (type: 'undo' | 'applySpec', spec: number) => void

export class Rollback implements Delivery {
  private readonly cluster: Cluster
  private readonly strategy: RollbackStrategy
  private readonly random: RandomStreams
  private readonly alarm: Alarm | undefined
  private readonly write: WriteBack
  private spec = 0
  private state: 'idle' | 'watching' | 'noticed' = 'idle'

  constructor(
    cluster: Cluster,
    strategy: RollbackStrategy,
    random: RandomStreams,
    lostShareUs: LostShareUs,
    write: WriteBack,
  ) {
    this.cluster = cluster
    this.strategy = strategy
    this.random = random
    this.write = write
    if (strategy.detection.type === 'errorRate') this.alarm = new Alarm(strategy.detection, lostShareUs)
  }

  reset(): void {
    this.state = 'idle'
  }

  /** The bad release is out. */
  start(spec: number): void {
    const { detection } = this.strategy
    this.spec = spec
    this.state = 'watching'
    if (detection.type === 'after') this.pushAfter(this.draw('detect', detection.delay), Moment.Noticed)
    if (detection.type !== 'errorRate') return
    this.alarm?.start(this.cluster.nowUs)
    this.pushAfter(detection.intervalUs, Moment.Look)
  }

  fire(moment: number): void {
    const { detection } = this.strategy
    if (moment === Moment.Write) return this.write(this.strategy.by === 'undo' ? 'undo' : 'applySpec', this.spec)
    if (moment === Moment.Noticed) return this.notice()
    if (detection.type !== 'errorRate' || this.state !== 'watching') return
    if (this.alarm?.fires(this.cluster.nowUs) === true) this.notice()
    else this.pushAfter(detection.intervalUs, Moment.Look)
  }

  watcher(): Watcher {
    const { cluster, strategy } = this
    if (strategy.detection.type !== 'progressDeadline') return {}
    return {
      statusChanged: (kind, row) => {
        if (kind !== Kind.Deployment || row !== strategy.deployment || this.state !== 'watching') return
        const { progressingReason } = cluster.deployments.status[strategy.deployment]
        if (progressingReason === DeploymentReason.ProgressDeadlineExceeded) this.notice()
      },
    }
  }

  private notice(): void {
    if (this.state !== 'watching') return
    this.state = 'noticed'
    const { decide, pipeline } = this.strategy
    this.pushAfter(this.draw('decide', decide) + this.draw('pipeline', pipeline), Moment.Write)
  }

  private draw(purpose: 'detect' | 'decide' | 'pipeline', spec: RollbackStrategy['decide']): number {
    return durationUs(spec, this.random.stream(`delivery/${purpose}`), 0)
  }

  private pushAfter(us: number, moment: number): void {
    const { agenda, nowUs } = this.cluster
    agenda.push(nowUs + us, Rank.World, EventKind.Delivery, moment)
  }
}
