// Topology keys as integers: which domain (value of the label) a node is in. Read from the labels when they have
// changed, and not otherwise.

import { NONE } from '../base/columns.ts'
import type { Nodes } from '../cluster/nodes.ts'
import type { NodeId } from '../model/types.ts'

export const HOSTNAME = 'kubernetes.io/hostname'
export const ZONE = 'topology.kubernetes.io/zone'

export class TopologyKey {
  readonly label: string
  readonly isHostname: boolean
  /** By node: its domain, or NONE without the label. */
  readonly domain: Int32Array
  private readonly domains = new Map<string, number>()
  private stamp = NONE

  constructor(label: string, nodes: number) {
    this.label = label
    this.isHostname = label === HOSTNAME
    this.domain = new Int32Array(nodes)
  }

  /** Reads the labels if they have changed since `stamp` was another. */
  refresh(nodes: Nodes, stamp: number): void {
    if (stamp === this.stamp) return
    this.stamp = stamp
    this.domains.clear()
    for (let node = 0 as NodeId; node < nodes.count; node++) {
      const value = nodes.labels[node][this.label]
      if (value === undefined) this.domain[node] = NONE
      else {
        let domain = this.domains.get(value)
        if (domain === undefined) {
          domain = this.domains.size
          this.domains.set(value, domain)
        }
        this.domain[node] = domain
      }
    }
  }
}
