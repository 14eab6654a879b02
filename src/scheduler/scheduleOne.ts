// One attempt to place one pod, after pkg/scheduler/schedule_one.go, Kubernetes v1.36: filter the nodes, score those that
// remain, pick one. The filters run over integers only; what depends on labels and taints was read when they changed.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'
import type { NodeId } from '../model/types.ts'
import type { TieBreak } from '../scenario/types.ts'
import type { Cache } from './cache.ts'
import { NodePicker } from './pickNode.ts'
import type { ImageStates } from './plugins/imageLocality.ts'
import { filterAffinity, preFilterAffinity } from './plugins/interPodAffinity.ts'
import { filterNodeName } from './plugins/nodeName.ts'
import { filterPorts } from './plugins/nodePorts.ts'
import { filterResources } from './plugins/nodeResourcesFit.ts'
import { filterSpread, preFilterSpread } from './plugins/podTopologySpread.ts'
import type { VolumeFilter } from './plugins/volumes.ts'
import type { Nominations } from './nominations.ts'
import { NodeScores } from './nodeScores.ts'
import type { PodPlan } from './podPlans.ts'
import { MEANINGS, Reason } from './reasons.ts'

/** Below this number of nodes all are examined; above, at least so many feasible ones are looked for. */
const NODES_MIN = 100

export class ScheduleOne {
  /** The feasible nodes of the last attempt, and what they scored. */
  readonly feasible: Int32Array
  feasibleCount = 0
  readonly scores: NodeScores
  /** By node: the verdict of the filters, for nodes that were examined in this attempt. */
  readonly reasons: Uint8Array
  readonly wasExamined: Uint8Array
  /** Plugins that rejected some node in the last attempt. */
  rejectors = 0
  private readonly cluster: Cluster
  private readonly cache: Cache
  private readonly nominations: Nominations
  private readonly volumeFilter: VolumeFilter
  private readonly picker: NodePicker
  /** Where the search begins: it moves on by the number of nodes examined, so a full round leaves it where it was. */
  private start = 0
  private concernsAffinity = false

  constructor(
    cluster: Cluster,
    cache: Cache,
    nominations: Nominations,
    volumeFilter: VolumeFilter,
    images: ImageStates,
  ) {
    const n = cluster.nodes.count
    this.cluster = cluster
    this.cache = cache
    this.nominations = nominations
    this.volumeFilter = volumeFilter
    this.picker = new NodePicker(n)
    this.feasible = new Int32Array(n)
    this.scores = new NodeScores(cache, images)
    this.reasons = new Uint8Array(n)
    this.wasExamined = new Uint8Array(n)
  }

  reset(): void {
    this.start = 0
  }

  /**
   * The node for a pod, or NONE; then `rejectors` says which plugins stood in its way, 0 that there are no nodes at all.
   *
   * @param u uniform in (0, 1): the choice among equally good nodes
   */
  schedulePod(pod: PodId, tieBreak: TieBreak, u: number): NodeId {
    const plan = this.cache.planOf(pod)
    this.rejectors = 0
    this.wasExamined.fill(0)
    if (this.cache.tree.count === 0) return NONE as NodeId
    this.preFilter(plan)
    this.findNodes(pod, plan)
    if (this.feasibleCount === 0) return NONE as NodeId
    if (this.feasibleCount === 1) return this.feasible[0] as NodeId
    this.scores.prioritize(plan, this.feasible, this.feasibleCount)
    return this.feasible[this.picker.pick(this.scores.totals, this.feasibleCount, tieBreak, u)] as NodeId
  }

  /** Brings what the plan says of nodes up to date and counts what the filters compare with. */
  preFilter(plan: PodPlan): void {
    const { plans, tree } = this.cache
    const { templates } = plans
    if (plan.template.stamp < templates.stamp) templates.readNodes(plan.template)
    plans.refreshKeys(templates.stamp)
    preFilterSpread(plan, tree.order, tree.count)
    this.concernsAffinity = preFilterAffinity(plan, tree.order, tree.count)
  }

  /** The nominated node if it fits; else the feasible nodes among those to be examined (findNodesThatFitPod). */
  private findNodes(pod: PodId, plan: PodPlan): void {
    const { tree } = this.cache
    this.feasibleCount = 0
    const nominated = this.nominations.nodeOf(pod)
    if (nominated !== NONE && tree.has(nominated)) {
      this.examine(pod, plan, nominated)
      if (this.feasibleCount > 0) return
    }
    const target = this.cluster.pods.targetNode[pod]
    const { nodeRows } = plan.template
    if (target !== NONE || nodeRows !== undefined) {
      this.rejectors |= NODE_AFFINITY
      let processed = 0
      if (target === NONE) for (const node of nodeRows!) processed += this.examineIfThere(pod, plan, node)
      else if (nodeRows === undefined || nodeRows.includes(target)) processed = this.examineIfThere(pod, plan, target)
      this.start = (this.start + processed) % tree.count
      return
    }
    const wanted = nodesToFind(tree.count)
    let examined = 0
    while (examined < tree.count && this.feasibleCount < wanted) {
      this.examine(pod, plan, tree.order[(this.start + examined) % tree.count] as NodeId)
      examined++
    }
    this.start = (this.start + examined) % tree.count
  }

  /** Returns how many nodes that were: 1, or 0 if there is no such node. */
  private examineIfThere(pod: PodId, plan: PodPlan, node: NodeId): number {
    if (!this.cache.tree.has(node)) return 0
    this.examine(pod, plan, node)
    return 1
  }

  private examine(pod: PodId, plan: PodPlan, node: NodeId): void {
    if (this.wasExamined[node] === 1) return
    const reason = this.filterWithNominated(pod, plan, node)
    this.wasExamined[node] = 1
    this.reasons[node] = reason
    if (reason === Reason.Fits) this.feasible[this.feasibleCount++] = node
    else this.rejectors |= MEANINGS[reason].rejector
  }

  /**
   * The filters must pass with the pods that are nominated to the node and matter at least as much as this one, and
   * without them: they may come, or not (RunFilterPluginsWithNominatedPods).
   */
  filterWithNominated(pod: PodId, plan: PodPlan, node: NodeId): Reason {
    if (this.nominations.count > 0 && this.nominations.place(pod, node, 1)) {
      this.preFilter(plan)
      const reason = this.filter(pod, plan, node)
      this.nominations.place(pod, node, -1)
      this.preFilter(plan)
      if (reason !== Reason.Fits) return reason
    }
    return this.filter(pod, plan, node)
  }

  /** The first filter that rejects the node decides. */
  filter(pod: PodId, plan: PodPlan, node: NodeId): Reason {
    const { cluster } = this
    const { infos } = this.cache
    const { template } = plan
    const standing = template.reason[node] as Reason
    if (standing !== Reason.Fits) return standing
    if (!filterNodeName(cluster.pods, pod, node)) return Reason.NodeAffinity
    if (!filterPorts(infos, template, node)) return Reason.NodePorts
    const room = filterResources(infos, template, node)
    if (room !== Reason.Fits) return room
    const volumes = this.volumeFilter(cluster, pod, node)
    if (volumes !== Reason.Fits) return volumes
    const spread = filterSpread(plan, node)
    if (spread !== Reason.Fits) return spread
    return this.concernsAffinity ? filterAffinity(plan, node) : Reason.Fits
  }
}

const NODE_AFFINITY = MEANINGS[Reason.NodeAffinity].rejector

/**
 * How many feasible nodes are enough (numFeasibleNodesToFind): all of fewer than 100; 50 % less 1 % per 125 nodes, at
 * least 5 %, of more. 1,000 nodes: 50 - 8 = 42 %, 420 nodes. 5,000: 10 %, 500.
 */
export function nodesToFind(nodes: number): number {
  if (nodes < NODES_MIN) return nodes
  const percentage = Math.max(5, 50 - Math.floor(nodes / 125))
  return Math.max(NODES_MIN, Math.floor((nodes * percentage) / 100))
}
