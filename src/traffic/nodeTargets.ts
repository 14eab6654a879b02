// A load balancer that sends to nodes, as clouds make one for a Service of type LoadBalancer. It knows nodes by health
// checks alone: what kube-proxy answers on its own port (pkg/proxy/healthcheck/proxy_health.go, Kubernetes v1.36: 503 once
// the node is being deleted, or has the taint of the cluster autoscaler), and with externalTrafficPolicy Local on the
// Service's healthCheckNodePort (service_health.go: 503 without a ready endpoint on the node). A cordon changes neither.
//
// Interval 10 s, threshold 3: a node whose answer changes at 5 s is taken for that at 35 s, if it stays so until then.

import { NodeState } from '../cluster/codes.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { NodeId } from '../model/types.ts'

/** The cluster autoscaler's taint of nodes that it is about to delete. */
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler'

/** What `look` says where a health check answers as before. */
export const NO_NEWS = -1

export class NodeTargets {
  private readonly cluster: Cluster
  private readonly nodes: readonly NodeId[]
  private readonly checkUs: number
  /** By follower: 1 if health checks succeed, since when they do or do not, and 1 if requests are sent there. */
  private readonly answers: Uint8Array
  private readonly sinceUs: Float64Array
  private readonly isTarget: Uint8Array

  constructor(cluster: Cluster, nodes: readonly NodeId[], checkUs: number) {
    this.cluster = cluster
    this.nodes = nodes
    this.checkUs = checkUs
    this.answers = new Uint8Array(nodes.length)
    this.sinceUs = new Float64Array(nodes.length)
    this.isTarget = new Uint8Array(nodes.length)
  }

  reset(): void {
    this.answers.fill(0)
    this.sinceUs.fill(0)
    this.isTarget.fill(0)
  }

  /**
   * Asks a node's health check.
   *
   * @param isServed the Service has what this node needs to be sent its requests
   * @returns after how long the load balancer believes it; 0: at once, and it has done so; NO_NEWS
   */
  look(follower: number, isServed: boolean): number {
    const { nodes } = this.cluster
    const node = this.nodes[follower]
    const isGone = nodes.exists[node] === 0
    const isLeaving = nodes.taints[node].some(({ key }) => key === TO_BE_DELETED)
    const answers = isServed && !isGone && !isLeaving && nodes.down[node] !== NodeState.Down ? 1 : 0
    if (isGone && this.isTarget[follower] === 1) {
      // Whoever deletes the Node takes it off the load balancer's list.
      this.answers[follower] = this.isTarget[follower] = 0
      return 0
    }
    if (this.answers[follower] === answers) return NO_NEWS
    this.answers[follower] = answers
    this.sinceUs[follower] = this.cluster.nowUs
    if (this.checkUs === 0) this.isTarget[follower] = answers
    return this.checkUs
  }

  /** A row of equal answers is complete; true if the node is, or is not, a target from now on. */
  settle(follower: number): boolean {
    if (this.sinceUs[follower] + this.checkUs !== this.cluster.nowUs) return false
    if (this.isTarget[follower] === this.answers[follower]) return false
    this.isTarget[follower] = this.answers[follower]
    return true
  }

  /** Shares of the requests: alike for all targets, and for all nodes where there is none. */
  weigh(weights: Float64Array): void {
    const { isTarget } = this
    const targets = isTarget.reduce((sum, value) => sum + value, 0)
    for (let follower = 0; follower < weights.length; follower++)
      weights[follower] = targets === 0 ? 1 / weights.length : isTarget[follower] / targets
  }

  /** Whether a follower's machine takes no connection at all. */
  isCutOff(follower: number): boolean {
    const { nodes } = this.cluster
    const node = this.nodes[follower]
    return nodes.exists[node] === 0 || nodes.down[node] === NodeState.Down
  }
}
