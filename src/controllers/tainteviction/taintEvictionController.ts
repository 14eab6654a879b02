// After pkg/controller/tainteviction (taint_eviction.go, timed_workers.go), Kubernetes v1.36: deletes the pods of nodes
// with NoExecute taints when their tolerations run out. PodDisruptionBudgets have no say in it.

import { NONE } from '../../base/columns.ts'
import { ApiClient } from '../../cluster/apiClients.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { DeletionReason, EventKind, PodChange, Rank } from '../../cluster/codes.ts'
import { markDisruptionTarget } from '../../cluster/podStatusWrites.ts'
import type { PodId } from '../../cluster/pods.ts'
import { deletePod } from '../../cluster/podWrites.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { NodeId } from '../../model/types.ts'
import type { Taint } from '../../scenario/types.ts'
import { NOT_TOLERATED, tolerationSeconds } from './tolerationTime.ts'

const NO_TAINTS: readonly Taint[] = []
/** The node does not exist; when it does again, its pods are looked at even if it has no taints. */
const GONE: readonly Taint[] = []

export class TaintEvictionController {
  private readonly cluster: Cluster
  /** The NoExecute taints of each node as last seen. */
  private readonly taints: (readonly Taint[])[]
  /** When each pod is to be deleted; Infinity: no such plan. */
  private readonly deleteAtUs: Float64Array
  private readonly plannedAtUs: Float64Array

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.taints = []
    this.deleteAtUs = new Float64Array(cluster.pods.capacity)
    this.plannedAtUs = new Float64Array(cluster.pods.capacity)
  }

  reset(): void {
    const { nodes } = this.cluster
    for (let node = 0 as NodeId; node < nodes.count; node++) this.taints[node] = this.noExecuteTaints(node)
    this.deleteAtUs.fill(Infinity)
  }

  watcher(): Watcher {
    const { pods } = this.cluster
    return {
      nodeChanged: (node) => this.lookAtNode(node),
      podUpdated: (pod, change) => {
        if (change === PodChange.Bound && this.taints[pods.node[pod]].length > 0) this.plan(pod)
      },
      podDeleted: (pod) => {
        this.deleteAtUs[pod] = Infinity
      },
    }
  }

  /** A changed list of NoExecute taints decides anew for every pod of the node. */
  private lookAtNode(node: NodeId): void {
    const { nodes, pods } = this.cluster
    const taints = this.noExecuteTaints(node)
    if (this.taints[node] !== GONE && taints !== GONE && sameTaints(taints, this.taints[node])) return
    this.taints[node] = taints
    // Plans for the pods of a node that is gone are kept: they are carried out unless the pods go before.
    if (nodes.exists[node] === 0) return
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) if (pods.node[pod] === node) this.plan(pod)
  }

  /** Plans, keeps or cancels the deletion of a pod (processPodOnNode). */
  private plan(pod: PodId): void {
    const { agenda, model, nowUs, pods } = this.cluster
    const taints = this.taints[pods.node[pod]]
    const seconds = tolerationSeconds(model.templates[pods.template[pod]].tolerations, taints)
    if (taints.length === 0 || seconds === Infinity) {
      this.deleteAtUs[pod] = Infinity
      return
    }
    // A plan that was made before is kept, even if less time is tolerated now; what is not tolerated deletes at once.
    if (seconds !== NOT_TOLERATED && this.deleteAtUs[pod] < Infinity && this.plannedAtUs[pod] < nowUs) return
    this.plannedAtUs[pod] = nowUs
    this.deleteAtUs[pod] = nowUs + Math.max(0, seconds) * 1e6
    agenda.push(this.deleteAtUs[pod], Rank.World, EventKind.TaintTimer, pod)
  }

  /** A timer fires; one whose plan was cancelled or replaced means nothing. */
  fire(pod: PodId): void {
    const { api, nowUs, pods } = this.cluster
    if (this.deleteAtUs[pod] !== nowUs) return
    this.deleteAtUs[pod] = Infinity
    api.begin(ApiClient.TaintEviction)
    api.read(nowUs)
    if (pods.disruptionTarget[pod] === 0) {
      markDisruptionTarget(this.cluster, pod)
      api.awaitAnswer()
    }
    deletePod(this.cluster, pod, NONE, DeletionReason.TaintManager)
    api.end()
  }

  private noExecuteTaints(node: NodeId): readonly Taint[] {
    const { nodes } = this.cluster
    if (nodes.exists[node] === 0) return GONE
    const taints = nodes.taints[node].filter(({ effect }) => effect === 'NoExecute')
    return taints.length === 0 ? NO_TAINTS : taints
  }
}

function sameTaints(a: readonly Taint[], b: readonly Taint[]): boolean {
  return a.length === b.length && a.every((taint, i) => taint.key === b[i].key && taint.value === b[i].value)
}
