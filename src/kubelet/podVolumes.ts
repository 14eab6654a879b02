// What a kubelet asks of its volume manager (pkg/kubelet/volumemanager/volume_manager.go, Kubernetes v1.36). A pod's
// sandbox is created when all its volumes are mounted, its object goes when all are unmounted; both are looked at once,
// and then every 0.3 s. A volume that takes minutes would be looked at hundreds of times in vain, so a kubelet does not
// poll: it names the event that the first look with the answer "yes" is to fire.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { Rank } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { NodeId } from '../model/types.ts'

/** How often a kubelet looks whether a pod's volumes are mounted, or unmounted (podAttachAndMountRetryInterval). */
export const VOLUME_CHECK_US = 300_000

export interface PodVolumes {
  reset(): void
  /** The kubelet has a pod in its hands: its first sync, also the first one after its machine was started again. */
  podOnNode(pod: PodId): void
  /** WaitForAttachAndMount, one look: whether the sandbox of the pod may be created. */
  areMounted(pod: PodId): boolean
  /** Fires `word` with the pod's row as detail at the first look at which the volumes are mounted; looks count from now. */
  whenMounted(pod: PodId, word: number): void
  /** The pod is over and its status says that none of its containers runs: the volumes may go. */
  containersStopped(pod: PodId): void
  /** WaitForUnmount, one look: whether the pod's object may be deleted. */
  areUnmounted(pod: PodId): boolean
  /** As whenMounted. */
  whenUnmounted(pod: PodId, word: number): void
  /** A machine stops: nothing is mounted there any more. Its pods are told of again when it starts (podOnNode). */
  machineStopped(node: NodeId): void
}

/**
 * Volumes that need no attachment (emptyDir, configMap, secret, projected tokens): the first passes of the volume
 * manager's loops of 0.1 s mount or unmount them, which the second look sees.
 */
export class LocalPodVolumes implements PodVolumes {
  private readonly cluster: Cluster
  /** Per pod: when the kubelet had it in its hands, and when its containers had stopped; Infinity before. */
  private readonly onNodeUs: Float64Array
  private readonly stoppedUs: Float64Array

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.onNodeUs = new Float64Array(cluster.pods.capacity)
    this.stoppedUs = new Float64Array(cluster.pods.capacity)
  }

  reset(): void {
    this.onNodeUs.fill(Infinity)
    this.stoppedUs.fill(Infinity)
  }

  podOnNode(pod: PodId): void {
    this.onNodeUs[pod] = this.cluster.nowUs
    this.stoppedUs[pod] = Infinity
  }

  areMounted(pod: PodId): boolean {
    return this.cluster.nowUs >= this.onNodeUs[pod] + VOLUME_CHECK_US
  }

  whenMounted(pod: PodId, word: number): void {
    this.cluster.agenda.push(this.cluster.nowUs + VOLUME_CHECK_US, Rank.World, word, pod)
  }

  containersStopped(pod: PodId): void {
    this.stoppedUs[pod] = this.cluster.nowUs
  }

  areUnmounted(pod: PodId): boolean {
    return this.cluster.nowUs >= this.stoppedUs[pod] + VOLUME_CHECK_US
  }

  whenUnmounted(pod: PodId, word: number): void {
    this.cluster.agenda.push(this.cluster.nowUs + VOLUME_CHECK_US, Rank.World, word, pod)
  }

  machineStopped(node: NodeId): void {
    const { pods } = this.cluster
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
      if (pods.node[pod] === node) this.onNodeUs[pod] = Infinity
  }
}
