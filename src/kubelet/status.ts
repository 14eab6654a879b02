// What a kubelet says of its pods, after pkg/kubelet/{kubelet_pods,status/status_manager,status/generate}.go, Kubernetes
// v1.36. A changed pod is written at once with two calls, GET and PATCH; while they are under way changes are joined.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, NodeState, PodPhase, Rank } from '../cluster/codes.ts'
import { ContainerReason, setContainerStatus } from '../cluster/containerStatuses.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import { markFinished, markReady, markStarted } from '../cluster/podWrites.ts'
import { ContainerRole } from '../model/containers.ts'
import type { KubeletParts, StatusPart } from './parts.ts'
import { ContainerState, isCurrent, type PodTable, Stage, wordOf } from './podTable.ts'

export class StatusManager implements StatusPart {
  private readonly cluster: Cluster
  private readonly table: PodTable

  constructor({ cluster, table }: KubeletParts) {
    this.cluster = cluster
    this.table = table
  }

  /** Something of the pod has changed that its status may show. */
  update(pod: PodId): void {
    const { cluster, table } = this
    this.showContainers(pod)
    const writeUs = 2 * cluster.model.surroundings.apiWriteUs
    if (writeUs === 0) return this.write(pod)
    if (table.statusDue[pod] === 1 || !this.hasNews(pod)) return
    table.statusDue[pod] = 1
    cluster.agenda.push(cluster.nowUs + writeUs, Rank.Write, wordOf(EventKind.StatusWrite, table.ticket[pod]), pod)
  }

  /** A write reaches the API server; a node that nobody reaches will write when it is back. */
  fire(word: number, pod: PodId): void {
    if (!isCurrent(word, this.table.ticket[pod])) return
    this.table.statusDue[pod] = 0
    this.write(pod)
  }

  /** The phase that the containers make (getPhase). */
  phaseOf(pod: PodId): PodPhase {
    const { table } = this
    const { list } = table.containersOf(pod)
    let running = 0
    let stopped = 0
    let succeeded = 0
    let willRestart = false
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      const container = list[c]
      const state = table.state[slot]
      if (container.role !== ContainerRole.Regular) {
        if (table.initialized[pod] === 0 && !this.isInitialized(slot, container.role)) {
          const hasFailed = state === ContainerState.Exited && table.succeeded[slot] === 0
          return hasFailed && container.restartPolicy === 'Never' ? PodPhase.Failed : PodPhase.Pending
        }
        continue
      }
      if (state === ContainerState.Waiting) return PodPhase.Pending
      if (state === ContainerState.Running) running++
      else {
        stopped++
        if (table.succeeded[slot] === 1) succeeded++
        if (this.isRestarted(slot)) willRestart = true
      }
    }
    if (running > 0 || willRestart) return PodPhase.Running
    return stopped === succeeded ? PodPhase.Succeeded : PodPhase.Failed
  }

  /** Whether a dead container would be started again if the pod is not to end (ShouldContainerBeRestarted). */
  isRestarted(slot: number): boolean {
    const { restartPolicy } = this.table.containerOf(slot)
    return restartPolicy === 'Always' || (restartPolicy === 'OnFailure' && this.table.succeeded[slot] === 0)
  }

  /** The conditions ContainersReady and Ready: every regular container and sidecar is, and the gates are open. */
  isReady(pod: PodId): boolean {
    const { table } = this
    const { list, readinessGates } = table.containersOf(pod)
    for (let c = 0; c < list.length; c++) {
      if (list[c].role === ContainerRole.Init) continue
      const slot = table.slotOf(pod, c)
      if (table.state[slot] !== ContainerState.Running || table.started[slot] === 0 || table.ready[slot] === 0)
        return false
    }
    return readinessGates.length === 0 || this.areGatesOpen(pod, readinessGates)
  }

  /** Others set the conditions of gates, some time after the containers were ready first; they stay True. */
  private areGatesOpen(pod: PodId, gates: readonly string[]): boolean {
    const { cluster, table } = this
    const { nowUs } = cluster
    if (table.gatesOpenUs[pod] === Infinity) {
      let delayUs = 0
      for (const gate of gates)
        delayUs = Math.max(delayUs, cluster.model.kubeletSettings.readinessGates[gate] ?? Infinity)
      table.gatesOpenUs[pod] = nowUs + delayUs
      const word = wordOf(EventKind.StatusWrite, table.ticket[pod])
      if (delayUs > 0) cluster.agenda.push(nowUs + delayUs, Rank.Write, word, pod)
    }
    return table.gatesOpenUs[pod] <= nowUs
  }

  /** Whether an init container has ended well, or a sidecar has started. */
  isInitialized(slot: number, role: ContainerRole): boolean {
    const { table } = this
    if (role === ContainerRole.Sidecar) return table.state[slot] === ContainerState.Running && table.started[slot] === 1
    return table.state[slot] === ContainerState.Exited && table.succeeded[slot] === 1
  }

  private hasNews(pod: PodId): boolean {
    const { pods } = this.cluster
    if (isTerminal(pods, pod)) return false
    if (this.finalPhaseOf(pod) !== NONE) return true
    if (pods.ready[pod] !== (this.isReady(pod) ? 1 : 0)) return true
    return pods.phase[pod] === PodPhase.Pending && this.phaseOf(pod) !== PodPhase.Pending
  }

  /** Writes now what is true; a node that nobody reaches cannot. */
  writeNow(pod: PodId): void {
    this.write(pod)
  }

  /**
   * The statuses of the containers (convertToAPIContainerStatuses). Only people read them, so they are shown at once, not
   * with the two calls of the next write.
   */
  private showContainers(pod: PodId): void {
    const { cluster, table } = this
    if (cluster.nodes.down[table.nodeOf(pod)] !== NodeState.Up) return
    const { list } = table.containersOf(pod)
    for (let c = 0; c < list.length; c++) {
      const slot = table.slotOf(pod, c)
      const isStarted = table.state[slot] === ContainerState.Running && table.started[slot] === 1
      const isReady = isStarted && table.ready[slot] === 1
      setContainerStatus(cluster, pod, c, this.reasonOf(pod, slot), isReady, isStarted)
    }
  }

  /** A dead container that will be started again is Waiting once its start has failed, and Terminated until then. */
  private reasonOf(pod: PodId, slot: number): ContainerReason {
    const { table } = this
    const state = table.state[slot]
    if (state === ContainerState.Running) return ContainerReason.Running
    const { role } = table.containerOf(slot)
    const isDone = role === ContainerRole.Init && this.isInitialized(slot, role)
    const isDue = state === ContainerState.Waiting || (this.isRestarted(slot) && !isDone)
    const refusal = table.refusal[slot] as ContainerReason
    if (isDue && refusal !== ContainerReason.None) return refusal
    if (state === ContainerState.Exited)
      return table.succeeded[slot] === 1 ? ContainerReason.Completed : ContainerReason.Error
    const hasInit = table.containersOf(pod).list[0].role !== ContainerRole.Regular
    return hasInit ? ContainerReason.PodInitializing : ContainerReason.ContainerCreating
  }

  /** The phase in which the pod has ended; NONE while containers may run: until then it is withheld. */
  private finalPhaseOf(pod: PodId): number {
    return this.table.stage[pod] >= Stage.Terminated ? this.table.finalPhase[pod] : NONE
  }

  private write(pod: PodId): void {
    const { cluster, table } = this
    const { nodes, pods } = cluster
    this.showContainers(pod)
    if (nodes.down[pods.node[pod]] !== NodeState.Up || isTerminal(pods, pod)) return
    const final = this.finalPhaseOf(pod)
    if (final !== NONE) {
      const isNatural = table.marked[pod] === 0 && table.graceSeconds[pod] === NONE
      markFinished(cluster, pod, final as PodPhase, isNatural)
      return
    }
    if (table.stage[pod] === Stage.None) return
    const phase = this.phaseOf(pod)
    if (pods.phase[pod] === PodPhase.Pending && phase !== PodPhase.Pending && phase !== PodPhase.Failed)
      markStarted(cluster, pod)
    markReady(cluster, pod, this.isReady(pod))
  }
}
