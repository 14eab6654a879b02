// What the kubelets know of their pods: columns per pod, per container (slot) and per probe. A slot is the pod's row times
// the most containers that any template has, plus the container's index; a probe's place is its slot times 3 plus its kind.

import type { Cluster } from '../cluster/cluster.ts'
import { EventKind } from '../cluster/codes.ts'
import { ContainerReason } from '../cluster/containerStatuses.ts'
import type { PodId } from '../cluster/pods.ts'
import type { ContainerModel, PodContainers, ProbeModel } from '../model/containers.ts'
import type { NodeId } from '../model/types.ts'

/** How far the worker of a pod is (pod_workers.go: sync, terminating, terminated, finished). */
export const Stage = { None: 0, Syncing: 1, Terminating: 2, Terminated: 3, Finished: 4 } as const
export type Stage = (typeof Stage)[keyof typeof Stage]

/** What the worker waits for within a sync. */
export const Step = {
  Idle: 0,
  Busy: 1,
  Volumes: 2,
  Sandbox: 3,
  Kill: 4,
  Image: 5,
  Create: 6,
  Hook: 7,
  Unmount: 8,
  Cgroup: 9,
} as const
export type Step = (typeof Step)[keyof typeof Step]

/** A container as the kubelet has seen it. */
export const ContainerState = { Waiting: 0, Running: 1, Exited: 2 } as const
export type ContainerState = (typeof ContainerState)[keyof typeof ContainerState]

export const ProbeType = { Startup: 0, Readiness: 1, Liveness: 2 } as const
export type ProbeType = (typeof ProbeType)[keyof typeof ProbeType]

/** The events that only the real kubelets push. */
export const REAL_KUBELET_EVENTS: readonly EventKind[] = [
  EventKind.PodTimer,
  EventKind.PodStep,
  EventKind.PodRelist,
  EventKind.ProbeLook,
  EventKind.ImagePulled,
  EventKind.StatusWrite,
]

/** Bits of an event's word that tell the present from the past. */
export const TICKET_SHIFT = 8
export const TICKET_MASK = 0xffffff

export class PodTable {
  readonly slotsPerPod: number
  /** Per pod. */
  readonly stage: Uint8Array
  readonly step: Uint8Array
  /** Changes with whatever makes events under way meaningless: another pod in the row, a machine that stopped. */
  readonly ticket: Int32Array
  /** The same for the worker's timer, and for the step that it waits for. */
  readonly timerTicket: Int32Array
  readonly stepTicket: Int32Array
  /** 1: a sync is wanted while the worker is busy, or waits for the pod to be listed. */
  readonly wanted: Uint8Array
  /** 1: the kubelet knows of the deletion mark. */
  readonly marked: Uint8Array
  /** 1: the pod has been admitted, its volumes mounted, its sandbox made, its probe workers started. */
  readonly admitted: Uint8Array
  readonly mounted: Uint8Array
  readonly sandbox: Uint8Array
  readonly probed: Uint8Array
  /** 1: a regular container was due, after which init containers are over. */
  readonly initialized: Uint8Array
  /** 1: this sync has started or killed a container. */
  readonly acted: Uint8Array
  /** The container at which a sync is. */
  readonly cursor: Int32Array
  /** When the last sync ended, and when the pod itself was listed last; -Infinity: never. */
  readonly syncedUs: Float64Array
  readonly listedUs: Float64Array
  /** When the kubelet took the pod (status.startTime). */
  readonly acceptedUs: Float64Array
  /** Earliest end of a crash-loop back-off met in this sync; Infinity: none. */
  readonly crashLoopUntilUs: Float64Array
  /** 1: this sync has met another error. */
  readonly failed: Uint8Array
  /** Jittered waits so far. */
  readonly waits: Int32Array
  /** The phase in which the pod has ended, or NONE; -1 is no phase. */
  readonly finalPhase: Int8Array
  /** Grace period in seconds that overrides the pod's own at its end (node shutdown); NONE: none. */
  readonly graceSeconds: Int32Array
  /** When the condition of the last readiness gate turns True; Infinity: not under way. */
  readonly gatesOpenUs: Float64Array
  /** 1: a status write is under way. */
  readonly statusDue: Uint8Array

  /** Per slot. */
  readonly state: Uint8Array
  /** Container id: counts the instances of this slot in the run; events name it. */
  readonly instance: Int32Array
  /** Instances of this container in this pod. */
  readonly starts: Int32Array
  readonly planned: Uint8Array
  /** 1: startup gate open; 1: readiness is Success. */
  readonly started: Uint8Array
  readonly ready: Uint8Array
  /** 1: a probe wants it killed; by which (ProbeType). */
  readonly killBy: Int8Array
  readonly startedUs: Float64Array
  /** When the newest dead instance ended, and the same of those that were listed; -Infinity: none has died. */
  readonly endedUs: Float64Array
  readonly listedEndUs: Float64Array
  /** 1: the process runs, whatever the kubelet has seen; 1: the last one ended with exit code 0. */
  readonly alive: Uint8Array
  readonly succeeded: Uint8Array
  /** Why the container could not be started last (reason_cache.go); None: it could. */
  readonly refusal: Uint8Array

  private readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
    const n = cluster.pods.capacity
    const bytes = (count: number): Uint8Array => new Uint8Array(count)
    const numbers = (count: number): Float64Array => new Float64Array(count)
    const integers = (count: number): Int32Array => new Int32Array(count)
    this.slotsPerPod = Math.max(1, ...cluster.model.templates.map(({ containers }) => containers.list.length))
    const slots = n * this.slotsPerPod
    this.stage = bytes(n)
    this.step = bytes(n)
    this.ticket = integers(n)
    this.timerTicket = integers(n)
    this.stepTicket = integers(n)
    this.wanted = bytes(n)
    this.marked = bytes(n)
    this.admitted = bytes(n)
    this.mounted = bytes(n)
    this.sandbox = bytes(n)
    this.probed = bytes(n)
    this.initialized = bytes(n)
    this.acted = bytes(n)
    this.cursor = integers(n)
    this.syncedUs = numbers(n)
    this.listedUs = numbers(n)
    this.acceptedUs = numbers(n)
    this.crashLoopUntilUs = numbers(n)
    this.failed = bytes(n)
    this.waits = integers(n)
    this.finalPhase = new Int8Array(n)
    this.graceSeconds = integers(n)
    this.gatesOpenUs = numbers(n)
    this.statusDue = bytes(n)
    this.state = bytes(slots)
    this.instance = integers(slots)
    this.starts = integers(slots)
    this.planned = bytes(slots)
    this.started = bytes(slots)
    this.ready = bytes(slots)
    this.killBy = new Int8Array(slots)
    this.startedUs = numbers(slots)
    this.endedUs = numbers(slots)
    this.listedEndUs = numbers(slots)
    this.alive = bytes(slots)
    this.succeeded = bytes(slots)
    this.refusal = bytes(slots)
  }

  reset(): void {
    this.stage.fill(Stage.None)
    this.alive.fill(0)
  }

  /** A new pod has this row. Tickets and instances go on, so that events of the former one mean nothing. */
  clear(pod: PodId): void {
    this.stage[pod] = Stage.None
    this.marked[pod] = 0
    this.graceSeconds[pod] = -1
    this.finalPhase[pod] = -1
    this.waits[pod] = 0
    this.forget(pod)
    const first = this.slotOf(pod, 0)
    for (let slot = first; slot < first + this.slotsPerPod; slot++) {
      this.starts[slot] = 0
      this.alive[slot] = 0
    }
  }

  /** The kubelet's memory of a pod is empty, and nothing of it runs: a new pod, or one whose machine stopped. */
  forget(pod: PodId): void {
    this.invalidate(pod)
    this.admitted[pod] = this.mounted[pod] = this.sandbox[pod] = 0
    this.initialized[pod] = 0
    this.gatesOpenUs[pod] = Infinity
    const first = this.slotOf(pod, 0)
    for (let slot = first; slot < first + this.slotsPerPod; slot++) {
      this.instance[slot]++
      this.state[slot] = ContainerState.Waiting
      this.started[slot] = this.ready[slot] = 0
      this.listedEndUs[slot] = this.endedUs[slot] = -Infinity
      this.killBy[slot] = -1
      this.succeeded[slot] = 0
      this.refusal[slot] = ContainerReason.None
    }
  }

  /** Whatever the worker waits for is not waited for any more. */
  invalidate(pod: PodId): void {
    this.ticket[pod]++
    this.timerTicket[pod]++
    this.stepTicket[pod]++
    this.step[pod] = Step.Idle
    this.wanted[pod] = 0
    this.probed[pod] = 0
    this.statusDue[pod] = 0
    this.syncedUs[pod] = this.listedUs[pod] = -Infinity
  }

  slotOf(pod: PodId, container: number): number {
    return pod * this.slotsPerPod + container
  }

  podOf(slot: number): PodId {
    return Math.floor(slot / this.slotsPerPod) as PodId
  }

  containersOf(pod: PodId): PodContainers {
    return this.cluster.model.templates[this.cluster.pods.template[pod]].containers
  }

  containerOf(slot: number): ContainerModel {
    return this.containersOf(this.podOf(slot)).list[slot % this.slotsPerPod]
  }

  nodeOf(pod: PodId): NodeId {
    return this.cluster.pods.node[pod]
  }

  /** Whether the slot is the application whose state requests and probes meet. */
  isApplication(slot: number): boolean {
    return slot % this.slotsPerPod === this.containersOf(this.podOf(slot)).application
  }

  probeOf(slot: number, type: ProbeType): ProbeModel | undefined {
    const container = this.containerOf(slot)
    return type === ProbeType.Startup
      ? container.startup
      : type === ProbeType.Readiness
        ? container.readiness
        : container.liveness
  }
}

/** The word of an event that means something only as long as the ticket is this. */
export function wordOf(kind: number, ticket: number): number {
  return kind | ((ticket & TICKET_MASK) << TICKET_SHIFT)
}

/** Whether an event's word has this ticket. */
export function isCurrent(word: number, ticket: number): boolean {
  return word >>> TICKET_SHIFT === (ticket & TICKET_MASK)
}
