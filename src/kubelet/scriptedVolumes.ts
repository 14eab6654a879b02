// The claims of pods under the scripted kubelet: containers start when they are mounted, and a pod's object goes when they
// are unmounted. Volumes that nobody attaches cost nothing here, as in the recordings.

import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'
import type { PodVolumes } from './podVolumes.ts'

export class ScriptedVolumes {
  private readonly cluster: Cluster
  private readonly podVolumes: PodVolumes
  /** Per pod: 1 once the kubelet has told of it; 1 once its containers have stopped. */
  private readonly onNode: Uint8Array
  private readonly stopped: Uint8Array

  constructor(cluster: Cluster, podVolumes: PodVolumes) {
    this.cluster = cluster
    this.podVolumes = podVolumes
    this.onNode = new Uint8Array(cluster.pods.capacity)
    this.stopped = new Uint8Array(cluster.pods.capacity)
  }

  podAdded(pod: PodId): void {
    this.onNode[pod] = 0
    this.stopped[pod] = 0
  }

  /** Whether a pod uses claims. */
  has(pod: PodId): boolean {
    return this.cluster.volumes.claimsOf(pod).length > 0
  }

  /** Whether the kubelet has the pod in its hands, on a machine that has not stopped since. */
  isOnNode(pod: PodId): boolean {
    return this.onNode[pod] === 1
  }

  machineStopped(pod: PodId): void {
    this.onNode[pod] = 0
  }

  /** Takes a pod in, or sees whether it may start; if not, `word` fires when it may. */
  areMounted(pod: PodId, word: number): boolean {
    const { podVolumes } = this
    if (this.onNode[pod] === 0) {
      this.onNode[pod] = 1
      podVolumes.podOnNode(pod)
    }
    if (podVolumes.areMounted(pod)) return true
    podVolumes.whenMounted(pod, word)
    return false
  }

  containersStopped(pod: PodId): void {
    if (!this.has(pod) || this.stopped[pod] === 1) return
    this.stopped[pod] = 1
    this.podVolumes.containersStopped(pod)
  }

  /** Whether the object of a pod whose containers have stopped may go; if not, `word` fires when it may. */
  areUnmounted(pod: PodId, word: number): boolean {
    if (!this.has(pod)) return true
    this.containersStopped(pod)
    if (this.podVolumes.areUnmounted(pod)) return true
    this.podVolumes.whenUnmounted(pod, word)
    return false
  }
}
