// Nodes that are down, and why: a node is up again when its last reason is over.

import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, NodeState, Rank } from '../cluster/codes.ts'
import { setNodeState } from '../cluster/nodeWrites.ts'
import type { PodVolumes } from '../kubelet/podVolumes.ts'
import type { Kubelet } from '../kubelet/types.ts'
import type { NodeId } from '../model/types.ts'

/**
 * A step of the timeline and a partition leave the containers running, a crash and a shutdown end them, the last stops the
 * kubelet alone.
 */
export type OutageCause = 'step' | 'partition' | 'crash' | 'shutdown' | 'kubelet'

export class Outages {
  private readonly cluster: Cluster
  private readonly kubelet: Kubelet
  private readonly podVolumes: PodVolumes
  /** By cause: how many outages each node has now. */
  private readonly counts: Readonly<Record<OutageCause, Uint16Array>>
  /** 1: the machine has stopped since it was up last. */
  private readonly stopped: Uint8Array

  constructor(cluster: Cluster, kubelet: Kubelet, podVolumes: PodVolumes) {
    const { count } = cluster.nodes
    const zeros = (): Uint16Array => new Uint16Array(count)
    this.cluster = cluster
    this.kubelet = kubelet
    this.podVolumes = podVolumes
    this.counts = { step: zeros(), partition: zeros(), crash: zeros(), shutdown: zeros(), kubelet: zeros() }
    this.stopped = new Uint8Array(count)
  }

  reset(): void {
    for (const counts of Object.values(this.counts)) counts.fill(0)
    this.stopped.fill(0)
  }

  /** A node goes down for one more reason. Steps do not add up: a node that is down stays as it is. */
  begin(node: NodeId, cause: OutageCause): void {
    const counts = this.counts[cause]
    counts[node] = isStep(cause) ? 1 : counts[node] + 1
    if (cause === 'crash' || cause === 'shutdown') {
      this.stopped[node] = 1
      this.podVolumes.machineStopped(node)
      this.kubelet.machineStopped(node)
    }
    setNodeState(this.cluster, node, this.stateOf(node))
  }

  /** One reason is over. */
  end(node: NodeId, cause: OutageCause): void {
    const counts = this.counts[cause]
    counts[node] = isStep(cause) ? 0 : counts[node] - 1
    const state = this.stateOf(node)
    setNodeState(this.cluster, node, state)
    if (state !== NodeState.Up) return
    if (this.stopped[node] === 0) return this.kubelet.nodeUp(node)
    this.stopped[node] = 0
    this.kubelet.machineStarted(node)
  }

  /** A step of the timeline starts a node: it was taken down, or shut down. */
  start(node: NodeId): void {
    this.counts.shutdown[node] = 0
    this.end(node, 'step')
  }

  /** A machine is being shut down; it stops when its kubelet's time for that is over. */
  shutDown(node: NodeId, graceUs: number): void {
    const { agenda, nodes, nowUs } = this.cluster
    if (nodes.down[node] === NodeState.Up) this.kubelet.shutdownNode(node, graceUs)
    agenda.push(nowUs + graceUs, Rank.World, EventKind.NodeShutdown, node)
  }

  private stateOf(node: NodeId): NodeState {
    const { crash, kubelet, partition, shutdown, step } = this.counts
    if (crash[node] + partition[node] + shutdown[node] + step[node] > 0) return NodeState.Down
    return kubelet[node] > 0 ? NodeState.KubeletDown : NodeState.Up
  }
}

/** Steps of the timeline: a node that is down already is not put down twice. */
function isStep(cause: OutageCause): boolean {
  return cause === 'step' || cause === 'shutdown'
}
