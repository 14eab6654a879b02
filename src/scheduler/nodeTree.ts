// The order in which nodes are looked at, after pkg/scheduler/backend/cache/node_tree.go, Kubernetes v1.36: zones take
// turns, so that the first nodes examined are not all of one zone. Nodes a1, a2, a3 of zone a and b1 of zone b give
// a1, b1, a2, a3.

import type { NodeId } from '../model/types.ts'

interface Zone {
  readonly key: string
  readonly nodes: NodeId[]
}

export class NodeTree {
  /** The nodes of the snapshot in order; the first `count` are valid. */
  readonly order: Int32Array
  count = 0
  /** Zones in order of first appearance; one without nodes is forgotten. */
  private zones: Zone[] = []
  private readonly zoneOf: (string | undefined)[]

  constructor(nodes: number) {
    this.order = new Int32Array(nodes)
    this.zoneOf = new Array<string | undefined>(nodes).fill(undefined)
  }

  reset(): void {
    this.zones = []
    this.zoneOf.fill(undefined)
    this.count = 0
  }

  has(node: NodeId): boolean {
    return this.zoneOf[node] !== undefined
  }

  /** A node joins, at the end of its zone. */
  addNode(node: NodeId, labels: Readonly<Record<string, string>>): void {
    this.join(node, zoneKey(labels))
    this.list()
  }

  removeNode(node: NodeId): void {
    this.leave(node)
    this.list()
  }

  /** Another zone moves the node in the tree; the list is only written anew when nodes come or go, as upstream's. */
  updateNode(node: NodeId, labels: Readonly<Record<string, string>>): void {
    const key = zoneKey(labels)
    if (key === this.zoneOf[node]) return
    this.leave(node)
    this.join(node, key)
  }

  private join(node: NodeId, key: string): void {
    let zone = this.zones.find((each) => each.key === key)
    if (zone === undefined) {
      zone = { key, nodes: [] }
      this.zones.push(zone)
    }
    zone.nodes.push(node)
    this.zoneOf[node] = key
  }

  private leave(node: NodeId): void {
    const zone = this.zones.find((each) => each.key === this.zoneOf[node])
    if (zone === undefined) return
    zone.nodes.splice(zone.nodes.indexOf(node), 1)
    if (zone.nodes.length === 0) this.zones.splice(this.zones.indexOf(zone), 1)
    this.zoneOf[node] = undefined
  }

  /** Round robin over the zones. */
  private list(): void {
    this.count = 0
    const longest = Math.max(0, ...this.zones.map(({ nodes }) => nodes.length))
    for (let turn = 0; turn < longest; turn++) {
      for (const { nodes } of this.zones) if (turn < nodes.length) this.order[this.count++] = nodes[turn]
    }
  }
}

/** Region and zone of a node; the old labels win (component-helpers/node/topology GetZoneKey). */
function zoneKey(labels: Readonly<Record<string, string>>): string {
  const region = labels['failure-domain.beta.kubernetes.io/region'] ?? labels['topology.kubernetes.io/region'] ?? ''
  const zone = labels['failure-domain.beta.kubernetes.io/zone'] ?? labels['topology.kubernetes.io/zone'] ?? ''
  return region === '' && zone === '' ? '' : `${region}:\u0000:${zone}`
}
