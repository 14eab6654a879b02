// The kubelets of all nodes as they are, after pkg/kubelet/kubelet.go, Kubernetes v1.36: what the API server, the machines and
// the event queue tell them goes to the parts that stand beside this file.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { ConditionStatus, EventKind, NodeState, PodChange, PodPhase } from '../cluster/codes.ts'
import { setNodeReady, setShuttingDown } from '../cluster/nodeWrites.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { RandomStreams } from '../kernel/random.ts'
import { ContainerRole } from '../model/containers.ts'
import type { NodeId } from '../model/types.ts'
import { KubeletDraws } from './draws.ts'
import { ImageManager } from './imageManager.ts'
import type { KubeletParts } from './parts.ts'
import { PodKiller } from './podKiller.ts'
import { PodTable, Stage, Step } from './podTable.ts'
import type { PodVolumes } from './podVolumes.ts'
import { PodWorkers } from './podWorkers.ts'
import { ContainerProcesses } from './processes.ts'
import { Prober } from './prober.ts'
import { StatusManager } from './status.ts'
import { SyncPod } from './syncPod.ts'
import type { Kubelet } from './types.ts'

/** The record of parts while it is being filled. */
type KnownParts = { -readonly [Part in keyof KubeletParts]: KubeletParts[Part] }

export class RealKubelet implements Kubelet {
  private readonly cluster: Cluster
  private readonly draws: KubeletDraws
  private readonly volumes: PodVolumes
  private readonly images: ImageManager
  private readonly processes: ContainerProcesses
  private readonly prober: Prober
  private readonly status: StatusManager
  private readonly workers: PodWorkers
  private readonly table: PodTable
  private readonly syncPod: SyncPod
  /** Per node: 1 while its kubelet alone is down, and until it has begun anew. */
  private readonly kubeletStopped: Uint8Array

  constructor(cluster: Cluster, random: RandomStreams, volumes: PodVolumes) {
    this.cluster = cluster
    this.table = new PodTable(cluster)
    const draws = new KubeletDraws(cluster, this.table, random)
    // The parts know each other, so the record is filled part by part.
    const parts = { cluster, table: this.table, draws, volumes } as KnownParts
    this.images = parts.images = new ImageManager(parts, random)
    this.processes = parts.processes = new ContainerProcesses(parts)
    this.prober = parts.prober = new Prober(parts)
    this.status = parts.status = new StatusManager(parts)
    this.syncPod = new SyncPod(parts, new PodKiller(parts))
    this.workers = parts.workers = new PodWorkers(parts, this.syncPod)
    this.draws = draws
    this.volumes = volumes
    this.kubeletStopped = new Uint8Array(cluster.nodes.count)
  }

  reset(): void {
    this.table.reset()
    this.prober.reset()
    this.images.reset()
    this.kubeletStopped.fill(0)
  }

  watcher(): Watcher {
    const { nodes } = this.cluster
    return {
      podAdded: (pod) => {
        this.table.clear(pod)
        this.cluster.containerStatuses.clear(pod)
        this.forgetBackoffs(pod)
      },
      podUpdated: (pod, change) => {
        if (change === PodChange.Bound || change === PodChange.DeletionMark) this.lookAt(pod)
      },
      podDeleted: (pod) => this.drop(pod),
      applicationChanged: (pod) => {
        if (this.table.stage[pod] === Stage.None) return
        this.prober.wake(this.table.slotOf(pod, this.table.containersOf(pod).application))
      },
      nodeChanged: (node) => {
        if (nodes.down[node] === NodeState.KubeletDown) this.kubeletStopped[node] = 1
      },
    }
  }

  fire(kind: EventKind, word: number, detail: number): void {
    const { images, processes, prober, status, workers } = this
    switch (kind) {
      case EventKind.PodTimer:
        workers.fireTimer(word, detail as PodId)
        break
      case EventKind.PodStep:
        workers.fireStep(word, detail as PodId)
        break
      case EventKind.PodRelist:
        workers.fireRelist(word, detail as PodId)
        break
      case EventKind.ProbeLook:
        prober.fire(word, detail)
        break
      case EventKind.ImagePulled:
        images.fire(word, detail)
        break
      case EventKind.StatusWrite:
        status.fire(word, detail as PodId)
        break
      default:
        processes.fire(kind, word, detail)
    }
  }

  /** The kubelet hears of a pod, or of its deletion; a node that cannot be reached does not. */
  private lookAt(pod: PodId): void {
    const { cluster, table } = this
    const { nodes, pods } = cluster
    const node = pods.node[pod]
    if (node === NONE || nodes.down[node] !== NodeState.Up) return
    if (pods.deletionMark[pod] === 1) return this.end(pod)
    if (table.stage[pod] !== Stage.None || isTerminal(pods, pod)) return
    table.stage[pod] = Stage.Syncing
    const bindUs = this.draws.bindUs(pod)
    if (bindUs === 0) this.workers.request(pod)
    else this.workers.requestAt(pod, cluster.nowUs + bindUs)
  }

  /** The deletion mark is seen. A finished pod that only a finalizer keeps needs nothing from its kubelet. */
  private end(pod: PodId): void {
    const { table } = this
    const { pods } = this.cluster
    const isKept = isTerminal(pods, pod) && pods.deletionGraceSeconds[pod] === 0
    if (table.marked[pod] === 1 || isKept) return
    table.marked[pod] = 1
    if (table.stage[pod] === Stage.None) table.stage[pod] = Stage.Terminating
    if (table.stage[pod] === Stage.Finished) table.stage[pod] = Stage.Terminated
    this.interruptWaiting(pod)
    this.workers.request(pod)
  }

  /** Waiting for volumes ends when the pod is to end, and so does a step that would never. */
  private interruptWaiting(pod: PodId): void {
    const { table } = this
    if (table.stage[pod] !== Stage.Syncing) return
    const slot = table.slotOf(pod, table.cursor[pod])
    const { draws, images, workers } = this
    const step = table.step[pod]
    if (step === Step.Image && images.hangs(slot)) images.abandon(slot)
    else if (step === Step.Sandbox && draws.sandboxUs(pod) === Infinity) workers.interrupt(pod)
    else if (step === Step.Create && draws.createUs(slot) === Infinity) workers.interrupt(pod)
    else if (step !== Step.Volumes) return
    workers.interrupt(pod)
  }

  /** The object is gone, perhaps by force: what is left of the pod on its node is nobody's endpoint. */
  private drop(pod: PodId): void {
    const { table } = this
    if (table.stage[pod] === Stage.None) return
    this.prober.removePod(pod)
    this.vanish(pod)
    if (table.stage[pod] === Stage.Syncing || table.stage[pod] === Stage.Terminating)
      this.volumes.containersStopped(pod)
    table.stage[pod] = Stage.None
    table.invalidate(pod)
  }

  private vanish(pod: PodId): void {
    const { list } = this.table.containersOf(pod)
    for (let c = 0; c < list.length; c++) this.processes.vanish(this.table.slotOf(pod, c))
  }

  private forgetBackoffs(pod: PodId): void {
    const first = this.table.slotOf(pod, 0)
    for (let slot = first; slot < first + this.table.slotsPerPod; slot++) {
      this.syncPod.backoff.forget(slot)
      this.images.forgetSlot(slot)
    }
  }

  /** A node is reachable again: its kubelet hears what it has missed, and says what has happened; or it begins anew. */
  nodeUp(node: NodeId): void {
    const { pods } = this.cluster
    const isNew = this.kubeletStopped[node] === 1
    this.kubeletStopped[node] = 0
    setShuttingDown(this.cluster, node, false)
    if (isNew) this.images.forgetNode(node)
    for (let pod = pods.first, next = pod; pod !== NONE; pod = next) {
      next = pods.next[pod]
      if (pods.node[pod] !== node) continue
      if (isNew) this.beginAnew(pod)
      else {
        const stage = this.table.stage[pod]
        if (stage !== Stage.None) this.status.writeNow(pod)
        if (stage === Stage.Terminated && this.table.step[pod] === Step.Idle) this.workers.request(pod)
      }
      this.lookAt(pod)
    }
  }

  /** A kubelet that has just started: its memory is empty, the containers run as they did. */
  private beginAnew(pod: PodId): void {
    const { table } = this
    if (table.stage[pod] === Stage.None || table.stage[pod] === Stage.Finished) return
    table.invalidate(pod)
    this.prober.removePod(pod)
    this.forgetBackoffs(pod)
    this.syncPod.takeInEnds(pod)
    if (table.stage[pod] !== Stage.Syncing) table.stage[pod] = Stage.Terminating
    this.workers.request(pod)
  }

  machineStopped(node: NodeId): void {
    const { pods } = this.cluster
    this.images.forgetNode(node)
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.node[pod] !== node || this.table.stage[pod] === Stage.None) continue
      this.prober.removePod(pod)
      this.vanish(pod)
      this.forgetBackoffs(pod)
      this.table.forget(pod)
      this.table.finalPhase[pod] = this.table.graceSeconds[pod] = NONE
      this.table.stage[pod] = Stage.None
    }
  }

  /** A machine that had stopped is back: what is to be deleted is gone, everything else is started from the sandbox on. */
  machineStarted(node: NodeId): void {
    const { pods } = this.cluster
    this.kubeletStopped[node] = 0
    this.machineStopped(node)
    setShuttingDown(this.cluster, node, false)
    for (let pod = pods.first, next = pod; pod !== NONE; pod = next) {
      next = pods.next[pod]
      if (pods.node[pod] !== node || isTerminal(pods, pod)) continue
      this.table.marked[pod] = 0
      this.lookAt(pod)
    }
  }

  /** The machine is being shut down: it takes no pods any more, and ends those that it has, as Failed. */
  shutdownNode(node: NodeId, graceUs: number): void {
    const { cluster, table } = this
    const { model, nodes, pods } = cluster
    if (nodes.down[node] !== NodeState.Up) return
    setShuttingDown(cluster, node, true)
    setNodeReady(cluster, node, ConditionStatus.False)
    for (let pod = pods.first, next = pod; pod !== NONE; pod = next) {
      next = pods.next[pod]
      if (pods.node[pod] !== node || table.stage[pod] !== Stage.Syncing) continue
      const { graceSeconds } = model.templates[pods.template[pod]]
      table.graceSeconds[pod] = Math.min(graceSeconds, Math.floor(graceUs / 1_000_000))
      table.finalPhase[pod] = PodPhase.Failed
      this.interruptWaiting(pod)
      this.workers.request(pod)
    }
  }

  restart(pod: PodId): number {
    const { table } = this
    const { list } = table.containersOf(pod)
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      if (list[c].role === ContainerRole.Regular && table.alive[slot] === 1) this.processes.end(slot, false)
    }
    return this.cluster.nowUs
  }
}
