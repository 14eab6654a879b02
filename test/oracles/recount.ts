// The sums that the cluster keeps, against a count from scratch.

import { expect } from 'vitest'
import { NONE } from '../../src/base/columns.ts'
import type { Cluster } from '../../src/cluster/cluster.ts'
import { isTerminal } from '../../src/cluster/pods.ts'
import type { ReplicaSetId } from '../../src/cluster/replicaSets.ts'
import { type BudgetId, Kind, type NodeId } from '../../src/model/types.ts'

/** Every sum of podCounts.ts and of the table of pods is what counting gives; no node holds more than it has. */
export function checkSums(cluster: Cluster): void {
  const { budgets, deployments, model, nodes, pods, replicaSets } = cluster
  const zeros = (length: number): number[] => new Array<number>(length).fill(0)
  const rs = {
    active: zeros(replicaSets.created),
    ready: zeros(replicaSets.created),
    ending: zeros(replicaSets.created),
  }
  const dep = { active: zeros(deployments.count), ready: zeros(deployments.count), ending: zeros(deployments.count) }
  const spread = zeros(deployments.count * nodes.count)
  const node = { pods: zeros(nodes.count), cpu: zeros(nodes.count), memory: zeros(nodes.count) }
  const budget = { pods: zeros(budgets.count), ready: zeros(budgets.count) }
  let count = 0
  let orphans = 0
  let pending = 0
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
    count++
    const marked = pods.deletionMark[pod] === 1
    const ready = pods.ready[pod]
    const on = pods.node[pod]
    if (pods.ownerKind[pod] === Kind.None) orphans++
    for (let each = 0 as BudgetId; each < budgets.count; each++) {
      if (!budgets.selects(each, pods.template[pod])) continue
      budget.pods[each]++
      if (!marked) budget.ready[each] += ready
    }
    if (isTerminal(pods, pod)) continue
    if (on === NONE && !marked) pending++
    if (on !== NONE) {
      const { cpuMillis, memoryBytes } = model.templates[pods.template[pod]]
      node.pods[on]++
      node.cpu[on] += cpuMillis
      node.memory[on] += memoryBytes
    }
    if (pods.ownerKind[pod] !== Kind.ReplicaSet) continue
    const owner = pods.owner[pod] as ReplicaSetId
    const above = replicaSets.deployment[owner]
    if (marked) rs.ending[owner]++
    else rs.active[owner]++
    if (!marked) rs.ready[owner] += ready
    if (above === NONE) continue
    if (marked) dep.ending[above]++
    else dep.active[above]++
    if (!marked) dep.ready[above] += ready
    if (!marked && on !== NONE) spread[above * nodes.count + on]++
  }
  expect([pods.count, pods.created - pods.deleted, pods.orphanCount, pods.pendingCount], 'pods').toEqual([
    count,
    count,
    orphans,
    pending,
  ])
  const kept: readonly (readonly [string, Int32Array | Float64Array, number[]])[] = [
    ['replicaSets.activePods', replicaSets.activePods, rs.active],
    ['replicaSets.readyPods', replicaSets.readyPods, rs.ready],
    ['replicaSets.terminatingPods', replicaSets.terminatingPods, rs.ending],
    ['deployments.activePods', deployments.activePods, dep.active],
    ['deployments.readyPods', deployments.readyPods, dep.ready],
    ['deployments.terminatingPods', deployments.terminatingPods, dep.ending],
    ['deployments.activePodsOnNode', deployments.activePodsOnNode, spread],
    ['nodes.podCount', nodes.podCount, node.pods],
    ['nodes.cpuMillis', nodes.cpuMillis, node.cpu],
    ['nodes.memoryBytes', nodes.memoryBytes, node.memory],
    ['budgets.podCount', budgets.podCount, budget.pods],
    ['budgets.readyCount', budgets.readyCount, budget.ready],
  ] as unknown as (readonly [string, Int32Array, number[]])[]
  for (const [name, column, counted] of kept)
    for (let row = 0; row < counted.length; row++)
      if (column[row] !== counted[row]) expect.fail(`${name}[${row}] is ${column[row]}, counted ${counted[row]}`)
  for (let each = 0 as NodeId; each < nodes.count; each++) {
    const has = model.nodes[each]
    const within =
      node.pods[each] <= has.pods && node.cpu[each] <= has.cpuMillis && node.memory[each] <= has.memoryBytes
    if (!within) expect.fail(`${has.name} holds more than it has`)
  }
}
