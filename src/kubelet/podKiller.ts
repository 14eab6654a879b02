// How pods end, after SyncTerminatingPod and SyncTerminatedPod in pkg/kubelet/kubelet.go and killContainersWithSyncResult in
// pkg/kubelet/kuberuntime/kuberuntime_container.go, Kubernetes v1.36.

import { NONE } from '../base/columns.ts'
import { AppState } from '../cluster/applications.ts'
import { DeletionReason, NodeState, PodPhase } from '../cluster/codes.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import { noteEnding, removePod } from '../cluster/podWrites.ts'
import { ContainerRole } from '../model/containers.ts'
import { StopPlan } from './killPod.ts'
import type { KubeletParts } from './parts.ts'
import { ContainerState, type PodTable, type ProbeType, Stage, Step } from './podTable.ts'

/** How long the last look of the worker waits for the pod's cgroup to be gone. */
const CGROUP_POLL_US = 100_000

export class PodKiller {
  private readonly parts: KubeletParts
  private readonly table: PodTable
  private readonly plan = new StopPlan()

  constructor(parts: KubeletParts) {
    this.parts = parts
    this.table = parts.table
  }

  /** A sync of a pod that is ending, or has ended. */
  sync(pod: PodId): void {
    if (this.table.stage[pod] === Stage.Terminating) return this.begin(pod)
    const { volumes, workers } = this.parts
    if (volumes.areUnmounted(pod)) return this.goOn(pod, Step.Unmount)
    this.table.step[pod] = Step.Unmount
    volumes.whenUnmounted(pod, workers.stepWord(pod))
  }

  /**
   * Ends all that runs: regular containers side by side, then sidecars, the last first. A sidecar's own preStop hook runs
   * at once like those of the others.
   */
  begin(pod: PodId): void {
    const { plan, table } = this
    const { cluster, prober, status, workers } = this.parts
    table.stage[pod] = Stage.Terminating
    status.update(pod)
    prober.stopLivenessAndStartup(pod)
    const graceSeconds = this.graceOf(pod)
    const { list } = table.containersOf(pod)
    let endUs = cluster.nowUs
    for (let c = 0; c < list.length; c++) {
      if (list[c].role === ContainerRole.Sidecar) continue
      this.stop(table.slotOf(pod, c), graceSeconds, 0)
      endUs = Math.max(endUs, plan.endUs)
    }
    for (let c = list.length - 1; c >= 0; c--) {
      if (list[c].role !== ContainerRole.Sidecar) continue
      this.stop(table.slotOf(pod, c), graceSeconds, endUs)
      endUs = Math.max(endUs, plan.endUs)
    }
    workers.wait(pod, Step.Kill, endUs - cluster.nowUs)
  }

  /** A step of the end is over. */
  goOn(pod: PodId, step: Step): void {
    const { workers } = this.parts
    if (step === Step.Kill) return this.allStopped(pod)
    if (step === Step.Unmount) {
      const { apiWriteUs } = this.parts.cluster.model.surroundings
      return workers.wait(pod, Step.Cgroup, CGROUP_POLL_US + 2 * apiWriteUs)
    }
    this.remove(pod)
  }

  /**
   * Stops the containers that a probe wants killed.
   *
   * @returns how long that takes, in microseconds; NONE: there are none
   */
  killUnhealthy(pod: PodId): number {
    const { plan, table } = this
    const { nowUs } = this.parts.cluster
    const { list } = table.containersOf(pod)
    let us: number = NONE
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      const by = table.killBy[slot]
      if (by === NONE) continue
      const probe = table.probeOf(slot, by as ProbeType)
      const graceSeconds = probe === undefined || probe.graceSeconds === NONE ? this.graceOf(pod) : probe.graceSeconds
      this.stop(slot, graceSeconds, 0)
      us = Math.max(us, plan.endUs - nowUs)
    }
    return us
  }

  /** Grace period in seconds: the API object's, or what a shutdown of the node leaves; at least 1. */
  private graceOf(pod: PodId): number {
    const { model, pods } = this.parts.cluster
    const own = this.table.marked[pod] === 1 ? pods.deletionGraceSeconds[pod] : NONE
    const given = own === NONE ? this.table.graceSeconds[pod] : own
    return Math.max(1, given === NONE ? model.templates[pods.template[pod]].graceSeconds : given)
  }

  /** Orders the stop of one container; `plan` says when it ends. One that does not run has ended. */
  private stop(slot: number, graceSeconds: number, turnUs: number): void {
    const { plan, table } = this
    const { cluster, draws, processes } = this.parts
    const { nowUs } = cluster
    plan.endUs = nowUs
    if (table.alive[slot] === 0) return
    const hook = table.containerOf(slot).preStop
    const preStopUs = hook === undefined ? NONE : hook.us === NONE ? draws.hookUs(slot, 'preStop') : hook.us
    const pod = table.podOf(slot)
    const isApplication = table.isApplication(slot)
    const behaviour = cluster.model.images[draws.imageOf(slot)].settings.onSigterm
    const isDeaf = behaviour === 'ignores' || (isApplication && cluster.applications.state[pod] === AppState.Hung)
    const drainUs = isDeaf ? Infinity : behaviour === 'exits' ? 0 : draws.terminateUs(slot)
    plan.decide(nowUs, graceSeconds, preStopUs, turnUs, drainUs)
    if (isApplication) noteEnding(cluster, pod, isDeaf ? plan.endUs : plan.sigtermUs)
    // SIGTERM that nobody handles is exit code 143, SIGKILL 137: both are failures.
    processes.stop(slot, plan.sigtermUs, plan.endUs, !plan.isKilled && behaviour !== 'exits')
  }

  /** Nothing of the pod runs: its phase is known and written. */
  private allStopped(pod: PodId): void {
    const { table } = this
    const { prober, status, volumes, workers } = this.parts
    const { list } = table.containersOf(pod)
    prober.removePod(pod)
    let hasFailed = false
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      if (table.state[slot] === ContainerState.Running) table.state[slot] = ContainerState.Exited
      if (list[c].role === ContainerRole.Regular && table.succeeded[slot] === 0) hasFailed = true
    }
    if (table.finalPhase[pod] === NONE) table.finalPhase[pod] = hasFailed ? PodPhase.Failed : PodPhase.Succeeded
    volumes.containersStopped(pod)
    table.stage[pod] = table.marked[pod] === 1 ? Stage.Terminated : Stage.Finished
    // The object goes after one more sync, which waits until the pod has been listed again.
    table.wanted[pod] = table.marked[pod]
    status.update(pod)
    if (table.stage[pod] !== Stage.None) workers.endSync(pod)
  }

  /** The last look: the object is deleted, if anyone can be reached to do so. */
  private remove(pod: PodId): void {
    const { table } = this
    const { cluster } = this.parts
    const { nodes, pods } = cluster
    table.step[pod] = Step.Idle
    if (nodes.down[pods.node[pod]] !== NodeState.Up || pods.deletionMark[pod] === 0) return
    table.stage[pod] = Stage.Finished
    if (!isTerminal(pods, pod)) this.parts.status.writeNow(pod)
    removePod(cluster, pod, 0, DeletionReason.None)
  }
}
