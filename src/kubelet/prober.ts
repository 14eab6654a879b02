// Probes, after pkg/kubelet/prober/{prober_manager,worker}.go, Kubernetes v1.36. A worker looks on a grid of its period that
// begins when the worker does. Looks that would change nothing are left out: a worker whose last result is the answer that
// it would get now sleeps until the application changes (wake), and then looks at the next point of its grid.

import { AppState } from '../cluster/applications.ts'
import { answersProbe, wouldAnswerProbe } from '../cluster/applicationWrites.ts'
import { EventKind, NodeState, Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { ProbeModel } from '../model/containers.ts'
import type { KubeletParts, ProberPart } from './parts.ts'
import { ContainerState, isCurrent, type PodTable, ProbeType, wordOf } from './podTable.ts'

/** Results of looks; None: there has been none. */
const Result = { None: 0, Failure: 1, Success: 2 } as const

/** Probes of one container. */
const TYPES = 3

export class Prober implements ProberPart {
  private readonly parts: KubeletParts
  private readonly table: PodTable
  /** By place (slot * 3 + ProbeType): 1 where a worker is at work. */
  private readonly on: Uint8Array
  /** A point of its grid, and the last point at which it looked. */
  private readonly anchorUs: Float64Array
  private readonly lookedUs: Float64Array
  private readonly last: Uint8Array
  private readonly run: Int32Array
  /** 1: on hold until the container is another one. */
  private readonly held: Uint8Array
  /** The instance that it looked at last. */
  private readonly instance: Int32Array
  /** The look that is on the event queue (odd: there is one), and whether it is the end of a look that timed out. */
  private readonly ticket: Int32Array
  private readonly isDue: Uint8Array
  private readonly isBusy: Uint8Array
  /** 1: another look was asked for during one that takes its time. */
  private readonly again: Uint8Array

  constructor(parts: KubeletParts) {
    this.parts = parts
    this.table = parts.table
    const places = parts.table.state.length * TYPES
    this.on = new Uint8Array(places)
    this.anchorUs = new Float64Array(places)
    this.lookedUs = new Float64Array(places)
    this.last = new Uint8Array(places)
    this.run = new Int32Array(places)
    this.held = new Uint8Array(places)
    this.instance = new Int32Array(places)
    this.ticket = new Int32Array(places)
    this.isDue = new Uint8Array(places)
    this.isBusy = new Uint8Array(places)
    this.again = new Uint8Array(places)
  }

  reset(): void {
    this.on.fill(0)
    this.isDue.fill(0)
    this.isBusy.fill(0)
  }

  /** Workers for the probes of a pod begin; with a kubelet that has just started somewhere within their period. */
  addPod(pod: PodId, kubeletIsNew: boolean): void {
    const { cluster, draws } = this.parts
    const { list } = this.table.containersOf(pod)
    for (let c = 0; c < list.length; c++) {
      const slot = this.table.slotOf(pod, c)
      for (let type = 0 as ProbeType; type < TYPES; type++) {
        const probe = this.table.probeOf(slot, type)
        const place = slot * TYPES + type
        this.stopWorker(place)
        if (probe === undefined) continue
        this.on[place] = 1
        this.anchorUs[place] = cluster.nowUs + (kubeletIsNew ? draws.probePhaseUs(pod, probe.periodUs) : 0)
        this.lookedUs[place] = -Infinity
        this.last[place] = Result.None
        this.run[place] = 0
        this.held[place] = 0
        // A kubelet that finds a container running leaves its readiness as it is.
        this.instance[place] = kubeletIsNew ? this.table.instance[slot] : -1
      }
      if (kubeletIsNew) this.wake(slot)
    }
  }

  /** The pod is ending: only its readiness is looked at until nothing of it runs. */
  stopLivenessAndStartup(pod: PodId): void {
    const { list } = this.table.containersOf(pod)
    for (let c = 0; c < list.length; c++) {
      const place = this.table.slotOf(pod, c) * TYPES
      this.stopWorker(place + ProbeType.Startup)
      this.stopWorker(place + ProbeType.Liveness)
    }
  }

  /** No probe of the pod is at work any more. */
  removePod(pod: PodId): void {
    const first = this.table.slotOf(pod, 0) * TYPES
    for (let place = first; place < first + this.table.slotsPerPod * TYPES; place++) this.stopWorker(place)
  }

  /**
   * A sync has seen the pod's containers: the readiness workers of those that run, have started and are not ready look at
   * once, and their periods count from now.
   */
  lookAtUnready(pod: PodId): void {
    const { list } = this.table.containersOf(pod)
    for (let c = 0; c < list.length; c++) {
      if (list[c].readiness === undefined) continue
      const slot = this.table.slotOf(pod, c)
      if (this.table.state[slot] !== ContainerState.Running) continue
      if (this.table.started[slot] === 0 || this.table.ready[slot] === 1) continue
      const place = slot * TYPES + ProbeType.Readiness
      if (this.on[place] === 0) continue
      if (this.isBusy[place] === 1) {
        this.again[place] = 1
        continue
      }
      this.anchorUs[place] = this.parts.cluster.nowUs
      this.cancelLook(place)
      this.look(slot, ProbeType.Readiness)
    }
  }

  /** What a container answers may be another thing now, or it may be asked what it was not asked before. */
  wake(slot: number): void {
    for (let type = 0 as ProbeType; type < TYPES; type++) this.arm(slot, type)
  }

  /** A look is due, or one that has timed out is over. */
  fire(word: number, place: number): void {
    if (!isCurrent(word, this.ticket[place]) || this.isDue[place] === 0) return
    const slot = Math.floor(place / TYPES)
    const type = (place % TYPES) as ProbeType
    this.isDue[place] = 0
    if (this.isAsleep(slot)) {
      this.isBusy[place] = 0
      return
    }
    if (this.isBusy[place] === 0) return this.look(slot, type)
    this.isBusy[place] = 0
    const isSame = this.instance[place] === this.table.instance[slot]
    if (isSame && this.table.state[slot] === ContainerState.Running) this.conclude(slot, type, false)
    if (this.again[place] === 1 && this.on[place] === 1 && this.isBusy[place] === 0) {
      this.anchorUs[place] = this.parts.cluster.nowUs
      this.cancelLook(place)
      this.look(slot, type)
      return
    }
    // A look that took longer than a period has missed ticks, of which one is kept.
    const hasMissed = this.parts.cluster.nowUs >= this.lookedUs[place] + this.table.probeOf(slot, type)!.periodUs
    this.arm(slot, type, hasMissed)
  }

  /** A node without a kubelet probes nothing. */
  private isAsleep(slot: number): boolean {
    const { nodes, pods } = this.parts.cluster
    return nodes.down[pods.node[this.table.podOf(slot)]] === NodeState.KubeletDown
  }

  /** One look of a worker (doProbe). */
  private look(slot: number, type: ProbeType): void {
    const { cluster, workers } = this.parts
    const { table } = this
    const place = slot * TYPES + type
    this.lookedUs[place] = cluster.nowUs
    this.again[place] = 0
    if (table.state[slot] !== ContainerState.Running) return
    if (this.instance[place] !== table.instance[slot]) {
      this.instance[place] = table.instance[slot]
      this.held[place] = 0
      // The start value goes into the store: that readiness is Failure now is news, and a reason for a sync.
      if (type === ProbeType.Readiness) workers.request(table.podOf(slot))
    }
    const probe = table.probeOf(slot, type)!
    const isTooEarly = cluster.nowUs < table.startedUs[slot] + probe.initialDelayUs
    if (this.held[place] === 0 && this.isAsked(slot, type) && !isTooEarly) {
      const answersWell = this.ask(slot, probe)
      if (!answersWell && this.timesOut(slot, probe)) {
        this.isBusy[place] = 1
        this.push(place, cluster.nowUs + probe.timeoutUs)
        return
      }
      this.conclude(slot, type, answersWell)
    }
    this.arm(slot, type)
  }

  /** Until the startup probe has succeeded only that one asks; after it only the others do. */
  private isAsked(slot: number, type: ProbeType): boolean {
    return (type === ProbeType.Startup) === (this.table.started[slot] === 0)
  }

  private ask(slot: number, probe: ProbeModel): boolean {
    const { cluster, processes } = this.parts
    if (!this.table.isApplication(slot)) return processes.answers(slot)
    return answersProbe(cluster, this.table.podOf(slot), probe.asks)
  }

  /** Whether a look is a request that changes the application: one that fails, or leaks memory, by their number. */
  private isCounted(slot: number, probe: ProbeModel): boolean {
    if (probe.asks !== 'http' || !this.table.isApplication(slot)) return false
    const { applications, model, pods } = this.parts.cluster
    const pod = this.table.podOf(slot)
    const application = model.templates[pods.template[pod]].application
    if (application === undefined || applications.state[pod] !== AppState.Serving) return false
    return application.leak !== undefined || (application.failsAfter !== undefined && applications.errorShare[pod] < 1)
  }

  /** A process that listens and does not answer makes the probe wait; everything else is refused at once. */
  private timesOut(slot: number, probe: ProbeModel): boolean {
    const { applications } = this.parts.cluster
    if (!this.table.isApplication(slot) || probe.asks === 'tcp') return false
    return applications.state[this.table.podOf(slot)] === AppState.Hung
  }

  /** A result counts when it has come as often in a row as its threshold says. */
  private conclude(slot: number, type: ProbeType, success: boolean): void {
    const { table } = this
    const place = slot * TYPES + type
    const probe = table.probeOf(slot, type)!
    const result = success ? Result.Success : Result.Failure
    if (this.last[place] === result) this.run[place]++
    else {
      this.last[place] = result
      this.run[place] = 1
    }
    if (this.run[place] < (success ? probe.successThreshold : probe.failureThreshold)) return
    const pod = table.podOf(slot)
    const { status, workers } = this.parts
    if (type === ProbeType.Readiness) {
      if (table.ready[slot] === (success ? 1 : 0)) return
      table.ready[slot] = success ? 1 : 0
      status.update(pod)
      workers.request(pod)
      return
    }
    if (type === ProbeType.Liveness && success) return
    this.held[place] = 1
    this.run[place] = 0
    if (success) {
      table.started[slot] = 1
      status.update(pod)
      this.wake(slot)
    } else table.killBy[slot] = type
    workers.request(pod)
  }

  /** Puts the next look on the event queue, if it may change anything. */
  private arm(slot: number, type: ProbeType, atOnce = false): void {
    const { table } = this
    const place = slot * TYPES + type
    if (this.on[place] === 0 || this.isDue[place] === 1 || this.isBusy[place] === 1) return
    if (table.state[slot] !== ContainerState.Running || !this.isAsked(slot, type)) return
    const isNew = this.instance[place] !== table.instance[slot]
    if (!isNew && this.held[place] === 1) return
    const probe = table.probeOf(slot, type)!
    if (this.isIdle(slot, type, probe, isNew)) return
    const { nowUs } = this.parts.cluster
    const fromUs = Math.max(nowUs, this.lookedUs[place] + 1, table.startedUs[slot] + probe.initialDelayUs)
    const anchorUs = this.anchorUs[place]
    const periods = Math.max(0, Math.ceil((fromUs - anchorUs) / probe.periodUs))
    this.push(place, atOnce ? nowUs : anchorUs + periods * probe.periodUs)
  }

  /** Whether looks would say what is known already, until the application changes. */
  private isIdle(slot: number, type: ProbeType, probe: ProbeModel, isNew: boolean): boolean {
    if (type === ProbeType.Startup) return false
    if (this.isCounted(slot, probe)) return false
    const { cluster, processes } = this.parts
    const answersWell = this.table.isApplication(slot)
      ? wouldAnswerProbe(cluster, this.table.podOf(slot), probe.asks)
      : processes.answers(slot)
    // A new container's readiness is Failure, its liveness Success, until a look says otherwise.
    const known = type === ProbeType.Liveness || (!isNew && this.table.ready[slot] === 1)
    if (answersWell !== known) return false
    const last = isNew && type === ProbeType.Liveness ? Result.None : this.last[slot * TYPES + type]
    return last !== (answersWell ? Result.Failure : Result.Success)
  }

  private push(place: number, atUs: number): void {
    this.isDue[place] = 1
    this.parts.cluster.agenda.push(atUs, Rank.World, wordOf(EventKind.ProbeLook, ++this.ticket[place]), place)
  }

  private cancelLook(place: number): void {
    this.isDue[place] = 0
    this.ticket[place]++
  }

  private stopWorker(place: number): void {
    this.on[place] = this.isBusy[place] = 0
    this.cancelLook(place)
  }
}
