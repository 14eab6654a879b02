// The state of the cluster in the words of the recordings: what is compared, instant by instant.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { ConditionStatus, nameOf, PodPhase } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import { Kind } from '../model/types.ts'
import { addBudgets } from './budgetState.ts'
import { addDaemonSets } from './daemonSetState.ts'
import { addDeployments } from './deploymentState.ts'
import { addJobs } from './jobState.ts'
import { addStatefulSets, claimStates } from './statefulSetState.ts'
import type { State } from './trace.ts'

/** The state now. Empty parts are left out, `workloads` never. */
export function snapshot(cluster: Cluster, placements: boolean): State {
  const state: State = {}
  const pods = podCounts(cluster, placements)
  if (Object.keys(pods).length > 0) state['pods'] = pods
  const nodes = nodeStates(cluster)
  if (Object.keys(nodes).length > 0) state['nodes'] = nodes
  const workloads: State = {}
  for (const add of WORKLOAD_STATES) add(cluster, workloads)
  state['workloads'] = workloads
  const claims = claimStates(cluster)
  if (Object.keys(claims).length > 0) state['claims'] = claims
  return state
}

/** One function for each kind that recordings know. */
const WORKLOAD_STATES: readonly ((cluster: Cluster, workloads: State) => void)[] = [
  addDeployments,
  addDaemonSets,
  addJobs,
  addBudgets,
  addStatefulSets,
]

/** Pods by `IMAGE STATE`, with the node between them where placements are recorded. */
function podCounts(cluster: Cluster, placements: boolean): Record<string, number> {
  const { model, pods } = cluster
  const counts: Record<string, number> = {}
  for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
    const image = model.images[model.templates[pods.template[pod]].image].name
    const identity = pods.ownerKind[pod] === Kind.StatefulSet ? `${cluster.nameOfPod(pod)}=${image}` : image
    const node = pods.node[pod] === NONE ? '-' : model.nodes[pods.node[pod]].name
    const key = `${identity}${placements ? ` ${node}` : ''} ${stateOf(cluster, pod)}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}

function stateOf(cluster: Cluster, pod: PodId): string {
  const { pods } = cluster
  if (pods.phase[pod] === PodPhase.Succeeded) return 'succeeded'
  if (pods.phase[pod] === PodPhase.Failed) return 'failed'
  if (pods.deletionMark[pod] === 1) return 'terminating'
  if (pods.ready[pod] === 1) return 'ready'
  if (pods.phase[pod] === PodPhase.Running) return 'running'
  return pods.node[pod] === NONE ? 'pending' : 'starting'
}

/** Nodes that are not plainly Ready: `READY key:Effect,…`. */
function nodeStates(cluster: Cluster): Record<string, string> {
  const { model, nodes } = cluster
  const states: Record<string, string> = {}
  model.nodes.forEach(({ name }, row) => {
    const node = row as Parameters<typeof nodes.create>[0]
    if (nodes.exists[node] === 0) return
    const taints = nodes.taints[node].map(
      ({ key, effect }) => `${key.replace(/^node\.kubernetes\.io\//, '')}:${effect}`,
    )
    const ready = nameOf(ConditionStatus, nodes.ready[node])
    if (ready !== 'True' || taints.length > 0) states[name] = `${ready} ${taints.sort(byText).join(',')}`.trim()
  })
  return states
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
