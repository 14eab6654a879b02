// After pkg/controller/podgc/gc_controller.go, Kubernetes v1.36: pods that no kubelet will ever end. A pass changes
// nothing while no pod is on a missing or out-of-service node, so passes are events only while one is; they keep the
// times of the real loop. Left out: the limit of 12,500 finished pods.

import { NONE } from '../../base/columns.ts'
import { ApiClient } from '../../cluster/apiClients.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { ConditionStatus, DeletionReason, EventKind } from '../../cluster/codes.ts'
import { failPod, forceDeleteByName } from '../../cluster/podStatusWrites.ts'
import { isTerminal, type PodId } from '../../cluster/pods.ts'
import { isOutOfService } from '../../cluster/taints.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { NodeId } from '../../model/types.ts'
import { Passes } from '../../cluster/passes.ts'

const PERIOD_US = 20_000_000
const FIRST_PASS_US = 5_000
/** How long a node must be missing, shortened so that the second pass after the first sight of it counts. */
const QUARANTINE_US = 40_000_000 - 1_000

export class PodGcController {
  private readonly cluster: Cluster
  private readonly passes: Passes
  /** Delaying queue of missing nodes: when each is due; Infinity if it is not waiting. */
  private readonly dueUs: Float64Array

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.passes = new Passes(cluster, EventKind.PodGcPass, PERIOD_US, FIRST_PASS_US)
    this.dueUs = new Float64Array(cluster.nodes.count)
  }

  reset(): void {
    this.passes.reset()
    this.dueUs.fill(Infinity)
  }

  /** What may give a pass something to do. */
  watcher(): Watcher {
    const { pods } = this.cluster
    return {
      nodeChanged: (node) => {
        if (this.cluster.nodes.exists[node] === 0 || this.isLost(node)) this.passes.wake()
      },
      podUpdated: (pod) => {
        if (pods.deletionMark[pod] === 1 && (pods.node[pod] === NONE || this.isLost(pods.node[pod]))) this.passes.wake()
      },
    }
  }

  /** A pass of the loop; stale events mean nothing. */
  fire(): void {
    if (!this.passes.begins()) return
    const { api, pods } = this.cluster
    api.begin(ApiClient.PodGc)
    this.collectOutOfService()
    this.collectOrphaned()
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
      if (pods.deletionMark[pod] === 1 && pods.node[pod] === NONE) this.failAndDelete(pod, false)
    const wroteUs = api.end()
    this.passes.ends(wroteUs)
    if (wroteUs > 0 || this.hasWork()) this.passes.wake()
  }

  /** The node is not Ready and someone said that it is out of service. */
  private isLost(node: NodeId): boolean {
    const { nodes } = this.cluster
    return nodes.exists[node] === 1 && nodes.ready[node] !== ConditionStatus.True && isOutOfService(nodes.taints[node])
  }

  /** Terminating pods of nodes that are out of service, all side by side. */
  private collectOutOfService(): void {
    const { api, pods } = this.cluster
    const startUs = api.offsetUs
    let endUs = startUs
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.deletionMark[pod] === 0 || pods.node[pod] === NONE || !this.isLost(pods.node[pod])) continue
      api.offsetUs = startUs
      this.failAndDelete(pod, false)
      endUs = Math.max(endUs, api.offsetUs)
    }
    api.offsetUs = endUs
  }

  /** Pods of nodes that were missing for the quarantine, one after the other. */
  private collectOrphaned(): void {
    const { nodes, pods, nowUs } = this.cluster
    const due: NodeId[] = []
    for (let node = 0 as NodeId; node < nodes.count; node++) {
      if (this.dueUs[node] > nowUs) continue
      this.dueUs[node] = Infinity
      if (nodes.exists[node] === 0) due.push(node)
    }
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      const node = pods.node[pod]
      if (node === NONE || nodes.exists[node] === 1) continue
      if (this.dueUs[node] === Infinity) this.dueUs[node] = nowUs + QUARANTINE_US
      if (due.includes(node)) this.failAndDelete(pod, true)
    }
  }

  /** First phase Failed, because nobody else will say so, then gone at once. */
  private failAndDelete(pod: PodId, disruptionTarget: boolean): void {
    const { api, pods } = this.cluster
    if (!isTerminal(pods, pod)) {
      failPod(this.cluster, pod, disruptionTarget)
      api.awaitAnswer()
    }
    forceDeleteByName(this.cluster, pod, DeletionReason.PodGarbageCollector)
    api.awaitAnswer()
  }

  /** Whether the next pass has anything to look at. */
  private hasWork(): boolean {
    const { nodes, pods } = this.cluster
    if (this.dueUs.some((us) => us < Infinity)) return true
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      const node = pods.node[pod]
      if (node === NONE ? pods.deletionMark[pod] === 1 && pods.finalizer[pod] === 0 : nodes.exists[node] === 0)
        return true
      if (node !== NONE && pods.deletionMark[pod] === 1 && this.isLost(node)) return true
    }
    return false
  }
}
