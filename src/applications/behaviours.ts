// How the applications in the pods behave, as the scenario says by image: what they do before they listen, how much they
// can answer, and how they fail. Kubelets say when a process starts, those who carry requests say how many it gets.
//
//   kubelet: Starting --startUp over--> held while it copies data, then migrates --endHold--> Serving
//            crash, memory used up: kubelet.restart;  hang: Hung;  answers used up: errorShare 1
//
// What is random is drawn from the stream named after its purpose and image, by the pod's own index; each restart of a
// container has streams of its own.

import { NONE } from '../base/columns.ts'
import { AppState } from '../cluster/applications.ts'
import {
  endHold,
  setAnswersLeft,
  setApplication,
  setCapacity,
  setErrorShare,
  useAnswer,
} from '../cluster/applicationWrites.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { NodeState } from '../cluster/codes.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import type { ApplicationModel } from '../model/application.ts'
import { durationUs } from '../model/durations.ts'
import type { MishapSpec } from '../scenario/applicationTypes.ts'
import { Budgets } from './budgets.ts'
import { Clones } from './clones.ts'
import { Migrations } from './migrations.ts'
import { Timer, Timers } from './timers.ts'
import { capacityShare, nextStepUs } from './warmUp.ts'

/** A process that ends itself needs some time to start and to fail. */
const LIFE_US_MIN = 100_000

/** A container that ends while no kubelet looks is found again after so long. */
const UNSEEN_US = 10_000_000

export class Behaviours {
  private readonly cluster: Cluster
  private readonly random: RandomStreams
  /** Ends the containers of a pod by themselves (Kubelet.restart). */
  private readonly restart: (pod: PodId) => number
  /** Single requests are played: they take answers one by one, and no expectation does. */
  private readonly countsRequests: boolean
  private readonly timers: Timers
  private readonly answers: Budgets
  private readonly memory: Budgets
  private readonly migrations: Migrations
  private readonly clones: Clones
  /** By pod: how often its container has started, and when it began to listen. */
  private readonly starts: Int32Array
  private readonly listensSinceUs: Float64Array

  constructor(cluster: Cluster, random: RandomStreams, restart: (pod: PodId) => number) {
    this.cluster = cluster
    this.random = random
    this.restart = restart
    this.countsRequests = cluster.model.requests !== undefined
    const pods = cluster.pods.capacity
    this.timers = new Timers(cluster.agenda, pods)
    this.answers = new Budgets(pods)
    this.memory = new Budgets(pods)
    this.migrations = new Migrations(cluster.model, this.timers, pods)
    this.clones = new Clones(cluster, this.timers, (peer) => this.setCapacity(peer))
    this.starts = new Int32Array(pods)
    this.listensSinceUs = new Float64Array(pods)
    cluster.applications.holds = (pod) => this.holds(pod)
  }

  reset(): void {
    this.timers.reset()
    this.migrations.reset()
    this.clones.reset()
  }

  watcher(): Watcher {
    const { applications } = this.cluster
    return {
      podAdded: (pod) => {
        this.starts[pod] = 0
      },
      podDeleted: (pod) => {
        this.clones.peerLost(pod)
        this.ended(pod)
        this.clones.podDeleted(pod)
      },
      applicationChanged: (pod, before) => {
        const state = applications.state[pod]
        if (state === before) return
        if (before === AppState.Serving) this.clones.peerLost(pod)
        if (state === AppState.None) this.ended(pod)
        else if (state === AppState.Starting) this.started(pod)
        else if (state === AppState.Serving) this.listens(pod)
      },
      loadChanged: (pod) => this.followLoad(pod),
      probed: (pod) => this.probed(pod),
      answersUsedUp: (pod) => this.timers.set(Timer.Failure, pod, this.cluster.nowUs),
    }
  }

  /** A timer of a pod's application fires. */
  fire(word: number, pod: PodId): void {
    const { cluster, timers } = this
    const timer = timers.due(word, pod, cluster.nowUs)
    switch (timer) {
      case NONE:
        return
      case Timer.Crash:
      case Timer.OutOfMemory:
        return this.end(pod, timer)
      case Timer.Hang:
        if (cluster.applications.state[pod] === AppState.Serving) setApplication(cluster, pod, AppState.Hung)
        return
      case Timer.WarmUp:
        return this.setCapacity(pod)
      case Timer.Failure:
        return setErrorShare(cluster, pod, 1)
      case Timer.Migration:
        this.migrations.finish(pod, cluster.nowUs)
        return endHold(cluster, pod)
      case Timer.Clone:
        this.clones.finish(pod)
        if (!this.migrates(pod)) endHold(cluster, pod)
    }
  }

  /** A container starts: everything about it is new. */
  private started(pod: PodId): void {
    const { cluster } = this
    const { nowUs } = cluster
    this.starts[pod] += 1
    const model = this.modelOf(pod)
    if (model === undefined) return
    const { crash, failsAfter, leak } = model
    if (crash !== undefined) {
      const lifeUs = this.drawMishap(pod, 'crash', crash)
      this.timers.set(Timer.Crash, pod, nowUs + Math.max(LIFE_US_MIN, lifeUs))
    }
    if (failsAfter !== undefined) {
      if (this.countsRequests) setAnswersLeft(cluster, pod, failsAfter)
      else this.answers.begin(pod, nowUs, failsAfter)
    }
    if (leak !== undefined) this.memory.begin(pod, nowUs, leak.bytes)
    setErrorShare(cluster, pod, failsAfter === 0 ? 1 : (model.errorShare ?? 0))
    this.followLoad(pod)
  }

  /** What keeps a pod that has started up from listening: its data, then its migration. */
  private holds(pod: PodId): boolean {
    if (this.modelOf(pod)?.clone !== undefined && this.clones.enter(pod)) return true
    return this.migrates(pod)
  }

  private migrates(pod: PodId): boolean {
    const { model, nowUs, pods } = this.cluster
    const migration = this.modelOf(pod)?.migration
    if (migration === undefined) return false
    const us = durationUs(migration.duration, this.streamOf(pod, 'migration'), pods.drawIndex[pod])
    const { image } = model.templates[pods.template[pod]]
    return this.migrations.enter(pod, image, nowUs, us, migration.lock, migration.once)
  }

  private listens(pod: PodId): void {
    const { nowUs } = this.cluster
    this.listensSinceUs[pod] = nowUs
    this.clones.peerServes(pod)
    const model = this.modelOf(pod)
    if (model === undefined) return
    if (model.hang !== undefined) this.timers.set(Timer.Hang, pod, nowUs + this.drawMishap(pod, 'hang', model.hang))
    this.setCapacity(pod)
    this.followLoad(pod)
  }

  private ended(pod: PodId): void {
    const { nowUs } = this.cluster
    this.timers.stop(pod)
    this.clones.leave(pod)
    this.migrations.leave(pod, nowUs)
  }

  /** Requests a second use up what is left of answers and of memory. */
  private followLoad(pod: PodId): void {
    const model = this.modelOf(pod)
    if (model === undefined) return
    const { applications, nowUs } = this.cluster
    const { failsAfter, leak } = model
    if (applications.state[pod] === AppState.None) return
    const load = applications.load[pod]
    if (failsAfter !== undefined && !this.countsRequests && applications.errorShare[pod] < 1)
      this.timers.set(Timer.Failure, pod, this.answers.use(pod, nowUs, load))
    if (leak === undefined) return
    const emptyUs = this.memory.use(pod, nowUs, leak.bytesPerSecond + leak.bytesPerRequest * load)
    this.timers.set(Timer.OutOfMemory, pod, emptyUs)
  }

  /** A probe has been answered: one request more. */
  private probed(pod: PodId): void {
    const model = this.modelOf(pod)
    if (model === undefined) return
    const { nowUs } = this.cluster
    const { failsAfter, leak } = model
    if (failsAfter !== undefined) {
      if (this.countsRequests) useAnswer(this.cluster, pod)
      else this.timers.set(Timer.Failure, pod, this.answers.take(pod, nowUs, 1))
    }
    if (leak !== undefined) this.timers.set(Timer.OutOfMemory, pod, this.memory.take(pod, nowUs, leak.bytesPerRequest))
  }

  /** A process ends by itself, or is killed for its memory. */
  private end(pod: PodId, timer: Timer): void {
    const { nodes, nowUs, pods } = this.cluster
    if (isTerminal(pods, pod)) return
    if (pods.deletionMark[pod] === 1) setApplication(this.cluster, pod, AppState.None)
    else if (nodes.down[pods.node[pod]] === NodeState.Up) this.restart(pod)
    else this.timers.set(timer, pod, nowUs + UNSEEN_US)
  }

  /** What a pod can answer now: its share of the warm-up, less what it gives to those who copy its data. */
  private setCapacity(pod: PodId): void {
    const model = this.modelOf(pod)
    if (model?.capacity === undefined) return
    const { nowUs } = this.cluster
    const sinceUs = nowUs - this.listensSinceUs[pod]
    const copied = this.clones.isCopied(pod) ? (model.clone?.peerLoadShare ?? 0) : 0
    const warm = model.warmUp === undefined ? 1 : capacityShare(model.warmUp, sinceUs)
    setCapacity(this.cluster, pod, model.capacity * warm * (1 - copied))
    if (model.warmUp !== undefined) this.timers.set(Timer.WarmUp, pod, nowUs + nextStepUs(model.warmUp, sinceUs))
  }

  /** How long it takes until something befalls a container; Infinity: it never does. */
  private drawMishap(pod: PodId, purpose: string, { probability, after }: MishapSpec): number {
    const index = this.cluster.pods.drawIndex[pod]
    if (probability < 1 && this.streamOf(pod, purpose).at(index) >= probability) return Infinity
    return durationUs(after, this.streamOf(pod, `${purpose}-after`), index)
  }

  /** A stream of the pod's image, and of the number of its container's start. */
  private streamOf(pod: PodId, purpose: string): RandomStream {
    const { model, pods } = this.cluster
    const { name } = model.images[model.templates[pods.template[pod]].image]
    const restarts = this.starts[pod] - 1
    return this.random.stream(`applications/${purpose}/${name}${restarts > 0 ? `/restart-${restarts}` : ''}`)
  }

  private modelOf(pod: PodId): ApplicationModel | undefined {
    const { model, pods } = this.cluster
    return model.templates[pods.template[pod]].application
  }
}
