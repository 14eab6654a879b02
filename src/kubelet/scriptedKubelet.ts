// Kubelets reduced to a script: a pod is pulled, started, ready and terminated after given times, without probes,
// back-offs or queues. This is the kubelet of the recordings. Every delay is drawn from a named stream by the pod's own
// index, so that the same pod meets the same delays under every strategy.

import { NONE } from '../base/columns.ts'
import { AppState } from '../cluster/applications.ts'
import { listen, setApplication } from '../cluster/applicationWrites.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { DeletionReason, EventKind, NodeState, PodChange, PodPhase, Rank } from '../cluster/codes.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import {
  markFinished,
  markReady,
  markStarted,
  noteEnding,
  noteRestart,
  noteServing,
  removePod,
} from '../cluster/podWrites.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { NodeId } from '../model/types.ts'
import type { PodTimings } from './timings.ts'
import type { PodVolumes } from './podVolumes.ts'
import { ScriptedVolumes } from './scriptedVolumes.ts'
import type { Kubelet } from './types.ts'

/** Bits of an event's word above its kind, that hold the low bits of the pod's UID. */
const UID_SHIFT = 8
const UID_MASK = 0x7fffff

/** When the containers of a pod start, become ready and exit. */
interface Due {
  startUs: number
  servesFromUs: number
  readyUs: number
  exitUs: number
}

/** Containers that nobody starts. */
const NOTHING_DUE: Due = { startUs: Infinity, servesFromUs: Infinity, readyUs: Infinity, exitUs: Infinity }

export class ScriptedKubelet implements Kubelet {
  private readonly cluster: Cluster
  private readonly timings: PodTimings
  /** Per pod: the containers' start has been ordered; the termination has. */
  private readonly started: Uint8Array
  private readonly ending: Uint8Array
  /** Per pod: its application had become ready while its node could say so. */
  private readonly reportedReady: Uint8Array
  /** What happened on nodes that were down, in order, to be reported when they come back. */
  private readonly unsaid: { uid: number; pod: PodId; kind: EventKind }[] = []
  /** By UID, of pods whose containers were started anew: what is due of these; other events are of earlier ones. */
  private readonly due = new Map<number, Due>()
  private readonly volumes: ScriptedVolumes

  constructor(cluster: Cluster, timings: PodTimings, podVolumes: PodVolumes) {
    this.cluster = cluster
    this.timings = timings
    this.volumes = new ScriptedVolumes(cluster, podVolumes)
    const n = cluster.pods.capacity
    this.started = new Uint8Array(n)
    this.ending = new Uint8Array(n)
    this.reportedReady = new Uint8Array(n)
  }

  reset(): void {
    this.unsaid.length = 0
    this.due.clear()
  }

  watcher(): Watcher {
    return {
      podAdded: (pod) => {
        this.started[pod] = 0
        this.ending[pod] = 0
        this.reportedReady[pod] = 0
        this.volumes.podAdded(pod)
      },
      podUpdated: (pod, change) => {
        if (change === PodChange.Bound || change === PodChange.DeletionMark) this.lookAt(pod)
      },
      applicationChanged: (pod) => {
        const { held, state } = this.cluster.applications
        if (held[pod] === 1 && state[pod] === AppState.Serving && this.isProbed(pod))
          this.hear(EventKind.KubeletReady, pod)
      },
    }
  }

  /** Starts or ends a pod's containers as its object asks; a node that is down does nothing. */
  lookAt(pod: PodId): void {
    const { nodes, pods } = this.cluster
    const node = pods.node[pod]
    if (node === NONE || nodes.down[node] !== NodeState.Up) return
    if (pods.deletionMark[pod] === 1) this.terminate(pod)
    else if (this.started[pod] === 0 && pods.phase[pod] === PodPhase.Pending) this.start(pod, node)
  }

  /** Schedules the start after bind and pull, and what follows it. */
  private start(pod: PodId, node: NodeId): void {
    const { cluster, timings } = this
    this.started[pod] = 1
    const seenUs = cluster.nowUs + timings.bindUs(pod)
    if (this.volumes.has(pod)) this.schedule(seenUs, EventKind.KubeletVolumesMounted, pod)
    else this.startContainers(pod, node, seenUs)
  }

  /** Schedules the start after the pull, from when the pod's volumes are there. */
  private startContainers(pod: PodId, node: NodeId, fromUs: number): void {
    const { cluster, timings } = this
    if (cluster.pods.phase[pod] === PodPhase.Running) {
      this.startAgain(pod, fromUs)
      return
    }
    const pulledUs = timings.pullDoneUs(pod, node, fromUs)
    const startUs = pulledUs + timings.startUs(pod)
    if (startUs === Infinity) return
    this.schedule(startUs, EventKind.KubeletStart, pod)
    this.follow(pod, startUs, startUs + timings.readyUs(pod))
  }

  /** A pod's volumes are there, or its object may go; a node that is down goes on when it is back. */
  private fireVolumes(kind: EventKind, word: number, pod: PodId): void {
    const { nodes, nowUs, pods } = this.cluster
    const node = pods.node[pod]
    const isUp = nodes.down[node] === NodeState.Up
    if (kind === EventKind.KubeletVolumesUnmounted) {
      if (isUp) this.report(kind, pod)
      else this.unsaid.push({ uid: pods.uid[pod], pod, kind })
    } else if (!isUp) this.started[pod] = 0
    else if (pods.deletionMark[pod] === 0 && this.volumes.areMounted(pod, word)) this.startContainers(pod, node, nowUs)
  }

  /** Schedules what comes of containers that start at `startUs`. */
  private follow(pod: PodId, startUs: number, servesFromUs: number): void {
    const { cluster, timings } = this
    noteServing(cluster, pod, servesFromUs)
    if (servesFromUs < Infinity) this.schedule(servesFromUs, EventKind.KubeletServe, pod)
    const readyUs = this.isProbed(pod) ? servesFromUs : startUs
    if (readyUs < Infinity) this.schedule(readyUs, EventKind.KubeletReady, pod)
    const runUs = timings.runUs(pod)
    if (runUs < Infinity) this.schedule(startUs + runUs, EventKind.KubeletExit, pod)
    const due = this.due.get(cluster.pods.uid[pod])
    if (due !== undefined) Object.assign(due, { startUs, servesFromUs, readyUs, exitUs: startUs + runUs })
  }

  /**
   * Schedules the end of a pod with a deletion mark: SIGTERM after the preStop hooks, the object gone after
   * min(preStop + terminate, grace).
   */
  private terminate(pod: PodId): void {
    if (this.ending[pod] === 1) return
    const { cluster, timings } = this
    this.ending[pod] = 1
    const graceUs = cluster.pods.deletionGraceSeconds[pod] * 1_000_000
    const preStopUs = cluster.model.templates[cluster.pods.template[pod]].preStopUs
    const sigtermUs = cluster.nowUs + Math.min(preStopUs, graceUs)
    noteEnding(cluster, pod, sigtermUs)
    if (sigtermUs > cluster.nowUs) this.schedule(sigtermUs, EventKind.KubeletSigterm, pod)
    else this.drain(pod)
    const goneUs = cluster.nowUs + Math.min(preStopUs + timings.terminateUs(pod), graceUs)
    this.schedule(goneUs, EventKind.KubeletGone, pod)
  }

  /** SIGTERM: the application takes no new requests. */
  private drain(pod: PodId): void {
    const state = this.cluster.applications.state[pod]
    if (state !== AppState.None) setApplication(this.cluster, pod, AppState.Draining)
  }

  /** What happens in the pod itself, whether or not anyone hears of it. */
  private play(kind: EventKind, pod: PodId): void {
    const { applications } = this.cluster
    if (kind === EventKind.KubeletStart) setApplication(this.cluster, pod, AppState.Starting)
    else if (kind === EventKind.KubeletSigterm) this.drain(pod)
    else if (kind === EventKind.KubeletExit || kind === EventKind.KubeletGone)
      setApplication(this.cluster, pod, AppState.None)
    else if (kind === EventKind.KubeletServe && applications.state[pod] !== AppState.Draining) listen(this.cluster, pod)
  }

  private isProbed(pod: PodId): boolean {
    const { model, pods } = this.cluster
    return model.templates[pods.template[pod]].hasReadinessProbe
  }

  private schedule(atUs: number, kind: EventKind, pod: PodId): void {
    this.cluster.agenda.push(atUs, Rank.World, this.wordOf(kind, pod), pod)
  }

  private wordOf(kind: EventKind, pod: PodId): number {
    return kind | ((this.cluster.pods.uid[pod] & UID_MASK) << UID_SHIFT)
  }

  /** An event of a kubelet fires; one of a pod that is gone means nothing. */
  fire(kind: EventKind, word: number, pod: PodId): void {
    const { applications, pods } = this.cluster
    const uid = pods.uid[pod]
    if (uid === NONE || (uid & UID_MASK) !== word >>> UID_SHIFT) return
    if (kind >= EventKind.KubeletVolumesMounted) return this.fireVolumes(kind, word, pod)
    if (this.due.size > 0 && !this.isDue(uid, kind)) return
    this.play(kind, pod)
    if (kind === EventKind.KubeletServe || kind === EventKind.KubeletSigterm) return
    // A probe finds a held application not listening; it is ready when the hold ends (applicationChanged).
    if (kind === EventKind.KubeletReady && applications.held[pod] === 1 && this.isProbed(pod)) return
    this.hear(kind, pod)
  }

  /** The kubelet learns what has happened in a pod and reports it, once its node can. */
  private hear(kind: EventKind, pod: PodId): void {
    const { nodes, pods } = this.cluster
    const uid = pods.uid[pod]
    if (nodes.down[pods.node[pod]] !== NodeState.Up) {
      this.unsaid.push({ uid, pod, kind })
      return
    }
    if (kind === EventKind.KubeletReady) this.reportedReady[pod] = 1
    this.report(kind, pod)
  }

  /** Whether an event is one of the pod's present containers. */
  private isDue(uid: number, kind: EventKind): boolean {
    const due = this.due.get(uid)
    if (due === undefined || kind === EventKind.KubeletGone || kind === EventKind.KubeletSigterm) return true
    const { nowUs } = this.cluster
    if (kind === EventKind.KubeletStart) return nowUs === due.startUs
    if (kind === EventKind.KubeletServe) return nowUs === due.servesFromUs
    return nowUs === (kind === EventKind.KubeletReady ? due.readyUs : due.exitUs)
  }

  /** Writes what has happened to a pod's containers into its status. */
  private report(kind: EventKind, pod: PodId): void {
    const { cluster } = this
    const { pods } = cluster
    const marked = pods.deletionMark[pod] === 1
    switch (kind) {
      case EventKind.KubeletStart:
        // Containers that start once more find the pod Running.
        if (!marked && pods.phase[pod] !== PodPhase.Running) markStarted(cluster, pod)
        break
      case EventKind.KubeletReady:
        if (!marked && pods.phase[pod] === PodPhase.Running) markReady(cluster, pod, true)
        break
      case EventKind.KubeletExit:
        if (pods.phase[pod] === PodPhase.Running)
          markFinished(cluster, pod, this.timings.fails(pod) ? PodPhase.Failed : PodPhase.Succeeded, true)
        this.volumes.containersStopped(pod)
        break
      default:
        if (!marked || !this.volumes.areUnmounted(pod, this.wordOf(EventKind.KubeletVolumesUnmounted, pod))) break
        if (pods.finalizer[pod] !== 0 && !isTerminal(pods, pod)) markFinished(cluster, pod, PodPhase.Failed)
        removePod(cluster, pod, 0, DeletionReason.None)
    }
  }

  /** A node comes back: first Ready is renewed where it was, then what happened meanwhile is reported in order. */
  nodeUp(node: NodeId): void {
    const { pods } = this.cluster
    const saved = this.unsaid.splice(0)
    for (let pod = pods.first, next = pod; pod !== NONE; pod = next) {
      next = pods.next[pod]
      if (pods.node[pod] !== node) continue
      const uid = pods.uid[pod]
      if (this.reportedReady[pod] === 1) this.report(EventKind.KubeletReady, pod)
      for (const event of saved) {
        if (event.uid !== uid || pods.uid[pod] !== uid) continue
        if (event.kind === EventKind.KubeletReady) this.reportedReady[pod] = 1
        this.report(event.kind, pod)
      }
      if (pods.uid[pod] === uid) this.lookAt(pod)
    }
    for (const event of saved) if (pods.node[event.pod] !== node) this.unsaid.push(event)
  }

  /**
   * A pod's containers have ended by themselves and are started again, without a back-off; with restartPolicy Never the
   * pod is Failed.
   *
   * @returns when they start; Infinity if they do not
   */
  restart(pod: PodId): number {
    const { cluster, due } = this
    const { pods } = cluster
    this.reportedReady[pod] = 0
    setApplication(cluster, pod, AppState.None)
    noteServing(cluster, pod, Infinity)
    due.set(pods.uid[pod], { ...NOTHING_DUE })
    if (cluster.model.templates[pods.template[pod]].restartPolicy === 'Never') {
      markFinished(cluster, pod, PodPhase.Failed)
      return Infinity
    }
    noteRestart(cluster, pod)
    markReady(cluster, pod, false)
    if (!this.volumes.has(pod) || this.volumes.isOnNode(pod)) return this.startAgain(pod, cluster.nowUs)
    // A machine that was started again must mount them first.
    this.schedule(cluster.nowUs, EventKind.KubeletVolumesMounted, pod)
    return Infinity
  }

  /** @returns when the containers of a running pod start once more */
  private startAgain(pod: PodId, fromUs: number): number {
    const { timings } = this
    const again = this.cluster.pods.restarts[pod]
    const startUs = fromUs + timings.startUs(pod, again)
    if (startUs === Infinity) return startUs
    this.schedule(startUs, EventKind.KubeletStart, pod)
    this.follow(pod, startUs, startUs + timings.readyUs(pod, again))
    return startUs
  }

  /** A machine stops: its containers are no more, and what they would have reported nobody will hear. */
  machineStopped(node: NodeId): void {
    const { pods } = this.cluster
    const others = this.unsaid.filter(({ pod }) => pods.node[pod] !== node)
    this.unsaid.splice(0, this.unsaid.length, ...others)
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.node[pod] !== node) continue
      this.volumes.machineStopped(pod)
      this.due.set(pods.uid[pod], { ...NOTHING_DUE })
      this.reportedReady[pod] = 0
      noteServing(this.cluster, pod, Infinity)
      setApplication(this.cluster, pod, AppState.None)
    }
  }

  /** The recordings' kubelets end no pods when their machine is shut down: it stops when the time is over. */
  shutdownNode(): void {}

  /** A machine that had stopped is back: pods to be deleted are gone, the others are started, again or at last. */
  machineStarted(node: NodeId): void {
    const { pods } = this.cluster
    this.machineStopped(node)
    for (let pod = pods.first, next = pod; pod !== NONE; pod = next) {
      next = pods.next[pod]
      if (pods.node[pod] !== node) continue
      if (pods.deletionMark[pod] === 1) this.report(EventKind.KubeletGone, pod)
      else if (pods.phase[pod] === PodPhase.Running) this.restart(pod)
      else {
        this.started[pod] = 0
        this.lookAt(pod)
      }
    }
  }
}
