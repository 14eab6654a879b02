// What the engine asks of the nodes' kubelets, whichever model of them a scenario chooses (cluster.kubelet).

import type { EventKind } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { NodeId } from '../model/types.ts'

export interface Kubelet {
  reset(): void
  watcher(): Watcher
  /** An event that this kubelet has pushed on the agenda fires; one of a pod that is gone means nothing. */
  fire(kind: EventKind, word: number, detail: number): void
  /** A node is reachable again, and its machine had not stopped meanwhile. */
  nodeUp(node: NodeId): void
  /** A machine stops: its containers are no more. */
  machineStopped(node: NodeId): void
  /** A machine that had stopped is back. */
  machineStarted(node: NodeId): void
  /** A machine is being shut down and stops in `graceUs`. */
  shutdownNode(node: NodeId, graceUs: number): void
  /**
   * A pod's containers end by themselves and are started again, as its restartPolicy says.
   *
   * @returns when they start; Infinity if they do not
   */
  restart(pod: PodId): number
}
