// One sync of a pod that is to run, after SyncPod in pkg/kubelet/kubelet.go and computePodActions, SyncPod in
// pkg/kubelet/kuberuntime/kuberuntime_manager.go, Kubernetes v1.36: volumes, probes, kills, sandbox, then the containers
// that are due, one after another.

import { NONE } from '../base/columns.ts'
import { NodeState, PodPhase } from '../cluster/codes.ts'
import { ContainerReason } from '../cluster/containerStatuses.ts'
import type { PodId } from '../cluster/pods.ts'
import { noteRestart } from '../cluster/podWrites.ts'
import { ContainerRole } from '../model/containers.ts'
import { Backoff } from './backoff.ts'
import type { PodKiller } from './podKiller.ts'
import type { ImageOutcome, KubeletParts } from './parts.ts'
import { ContainerState, type PodTable, Stage, Step } from './podTable.ts'
import type { PodSyncer } from './podWorkers.ts'

const SECOND_US = 1_000_000

/** Crash loops: the start value, and after how long without a restart the back-off starts over. */
const BACKOFF_START_US = 10 * SECOND_US
const BACKOFF_EXPIRY_US = 600 * SECOND_US

export class SyncPod implements PodSyncer {
  private readonly parts: KubeletParts
  private readonly table: PodTable
  private readonly killer: PodKiller
  /** Per slot. */
  readonly backoff: Backoff

  constructor(parts: KubeletParts, killer: PodKiller) {
    this.parts = parts
    this.table = parts.table
    this.killer = killer
    const { restartPeriodUsMax } = parts.cluster.model.kubeletSettings
    const slots = parts.table.state.length
    this.backoff = new Backoff(slots, BACKOFF_START_US, restartPeriodUsMax, BACKOFF_EXPIRY_US)
  }

  /** Begins a sync; see PodSyncer. */
  sync(pod: PodId): void {
    const { table } = this
    const { status, volumes, workers } = this.parts
    if (table.stage[pod] !== Stage.Syncing) return this.killer.sync(pod)
    if (table.marked[pod] === 1 || table.graceSeconds[pod] !== NONE) return this.killer.begin(pod)
    if (table.admitted[pod] === 0 && !this.admit(pod)) return this.killer.begin(pod)
    if (this.parts.cluster.nowUs >= this.deadlineUs(pod)) {
      table.finalPhase[pod] = PodPhase.Failed
      return this.killer.begin(pod)
    }
    this.plan(pod)
    status.update(pod)
    const phase = status.phaseOf(pod)
    if (phase === PodPhase.Succeeded || phase === PodPhase.Failed) {
      table.finalPhase[pod] = phase
      table.stage[pod] = Stage.Terminating
      table.wanted[pod] = 1
      return workers.endSync(pod)
    }
    if (table.probed[pod] === 1) this.parts.prober.lookAtUnready(pod)
    if (table.mounted[pod] === 1) return this.afterVolumes(pod)
    volumes.podOnNode(pod)
    if (volumes.areMounted(pod)) return this.goOn(pod, Step.Volumes)
    table.step[pod] = Step.Volumes
    volumes.whenMounted(pod, workers.stepWord(pod))
  }

  /** A step is over; see PodSyncer. */
  goOn(pod: PodId, step: Step): void {
    const { table } = this
    if (table.stage[pod] !== Stage.Syncing) return this.killer.goOn(pod, step)
    // A sync is given up between two of its steps when the pod is to end.
    switch (step) {
      case Step.Volumes:
        table.mounted[pod] = 1
        return this.afterVolumes(pod)
      case Step.Kill:
        this.takeInKills(pod)
        return this.isOver(pod) ? undefined : this.makeSandbox(pod)
      case Step.Sandbox:
        table.sandbox[pod] = 1
        return this.isOver(pod) ? undefined : this.startContainers(pod)
      case Step.Create: {
        const slot = table.slotOf(pod, table.cursor[pod])
        this.startContainer(slot)
        return this.isOver(pod) ? undefined : this.runPostStart(slot)
      }
      case Step.Hook:
        table.cursor[pod]++
        return this.isOver(pod) ? undefined : this.startContainers(pod)
      default:
    }
  }

  imageKnown(slot: number, outcome: ImageOutcome): void {
    const { table } = this
    const pod = table.podOf(slot)
    if (table.stage[pod] !== Stage.Syncing || table.step[pod] !== Step.Image) return
    table.step[pod] = Step.Busy
    if (this.isOver(pod)) return
    if (outcome === 'present') return this.create(slot)
    table.failed[pod] = 1
    table.cursor[pod]++
    this.startContainers(pod)
  }

  takeInEnds(pod: PodId): boolean {
    const { table } = this
    const { list } = table.containersOf(pod)
    let isNews = false
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      table.listedEndUs[slot] = table.endedUs[slot]
      if (table.state[slot] !== ContainerState.Running || table.alive[slot] === 1) continue
      table.state[slot] = ContainerState.Exited
      isNews = true
    }
    return isNews
  }

  /** Not ready with a readiness probe: each resync makes the worker look; otherwise time alone changes nothing. */
  needsResync(pod: PodId): boolean {
    const { table } = this
    const { list } = table.containersOf(pod)
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      if (list[c].readiness !== undefined && table.state[slot] === ContainerState.Running && table.ready[slot] === 0)
        return true
    }
    return false
  }

  /** Admission: a node that is shutting down takes no pod, nor one that asks for more than is left. */
  private admit(pod: PodId): boolean {
    const { table } = this
    const { cluster } = this.parts
    table.admitted[pod] = 1
    table.acceptedUs[pod] = cluster.nowUs
    if (cluster.nodes.shuttingDown[table.nodeOf(pod)] === 1 || !this.fits(pod)) {
      table.finalPhase[pod] = PodPhase.Failed
      return false
    }
    return true
  }

  /** The node's sums count every pod that is bound to it: more than the kubelet has admitted, if anything. */
  private fits(pod: PodId): boolean {
    const { cluster } = this.parts
    const { nodes, pods, model } = cluster
    const node = pods.node[pod]
    const { cpuMillis, memoryBytes, pods: podsMax } = model.nodes[node]
    let cpu = nodes.cpuMillis[node]
    let memory = nodes.memoryBytes[node]
    let count = nodes.podCount[node]
    if (cpu <= cpuMillis && memory <= memoryBytes && count <= podsMax) return true
    for (let other = pods.first; other !== NONE; other = pods.next[other]) {
      if (pods.node[other] !== node || other === pod || this.table.admitted[other] === 1) continue
      if (pods.phase[other] === PodPhase.Succeeded || pods.phase[other] === PodPhase.Failed) continue
      const template = model.templates[pods.template[other]]
      cpu -= template.cpuMillis
      memory -= template.memoryBytes
      count--
    }
    return cpu <= cpuMillis && memory <= memoryBytes && count <= podsMax
  }

  /** activeDeadlineSeconds after status.startTime, which is stored in whole seconds; Infinity: no deadline. */
  deadlineUs(pod: PodId): number {
    const { activeDeadlineSeconds } = this.table.containersOf(pod)
    if (activeDeadlineSeconds === NONE) return Infinity
    return (Math.floor(this.table.acceptedUs[pod] / SECOND_US) + activeDeadlineSeconds) * SECOND_US
  }

  /** Which containers are due (computePodActions): the next of those for initialization, or all regular ones that do not run. */
  private plan(pod: PodId): void {
    const { table } = this
    const { status } = this.parts
    const { list } = table.containersOf(pod)
    let isOpen = true
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      const { role } = list[c]
      const state = table.state[slot]
      table.planned[slot] = 0
      if (!isOpen) continue
      const isDue = state === ContainerState.Waiting || (state === ContainerState.Exited && status.isRestarted(slot))
      if (role === ContainerRole.Regular) {
        table.initialized[pod] = 1
        table.planned[slot] = isDue ? 1 : 0
      } else if (table.initialized[pod] === 1) {
        if (role === ContainerRole.Sidecar && state !== ContainerState.Running) table.planned[slot] = 1
      } else if (!status.isInitialized(slot, role)) {
        table.planned[slot] = isDue ? 1 : 0
        isOpen = false
      }
    }
  }

  private afterVolumes(pod: PodId): void {
    const { table } = this
    if (this.isOver(pod)) return
    if (table.probed[pod] === 0) {
      table.probed[pod] = 1
      this.parts.prober.addPod(pod, table.sandbox[pod] === 1)
    }
    const killUs = this.killer.killUnhealthy(pod)
    if (killUs === NONE) return this.makeSandbox(pod)
    table.acted[pod] = 1
    this.parts.workers.wait(pod, Step.Kill, killUs)
  }

  /** Killed containers have ended. In this very sync the back-off counts from the end of the instance before. */
  private takeInKills(pod: PodId): void {
    const { table } = this
    const { list } = table.containersOf(pod)
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      if (table.killBy[slot] === -1 || table.alive[slot] === 1) continue
      table.killBy[slot] = -1
      table.state[slot] = ContainerState.Exited
      table.planned[slot] = this.parts.status.isRestarted(slot) ? 1 : 0
    }
  }

  private makeSandbox(pod: PodId): void {
    const { table } = this
    table.cursor[pod] = 0
    if (table.sandbox[pod] === 1) return this.startContainers(pod)
    this.parts.workers.wait(pod, Step.Sandbox, this.parts.draws.sandboxUs(pod))
  }

  /** Starts what is due from the cursor on; a container that cannot be started does not stop the next ones. */
  private startContainers(pod: PodId): void {
    const { table } = this
    const { images, workers } = this.parts
    const { list } = table.containersOf(pod)
    for (let c = table.cursor[pod]; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      if (table.planned[slot] === 0) continue
      table.cursor[pod] = c
      if (this.isInBackoff(pod, slot)) continue
      const outcome = images.ensure(slot)
      if (outcome === 'failed') table.failed[pod] = 1
      else if (outcome === 'present') return this.create(slot)
      else {
        table.step[pod] = Step.Image
        return
      }
    }
    workers.endSync(pod)
  }

  /** doBackOff: a container that has died waits 10 s, 20 s, … 300 s after its end; the first restart is at once. */
  private isInBackoff(pod: PodId, slot: number): boolean {
    const { table } = this
    const { nowUs } = this.parts.cluster
    const endedUs = table.listedEndUs[slot]
    if (endedUs === -Infinity) return false
    const untilUs = this.backoff.endUs(slot, endedUs)
    if (untilUs > nowUs) {
      table.refusal[slot] = ContainerReason.CrashLoopBackOff
      table.crashLoopUntilUs[pod] = Math.min(table.crashLoopUntilUs[pod], untilUs)
      return true
    }
    this.backoff.next(slot, endedUs, nowUs)
    return false
  }

  private create(slot: number): void {
    const pod = this.table.podOf(slot)
    this.parts.workers.wait(pod, Step.Create, this.parts.draws.createUs(slot))
  }

  private startContainer(slot: number): void {
    const { table } = this
    const pod = table.podOf(slot)
    const container = table.containerOf(slot)
    table.acted[pod] = 1
    table.started[slot] = container.startup === undefined ? 1 : 0
    table.ready[slot] = container.readiness === undefined ? 1 : 0
    table.killBy[slot] = -1
    table.refusal[slot] = ContainerReason.None
    if (table.starts[slot] > 0) noteRestart(this.parts.cluster, pod)
    this.parts.processes.start(slot)
    this.parts.prober.wake(slot)
  }

  private runPostStart(slot: number): void {
    const { table } = this
    const hook = table.containerOf(slot).postStart
    const hookUs = hook === undefined ? 0 : hook.us === NONE ? this.parts.draws.hookUs(slot, 'postStart') : hook.us
    this.parts.workers.wait(table.podOf(slot), Step.Hook, hookUs)
  }

  /** Whether the pod is to end, so that its sync is given up here. */
  private isOver(pod: PodId): boolean {
    const { table } = this
    const { cluster, workers } = this.parts
    if (table.marked[pod] === 0 && table.graceSeconds[pod] === NONE) return false
    if (cluster.nodes.down[table.nodeOf(pod)] === NodeState.KubeletDown) return false
    table.wanted[pod] = 1
    workers.endSync(pod)
    return true
  }
}
