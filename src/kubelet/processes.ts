// The processes in containers: when they listen, get SIGTERM and end, whether or not their kubelet is there to see it.

import { AppState } from '../cluster/applications.ts'
import { listen, setApplication } from '../cluster/applicationWrites.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import { noteServing } from '../cluster/podWrites.ts'
import type { KubeletParts, ProcessesPart } from './parts.ts'
import { ContainerState, isCurrent, type PodTable, wordOf } from './podTable.ts'

export class ContainerProcesses implements ProcessesPart {
  private readonly parts: KubeletParts
  private readonly cluster: Cluster
  private readonly table: PodTable
  /** Per slot: when the process listens; when it ends because it was told to, and whether with exit code 0. */
  private readonly listensUs: Float64Array
  private readonly stopUs: Float64Array
  private readonly stopSucceeds: Uint8Array

  constructor(parts: KubeletParts) {
    this.parts = parts
    this.cluster = parts.cluster
    this.table = parts.table
    const slots = parts.table.state.length
    this.listensUs = new Float64Array(slots)
    this.stopUs = new Float64Array(slots)
    this.stopSucceeds = new Uint8Array(slots)
  }

  /** A container starts now. */
  start(slot: number): void {
    const { cluster, table } = this
    const { draws } = this.parts
    const { nowUs } = cluster
    table.instance[slot]++
    table.starts[slot]++
    table.state[slot] = ContainerState.Running
    table.alive[slot] = 1
    table.startedUs[slot] = nowUs
    this.stopUs[slot] = Infinity
    const listensUs = nowUs + draws.readyUs(slot)
    this.listensUs[slot] = listensUs
    if (table.isApplication(slot)) {
      const pod = table.podOf(slot)
      noteServing(cluster, pod, listensUs)
      setApplication(cluster, pod, AppState.Starting)
      if (listensUs === nowUs) listen(cluster, pod)
    }
    if (listensUs > nowUs) this.push(listensUs, EventKind.KubeletServe, slot)
    this.push(nowUs + draws.runUs(slot), EventKind.KubeletExit, slot)
  }

  /** The container gets SIGTERM and ends at these times, unless it ends by itself before. */
  stop(slot: number, sigtermUs: number, endUs: number, succeeds: boolean): void {
    this.stopUs[slot] = endUs
    this.stopSucceeds[slot] = succeeds ? 1 : 0
    if (sigtermUs > this.cluster.nowUs) this.push(sigtermUs, EventKind.KubeletSigterm, slot)
    else this.sigterm(slot)
    if (endUs > this.cluster.nowUs) this.push(endUs, EventKind.KubeletExit, slot)
    else this.end(slot, succeeds)
  }

  /** Whether the process would answer a probe, of a container that is not the application. */
  answers(slot: number): boolean {
    return this.table.alive[slot] === 1 && this.listensUs[slot] <= this.cluster.nowUs
  }

  fire(kind: EventKind, word: number, slot: number): void {
    const { table } = this
    if (!isCurrent(word, table.instance[slot]) || table.alive[slot] === 0) return
    if (kind === EventKind.KubeletServe) this.hasStartedUp(slot)
    else if (kind === EventKind.KubeletSigterm) this.sigterm(slot)
    else {
      const isStopped = this.cluster.nowUs === this.stopUs[slot]
      this.end(slot, isStopped ? this.stopSucceeds[slot] === 1 : !this.parts.draws.fails(slot))
    }
  }

  /** The process ends now. */
  end(slot: number, succeeds: boolean): void {
    const { cluster, table } = this
    table.alive[slot] = 0
    table.endedUs[slot] = cluster.nowUs
    table.succeeded[slot] = succeeds ? 1 : 0
    const pod = table.podOf(slot)
    if (table.isApplication(slot)) {
      noteServing(cluster, pod, Infinity)
      setApplication(cluster, pod, AppState.None)
    }
    this.parts.workers.processEnded(pod)
  }

  /** The machine is off: no process is left, and nobody is told. */
  vanish(slot: number): void {
    const { cluster, table } = this
    table.instance[slot]++
    if (table.alive[slot] === 0) return
    table.alive[slot] = 0
    table.endedUs[slot] = cluster.nowUs
    table.succeeded[slot] = 0
    if (!table.isApplication(slot)) return
    noteServing(cluster, table.podOf(slot), Infinity)
    setApplication(cluster, table.podOf(slot), AppState.None)
  }

  private hasStartedUp(slot: number): void {
    const { cluster, table } = this
    const pod = table.podOf(slot)
    if (!table.isApplication(slot)) this.parts.prober.wake(slot)
    else if (cluster.applications.state[pod] === AppState.Starting) listen(cluster, pod)
  }

  private sigterm(slot: number): void {
    const { cluster, parts, table } = this
    if (!table.isApplication(slot)) return
    const behaviour = cluster.model.images[parts.draws.imageOf(slot)].settings.onSigterm
    const pod = table.podOf(slot)
    // A process that answers nobody does not answer a signal either.
    const isDeaf = behaviour === 'ignores' || cluster.applications.state[pod] === AppState.Hung
    if (!isDeaf) setApplication(cluster, pod, AppState.Draining)
  }

  private push(atUs: number, kind: EventKind, slot: number): void {
    this.cluster.agenda.push(atUs, Rank.World, wordOf(kind, this.table.instance[slot]), slot)
  }
}
