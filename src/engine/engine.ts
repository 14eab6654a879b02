// One run: reset, play, measure.
//
//   event queue --pop--> dispatch (timeline, kubelets, timers, API answers, endpoints)
//        ^                  |  writes to the cluster wake watchers: work queues, scheduler, observers
//        |                  v
//        +---- settle: controllers take keys until no queue has work, then the scheduler; again until all is quiet
//
// All events of one instant and rank happen before the controllers look, as in a cluster whose watches are immediate.

import { CapacityError } from '../base/assert.ts'
import { NO_REQUESTS } from '../base/losses.ts'
import { InputError } from '../base/errors.ts'
import { applyWrite } from '../cluster/applyWrite.ts'
import { collectClaims } from '../cluster/claimCollector.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { SyncOutcome, SyncStages } from '../cluster/syncStages.ts'
import type { Write } from '../cluster/writes.ts'
import { isRolledOut } from '../metrics/rolloutMeter.ts'
import type { RunRow } from '../metrics/types.ts'
import { compileModel } from '../model/compile.ts'
import type { Model, NodeId } from '../model/types.ts'
import type { Scenario, ScenarioArm } from '../scenario/types.ts'
import type { Engine, RunResult } from './types.ts'
import { type Machine, wireMachine } from './wiring.ts'

/** Most controller syncs at one instant; more means that two controllers undo each other's work for ever. */
const SYNCS_AT_ONCE_MAX = 1_000_000

/** Called when an instant is over and something was written in it. */
export type InstantObserver = (nowUs: number) => void

/** Someone who looks on while runs are played, and changes nothing. */
export interface RunObserver {
  /** A run begins; it may begin again, if a table of the model was too small. */
  begin(): void
  /** An instant is over in which something was written. */
  instant(cluster: Cluster, nowUs: number): void
}

/** Compiles an arm and builds an engine for it. All tables are allocated here; runs allocate nothing of note. */
export function createEngine(scenario: Scenario, arm: ScenarioArm, observer?: RunObserver): Engine {
  let model = compileModel(scenario, arm)
  let player = observedPlayer(model, observer)
  const rows: RunRow[] = model.measured.map(({ label }) => emptyRow(scenario.name, arm.name, label))
  return {
    run(seed: number): RunResult {
      observer?.begin()
      while (!fitsRun(player, seed)) {
        model = withMoreRoom(model)
        player = observedPlayer(model, observer)
        observer?.begin()
      }
      player.machine.meters.forEach((meter, i) => {
        rows[i].seed = seed
        meter.finish(rows[i])
      })
      const availability = player.machine.meters[0]?.capacity.availability ?? NO_CURVE
      const ordinals = player.machine.meters.flatMap((meter) => meter.ordinalRows())
      return { rows, ordinals, availability, events: player.eventCount }
    },
  }
}

const NO_CURVE = new Uint8Array(0)

function observedPlayer(model: Model, observer: RunObserver | undefined): Player {
  const player: Player = new Player(model, observer && ((nowUs) => observer.instant(player.machine.cluster, nowUs)))
  return player
}

/** Plays a run; false if a table of the model is too small for it. */
function fitsRun(player: Player, seed: number): boolean {
  try {
    player.run(seed)
    return true
  } catch (error) {
    if (error instanceof CapacityError && player.machine.cluster.pods.capacity < PODS_MAX) return false
    throw error
  }
}

/** More pods than this in one cluster are beyond what the tables are for. */
const PODS_MAX = 4_000_000

/** The same model with tables twice as large. A run does not depend on their size. */
function withMoreRoom(model: Model): Model {
  const { events, jobs, pods, replicaSets } = model.capacity
  return { ...model, capacity: { events: events * 2, jobs: jobs * 2, pods: pods * 2, replicaSets: replicaSets * 2 } }
}

/** Plays runs of one model; the sweep uses it through createEngine, conformance and explanations with an observer. */
export class Player {
  readonly machine: Machine
  eventCount = 0
  syncCount = 0
  private readonly model: Model
  private readonly onInstant: InstantObserver | undefined
  /** Syncs between two of their stages, by controller and key. */
  private readonly waiting = new Map<number, Map<number, SyncStages<SyncOutcome>>>()

  constructor(model: Model, onInstant?: InstantObserver) {
    this.model = model
    this.machine = wireMachine(model)
    this.onInstant = onInstant
  }

  /** Plays the whole run from the empty cluster to the horizon. */
  run(seed: number): void {
    const { cluster, events } = this.machine
    this.machine.reset(seed)
    this.eventCount = 0
    this.syncCount = 0
    this.waiting.clear()
    const { actions, horizonUs, mayBeUnsettled, zeroUs } = this.model
    actions.forEach((action, i) => events.push(action.atUs, Rank.World, EventKind.TimelineAction, i))
    let checkedSettled = mayBeUnsettled
    while (!events.isEmpty()) {
      const atUs = events.peekTimeUs()
      if (atUs > horizonUs) break
      if (!checkedSettled && atUs >= zeroUs) {
        this.requireSettled()
        checkedSettled = true
      }
      if (atUs > cluster.nowUs) this.endInstant()
      cluster.nowUs = atUs
      this.takeEvents(atUs)
      this.settle()
    }
    this.endInstant()
  }

  /** Plays all events of this instant and of the first rank among them; late ones one by one. */
  private takeEvents(atUs: number): void {
    const { events } = this.machine
    const rank = events.peekRank()
    do {
      events.pop()
      this.eventCount++
      this.dispatch(events.what, events.detail)
    } while (rank !== Rank.Late && !events.isEmpty() && events.peekTimeUs() === atUs && events.peekRank() === rank)
  }

  /** Gives an event to whom it concerns. */
  private dispatch(word: number, detail: number): void {
    const { cluster, kubelet, timeline } = this.machine
    const kind = (word & 0xff) as EventKind
    switch (kind) {
      case EventKind.TimelineAction:
        timeline.play(this.model.actions[detail])
        break
      case EventKind.KubeletStart:
      case EventKind.KubeletReady:
      case EventKind.KubeletExit:
      case EventKind.KubeletGone:
      case EventKind.KubeletServe:
      case EventKind.KubeletSigterm:
        kubelet.fire(kind, word, detail)
        break
      case EventKind.QueueTimer:
        cluster.queues[word >>> 8].timerFired(detail, cluster.nowUs)
        break
      case EventKind.ApiWrite:
        applyWrite(cluster, (word >>> 8) as Write, detail)
        break
      case EventKind.ApiSend:
        cluster.api.send(detail, cluster.nowUs)
        break
      case EventKind.WorkerDone:
        this.goOn(word >>> 8, detail)
        break
      default:
        if (!this.dispatchToNodes(kind, word, detail)) this.machine.handlers[kind](word, detail)
    }
  }

  /** Events of machines and of the controllers that look after them; false if it is none of those. */
  private dispatchToNodes(kind: EventKind, word: number, detail: number): boolean {
    const { drains, faults, heartbeats, nodeLifecycle, podCrashes, podGc, taintEviction } = this.machine
    switch (kind) {
      case EventKind.LeaseRenewal:
        heartbeats.fire(detail as NodeId)
        return true
      case EventKind.NodeMonitorPass:
        nodeLifecycle.fireMonitor(detail)
        return true
      case EventKind.TaintPass:
        nodeLifecycle.fireTaintPass()
        return true
      case EventKind.TaintTimer:
        taintEviction.fire(detail as PodId)
        return true
      case EventKind.PodGcPass:
        podGc.fire()
        return true
      case EventKind.DrainRetry:
        drains.fire(detail)
        return true
      case EventKind.Fault:
        faults?.fire(detail)
        return true
      case EventKind.PodCrash:
        podCrashes?.fire(word, detail as PodId)
        return true
      default:
        return false
    }
  }

  /**
   * Lets controllers and the scheduler work until nothing is left to do at this instant. The garbage collector and the
   * scheduler look when all else is quiet: not while writes of this instant have yet to land.
   */
  private settle(): void {
    const { cluster, events, runnable, scheduler } = this.machine
    let syncs = 0
    for (;;) {
      let controller = runnable.next()
      for (; controller >= 0; controller = runnable.next()) {
        const queue = cluster.queues[controller]
        if (!queue.hasWork()) continue
        this.syncOne(controller)
        if (queue.hasWork()) runnable.wake(controller)
        if (++syncs > SYNCS_AT_ONCE_MAX) throw new Error(`Bug in rollbench: no end at ${cluster.nowUs} us`)
      }
      const isOver = events.peekTimeUs() > cluster.nowUs || events.peekRank() === Rank.Late
      if (!isOver || !(scheduler.wantsPass() || cluster.claims.areSuspected)) break
      collectClaims(cluster)
      if (scheduler.wantsPass()) scheduler.pass()
    }
    this.syncCount += syncs
  }

  /** One sync of one key; its worker is busy until the last answer of the API. */
  private syncOne(controller: number): void {
    const { cluster, syncs } = this.machine
    const { api } = cluster
    const queue = cluster.queues[controller]
    const key = queue.get()
    api.begin(queue.client)
    const result = syncs[controller](key)
    const waitUs = api.end()
    if (typeof result === 'object') return this.playStage(controller, key, result)
    this.endSync(controller, key, result === 'retry', waitUs)
  }

  /** A sync is decided; its worker is free when the last answer is there. */
  private endSync(controller: number, key: number, retry: boolean, waitUs: number): void {
    const { cluster } = this.machine
    const queue = cluster.queues[controller]
    if (retry) queue.addRateLimited(key, cluster.nowUs + waitUs)
    else queue.forget(key)
    if (waitUs === 0) queue.done(key)
    else cluster.api.whenDone(cluster.nowUs + waitUs, EventKind.WorkerDone | (controller << 8), key)
  }

  /** A worker has its answer: its sync goes on with the next stage, or is over. */
  private goOn(controller: number, key: number): void {
    const stages = this.waiting.get(controller)?.get(key)
    if (stages === undefined) return this.machine.cluster.queues[controller].done(key)
    this.playStage(controller, key, stages)
  }

  /** Plays a sync up to its next wait for answers; without latency there is nothing to wait for. */
  private playStage(controller: number, key: number, stages: SyncStages<SyncOutcome>): void {
    const { cluster } = this.machine
    const { api } = cluster
    api.begin(cluster.queues[controller].client)
    let step = stages.next()
    while (!step.done && !api.takesTime()) step = stages.next()
    const answerUs = step.done ? 0 : api.answerUs()
    const waitUs = api.end()
    const waiting = this.waiting.get(controller) ?? new Map<number, SyncStages<SyncOutcome>>()
    this.waiting.set(controller, waiting)
    if (!step.done) {
      waiting.set(key, stages)
      api.whenDone(cluster.nowUs + answerUs, EventKind.WorkerDone | (controller << 8), key)
      return
    }
    waiting.delete(key)
    this.endSync(controller, key, step.value === 'retry', waitUs)
  }

  /** Nothing more happens at this instant: observers take the state in. */
  private endInstant(): void {
    const { cluster, meters } = this.machine
    for (let i = 0; i < meters.length; i++) meters[i].settle()
    if (!cluster.watch.changed) return
    cluster.watch.changed = false
    this.onInstant?.(cluster.nowUs)
  }

  /** A rollout that starts from a cluster still busy with something else would measure both. */
  private requireSettled(): void {
    const { cluster } = this.machine
    const busy = this.model.measured.filter(
      (workload) => cluster.isPresent(workload) && !isRolledOut(cluster, workload),
    )
    if (busy.length === 0) return
    throw new InputError(
      busy.map(({ label }) => ({
        severity: 'error',
        object: label,
        message:
          'is not rolled out when the timeline begins: give it more warmUp, shorter timings or more room on the ' +
          'nodes, or say "warmUp: 0s" to start from an empty cluster',
      })),
    )
  }
}

function emptyRow(scenario: string, arm: string, workload: string): RunRow {
  return {
    scenario,
    arm,
    seed: 0,
    workload,
    outcome: 'horizonReached',
    rolloutSeconds: NaN,
    deadlinesMissed: 0,
    downtimeSeconds: 0,
    ...NO_REQUESTS,
    minReadyPercent: 0,
    degradedSeconds: 0,
    versionOverlapSeconds: 0,
    peakPods: 0,
    extraPodSeconds: 0,
    terminatingPodSeconds: 0,
    stuck: 0,
    fullStrengthSeconds: NaN,
    drainingSeconds: NaN,
    ordinalAwayMeanSeconds: NaN,
    ordinalAwayMaxSeconds: NaN,
    noPrimarySeconds: NaN,
    belowQuorumSeconds: NaN,
    volumeWaitSeconds: NaN,
    recoverySeconds: NaN,
    lostWrites: NaN,
    latencyP50Ms: NaN,
    latencyP99Ms: NaN,
  }
}
