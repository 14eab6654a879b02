// Counts of pods by node, kept up to date instead of being counted for every attempt. Pods that no selector can tell
// apart form a class (podPlans.ts); a tally gives each class a weight and sums the weights of the pods on each node:
// "pods that this constraint counts", "terms of pods here that object to such a pod".

import type { NodeId } from '../model/types.ts'

export class Tally {
  /** Sum of the weights by node. */
  readonly counts: Int32Array
  /** Weight by class of pods; absent: 0. */
  readonly weights: number[] = []
  /** False: pods with a deletion mark count no more. */
  readonly countsTerminating: boolean

  constructor(nodes: number, countsTerminating: boolean) {
    this.counts = new Int32Array(nodes)
    this.countsTerminating = countsTerminating
  }

  weightOf(podClass: number): number {
    return this.weights[podClass] ?? 0
  }
}

export class Tallies {
  private readonly nodes: number
  /** By class: pods on each node, and those of them with a deletion mark. */
  private readonly pods: Int32Array[] = []
  private readonly terminating: Int32Array[] = []
  private readonly all: Tally[] = []
  /** By class: the tallies in which it has a weight. */
  private readonly ofClass: Tally[][] = []

  constructor(nodes: number) {
    this.nodes = nodes
  }

  /** All nodes are empty again. */
  reset(): void {
    for (const counts of this.pods) counts.fill(0)
    for (const counts of this.terminating) counts.fill(0)
    for (const tally of this.all) tally.counts.fill(0)
  }

  /** Makes room for another class of pods, of which there is none yet. */
  addClass(): void {
    this.pods.push(new Int32Array(this.nodes))
    this.terminating.push(new Int32Array(this.nodes))
    this.ofClass.push([])
  }

  /** A new tally; weights are given with setWeight. */
  create(countsTerminating: boolean): Tally {
    const tally = new Tally(this.nodes, countsTerminating)
    this.all.push(tally)
    return tally
  }

  /** Gives a class a weight in a tally, once; pods of the class that are there already are added. */
  setWeight(tally: Tally, podClass: number, weight: number): void {
    if (weight === 0) return
    tally.weights[podClass] = weight
    this.ofClass[podClass].push(tally)
    const pods = this.pods[podClass]
    const terminating = this.terminating[podClass]
    for (let node = 0; node < this.nodes; node++) {
      const counted = tally.countsTerminating ? pods[node] : pods[node] - terminating[node]
      tally.counts[node] += weight * counted
    }
  }

  /** A pod of the class is placed on a node (sign 1) or gone from it (sign -1). */
  count(podClass: number, node: NodeId, isTerminating: boolean, sign: 1 | -1): void {
    this.pods[podClass][node] += sign
    if (isTerminating) this.terminating[podClass][node] += sign
    const tallies = this.ofClass[podClass]
    for (let i = 0; i < tallies.length; i++) {
      const tally = tallies[i]
      if (!isTerminating || tally.countsTerminating) tally.counts[node] += sign * tally.weights[podClass]
    }
  }

  /** A placed pod of the class gets its deletion mark. */
  markTerminating(podClass: number, node: NodeId): void {
    this.terminating[podClass][node]++
    const tallies = this.ofClass[podClass]
    for (let i = 0; i < tallies.length; i++) {
      const tally = tallies[i]
      if (!tally.countsTerminating) tally.counts[node] -= tally.weights[podClass]
    }
  }
}
