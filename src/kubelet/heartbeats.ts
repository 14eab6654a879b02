// Leases and node status as kubelets renew them, each 10 s. While a node is Ready nothing needs to happen: when the lease
// was renewed last follows from the time (cluster/nodes.ts). A node that has come back says Ready at its next renewal.

import type { Cluster } from '../cluster/cluster.ts'
import { ConditionStatus, EventKind, Rank } from '../cluster/codes.ts'
import { RENEW_INTERVAL_US } from '../cluster/nodes.ts'
import { setNodeReady } from '../cluster/nodeWrites.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { NodeId } from '../model/types.ts'

export class Heartbeats {
  private readonly cluster: Cluster
  /** When each node's next renewal is that is on the event queue; 0: none. */
  private readonly nextUs: Float64Array

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.nextUs = new Float64Array(cluster.nodes.count)
  }

  reset(): void {
    this.nextUs.fill(0)
  }

  watcher(): Watcher {
    return {
      nodeChanged: (node) => {
        const { agenda, nowUs } = this.cluster
        if (!this.hasNews(node) || this.nextUs[node] > nowUs) return
        this.nextUs[node] = (Math.floor(nowUs / RENEW_INTERVAL_US) + 1) * RENEW_INTERVAL_US
        agenda.push(this.nextUs[node], Rank.World, EventKind.LeaseRenewal, node)
      },
    }
  }

  /** A renewal: the node says that it is Ready, if it is up and the API server has it otherwise. */
  fire(node: NodeId): void {
    if (this.hasNews(node)) setNodeReady(this.cluster, node, ConditionStatus.True)
  }

  private hasNews(node: NodeId): boolean {
    const { nodes } = this.cluster
    const isUp = nodes.down[node] === 0 && nodes.shuttingDown[node] === 0
    return nodes.exists[node] === 1 && isUp && nodes.ready[node] !== ConditionStatus.True
  }
}
