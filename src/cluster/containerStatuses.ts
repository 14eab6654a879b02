// What the API shows of single containers: status.containerStatuses and status.initContainerStatuses. Kept by the real
// kubelets only; controllers decide by the pod's phase and conditions, so nobody is told of a change.

import type { Model } from '../model/types.ts'
import type { PodId } from './pods.ts'

/** State and reason of a container in one: a reason of the state Waiting, Running, or a reason of Terminated. */
export const ContainerReason = {
  /** Its kubelet has not spoken of it yet. */
  None: 0,
  PodInitializing: 1,
  ContainerCreating: 2,
  CrashLoopBackOff: 3,
  ErrImagePull: 4,
  ImagePullBackOff: 5,
  ErrImageNeverPull: 6,
  Running: 7,
  Completed: 8,
  Error: 9,
} as const
export type ContainerReason = (typeof ContainerReason)[keyof typeof ContainerReason]

export class ContainerStatuses {
  readonly slotsPerPod: number
  /** Per pod and container, in the order in which they start: init containers first. */
  private readonly reasons: Uint8Array
  private readonly ready: Uint8Array
  private readonly started: Uint8Array

  constructor(model: Model) {
    this.slotsPerPod = Math.max(1, ...model.templates.map(({ containers }) => containers.list.length))
    const slots = model.kubelet === 'real' ? model.capacity.pods * this.slotsPerPod : 0
    this.reasons = new Uint8Array(slots)
    this.ready = new Uint8Array(slots)
    this.started = new Uint8Array(slots)
  }

  /** A new pod has this row. */
  clear(pod: PodId): void {
    const first = pod * this.slotsPerPod
    this.reasons.fill(ContainerReason.None, first, first + this.slotsPerPod)
    this.ready.fill(0, first, first + this.slotsPerPod)
    this.started.fill(0, first, first + this.slotsPerPod)
  }

  /** Written by setContainerStatus alone; true if anything differs. */
  put(pod: PodId, container: number, reason: ContainerReason, ready: boolean, started: boolean): boolean {
    const slot = pod * this.slotsPerPod + container
    const isSame = this.reasons[slot] === reason && this.isReady(pod, container) === ready
    if (isSame && this.isStarted(pod, container) === started) return false
    this.reasons[slot] = reason
    this.ready[slot] = ready ? 1 : 0
    this.started[slot] = started ? 1 : 0
    return true
  }

  /** Whether the kubelet has reported the containers of a pod; the scripted kubelet reports none. */
  areKnown(pod: PodId): boolean {
    const slot = pod * this.slotsPerPod
    return slot < this.reasons.length && this.reasons[slot] !== ContainerReason.None
  }

  reasonOf(pod: PodId, container: number): ContainerReason {
    return this.reasons[pod * this.slotsPerPod + container] as ContainerReason
  }

  isReady(pod: PodId, container: number): boolean {
    return this.ready[pod * this.slotsPerPod + container] === 1
  }

  isStarted(pod: PodId, container: number): boolean {
    return this.started[pod * this.slotsPerPod + container] === 1
  }
}

/** What of the cluster is written here. */
interface Written {
  readonly containerStatuses: ContainerStatuses
  readonly watch: { changed: boolean }
}

/** Writes the status of one container, as its kubelet reports it. No watcher is told; who looks at every change does look. */
export function setContainerStatus(
  cluster: Written,
  pod: PodId,
  container: number,
  reason: ContainerReason,
  ready: boolean,
  started: boolean,
): void {
  if (cluster.containerStatuses.put(pod, container, reason, ready, started)) cluster.watch.changed = true
}

/** True for reasons of the state Waiting. */
export function isWaiting(reason: ContainerReason): boolean {
  return reason < ContainerReason.Running
}
