// When a pod is looked at, after pkg/kubelet/pod_workers.go and kubelet.go, Kubernetes v1.36: one worker per pod, whose syncs
// come one after another. A sync is wanted by changes of the API object, by the list of containers, by probes and by timers.

import { EventKind, NodeState, Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { ImageOutcome, KubeletParts, WorkersPart } from './parts.ts'
import { isCurrent, type PodTable, Stage, Step, wordOf } from './podTable.ts'

const SECOND_US = 1_000_000

/** resyncInterval, backOffPeriod, and the most that a crash-loop back-off makes the worker wait. */
const RESYNC_US = 60 * SECOND_US
const ERROR_US = 10 * SECOND_US
const CRASH_LOOP_US_MAX = 60 * SECOND_US

/** What the workers run. */
export interface PodSyncer {
  /** A sync begins. The worker is Busy; whoever ends it calls endSync. */
  sync(pod: PodId): void
  /** The step for which the worker waited is over. */
  goOn(pod: PodId, step: Step): void
  /** A pull for which the worker waited has ended. */
  imageKnown(slot: number, outcome: ImageOutcome): void
  /** Processes have ended that the kubelet now sees; true if there were any. */
  takeInEnds(pod: PodId): boolean
  /** Whether time alone may change something about a pod that has no error. */
  needsResync(pod: PodId): boolean
  /** When the pod has run for too long; Infinity: never. */
  deadlineUs(pod: PodId): number
}

export class PodWorkers implements WorkersPart {
  private readonly parts: KubeletParts
  private readonly table: PodTable
  private readonly syncer: PodSyncer

  constructor(parts: KubeletParts, syncer: PodSyncer) {
    this.parts = parts
    this.table = parts.table
    this.syncer = syncer
  }

  /** A sync is wanted now: it begins when the worker is free and the pod has been listed since the last one. */
  request(pod: PodId): void {
    const { table } = this
    const stage = table.stage[pod]
    if (stage === Stage.None || stage === Stage.Finished) return
    table.wanted[pod] = 1
    if (table.step[pod] === Step.Idle) this.tryBegin(pod)
  }

  /** A sync is wanted then; it replaces the timer before. */
  requestAt(pod: PodId, atUs: number): void {
    const word = wordOf(EventKind.PodTimer, ++this.table.timerTicket[pod])
    this.parts.cluster.agenda.push(atUs, Rank.World, word, pod)
  }

  /** The worker waits for a step that ends then. A step of no time goes on at once. */
  wait(pod: PodId, step: Step, us: number): void {
    this.table.step[pod] = step
    if (us === 0) return this.syncer.goOn(pod, step)
    this.parts.cluster.agenda.push(this.parts.cluster.nowUs + us, Rank.World, this.stepWord(pod), pod)
  }

  /** The word of the event that ends the present step of a pod. */
  stepWord(pod: PodId): number {
    return wordOf(EventKind.PodStep, ++this.table.stepTicket[pod])
  }

  /** What the worker waits for does not matter any more. */
  interrupt(pod: PodId): void {
    this.table.stepTicket[pod]++
    this.table.step[pod] = Step.Idle
  }

  imageKnown(slot: number, outcome: ImageOutcome): void {
    this.syncer.imageKnown(slot, outcome)
  }

  /** A process has ended: the next list of the node's containers shows it. */
  processEnded(pod: PodId): void {
    const { cluster, draws } = this.parts
    const stage = this.table.stage[pod]
    if (stage !== Stage.Syncing || cluster.nodes.down[this.table.nodeOf(pod)] === NodeState.KubeletDown) return
    this.pushRelist(pod, draws.relistAtOrAfter(this.table.nodeOf(pod), cluster.nowUs))
  }

  /** The sync is over: what it did is listed soon, and a timer says when the pod is looked at again without a reason. */
  endSync(pod: PodId): void {
    const { table } = this
    const { cluster, draws } = this.parts
    table.step[pod] = Step.Idle
    table.syncedUs[pod] = cluster.nowUs
    table.timerTicket[pod]++
    if (table.stage[pod] === Stage.Finished) return
    if (table.acted[pod] === 1) {
      table.acted[pod] = 0
      table.wanted[pod] = 1
      this.pushRelist(pod, cluster.nowUs + draws.relistUs(pod))
    } else if (table.wanted[pod] === 1) this.tryBegin(pod)
    const isIdle = table.step[pod] === Step.Idle && table.stage[pod] === Stage.Syncing
    if (isIdle && table.wanted[pod] === 0) this.setTimer(pod)
  }

  fireTimer(word: number, pod: PodId): void {
    if (isCurrent(word, this.table.timerTicket[pod]) && !this.isAsleep(pod)) this.request(pod)
  }

  fireStep(word: number, pod: PodId): void {
    if (!isCurrent(word, this.table.stepTicket[pod]) || this.isAsleep(pod)) return
    this.syncer.goOn(pod, this.table.step[pod] as Step)
  }

  /** The pod's containers are listed: what has ended is seen, and a sync that waited for it begins. */
  fireRelist(word: number, pod: PodId): void {
    const { table } = this
    if (!isCurrent(word, table.ticket[pod]) || this.isAsleep(pod)) return
    table.listedUs[pod] = this.parts.cluster.nowUs
    if (this.syncer.takeInEnds(pod)) table.wanted[pod] = 1
    if (table.wanted[pod] === 1 && table.step[pod] === Step.Idle) this.tryBegin(pod)
  }

  private tryBegin(pod: PodId): void {
    const { table } = this
    const { cluster, draws } = this.parts
    const node = table.nodeOf(pod)
    if (cluster.nodes.down[node] === NodeState.KubeletDown) return
    const syncedUs = table.syncedUs[pod]
    const isListed = table.listedUs[pod] >= syncedUs || draws.hasRelistedSince(node, syncedUs)
    if (!isListed) return this.pushRelist(pod, draws.relistAtOrAfter(node, cluster.nowUs))
    table.wanted[pod] = 0
    table.step[pod] = Step.Busy
    table.acted[pod] = table.failed[pod] = 0
    table.crashLoopUntilUs[pod] = Infinity
    this.syncer.sync(pod)
  }

  /** The next sync without another reason, at a tick of the node's queue: a retry, a resync, or the pod's deadline. */
  private setTimer(pod: PodId): void {
    const { cluster, draws } = this.parts
    const atUs = Math.min(cluster.nowUs + this.retryUs(pod), this.syncer.deadlineUs(pod))
    if (atUs < Infinity) this.requestAt(pod, draws.tickAtOrAfter(this.table.nodeOf(pod), atUs))
  }

  private retryUs(pod: PodId): number {
    const { table } = this
    const { cluster, draws } = this.parts
    if (table.crashLoopUntilUs[pod] < Infinity) {
      const leftUs = Math.min(Math.max(0, table.crashLoopUntilUs[pod] - cluster.nowUs), CRASH_LOOP_US_MAX)
      return draws.jitteredUs(pod, leftUs)
    }
    if (table.failed[pod] === 1) return draws.jitteredUs(pod, ERROR_US)
    return this.syncer.needsResync(pod) ? draws.jitteredUs(pod, RESYNC_US) : Infinity
  }

  private pushRelist(pod: PodId, atUs: number): void {
    this.parts.cluster.agenda.push(atUs, Rank.World, wordOf(EventKind.PodRelist, this.table.ticket[pod]), pod)
  }

  /** A kubelet that is down does nothing; when it is back it begins anew. */
  private isAsleep(pod: PodId): boolean {
    return this.parts.cluster.nodes.down[this.table.nodeOf(pod)] === NodeState.KubeletDown
  }
}
