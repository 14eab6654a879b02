// Which pods have to go so that a more important one fits, after pkg/scheduler/framework/preemption and
// plugins/defaultpreemption, Kubernetes v1.36. A dry run on the scheduler's own counts; with equal priorities, as in any
// rollout, there is nothing to find.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { DeletionReason } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import { isEmptySelector } from '../manifest/labels.ts'
import type { BudgetId, NodeId } from '../model/types.ts'
import type { Cache } from './cache.ts'
import type { Nominations } from './nominations.ts'
import type { PodPlan } from './podPlans.ts'
import { MEANINGS, Reason } from './reasons.ts'
import type { ScheduleOne } from './scheduleOne.ts'

/** What preemption on one node would mean. */
export interface Candidate {
  readonly node: NodeId
  /** Most important first. */
  readonly victims: readonly PodId[]
  readonly violations: number
}

/** At least so many nodes are tried, and at least so many percent of them. */
const CANDIDATES_MIN = 100
const CANDIDATES_PERCENT = 10

export class Preemption {
  private readonly cluster: Cluster
  private readonly cache: Cache
  private readonly one: ScheduleOne
  private readonly nominations: Nominations

  constructor(cluster: Cluster, cache: Cache, one: ScheduleOne, nominations: Nominations) {
    this.cluster = cluster
    this.cache = cache
    this.one = one
    this.nominations = nominations
  }

  /**
   * The best candidate for a pod whose attempt has just failed; undefined if there is none; 'ineligible' if it may not
   * preempt, or not again before its former victims are gone.
   *
   * @param u uniform in (0, 1): where among the nodes the dry runs begin
   */
  preempt(pod: PodId, u: number): Candidate | 'ineligible' | undefined {
    const plan = this.cache.planOf(pod)
    if (!this.isEligible(pod, plan)) return 'ineligible'
    const lesser = this.lesserPods(plan.template.priority)
    if (lesser.size === 0) return undefined
    return pickOneNode(this.cluster, this.cache, this.findCandidates(pod, plan, lesser, u))
  }

  /** PodEligibleToPreemptOthers. */
  private isEligible(pod: PodId, plan: PodPlan): boolean {
    if (!plan.template.preempts) return false
    const node = this.nominations.nodeOf(pod)
    if (node === NONE) return true
    const { one } = this
    if (one.wasExamined[node] === 1 && !MEANINGS[one.reasons[node]].resolvable) return true
    const { pods } = this.cluster
    for (const victim of this.lesserPods(plan.template.priority).get(node) ?? [])
      if (pods.deletionMark[victim] === 1 && pods.deletionReason[victim] === DeletionReason.Preempted) return false
    return true
  }

  /** Placed pods of lower priority, by node. */
  lesserPods(priority: number): Map<NodeId, PodId[]> {
    const { pods } = this.cluster
    const byNode = new Map<NodeId, PodId[]>()
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      const node = this.cache.nodeOf(pod)
      if (node === NONE || this.cache.planOf(pod).template.priority >= priority) continue
      const list = byNode.get(node)
      if (list === undefined) byNode.set(node, [pod])
      else list.push(pod)
    }
    return byNode
  }

  /** Dry runs on the nodes that preemption may help, from a random one on (DryRunPreemption). */
  private findCandidates(pod: PodId, plan: PodPlan, lesser: Map<NodeId, PodId[]>, u: number): Candidate[] {
    const { one } = this
    const potential: NodeId[] = []
    const { order, count } = this.cache.tree
    for (let i = 0; i < count; i++) {
      const node = order[i] as NodeId
      if (one.wasExamined[node] === 1 && MEANINGS[one.reasons[node]].resolvable) potential.push(node)
    }
    const share = Math.floor((potential.length * CANDIDATES_PERCENT) / 100)
    const wanted = Math.min(potential.length, Math.max(CANDIDATES_MIN, share))
    const offset = Math.floor(u * potential.length)
    const found: Candidate[] = []
    for (let i = 0; i < potential.length; i++) {
      const node = potential[(offset + i) % potential.length]
      const candidate = this.selectVictims(pod, plan, node, lesser.get(node) ?? [])
      if (candidate !== undefined) found.push(candidate)
      if (found.length >= wanted && found.some(({ violations }) => violations === 0)) break
    }
    return found
  }

  /** The fewest pods that must go from a node: all lesser ones leave, then as many as fit come back, the important first. */
  selectVictims(pod: PodId, plan: PodPlan, node: NodeId, lesser: readonly PodId[]): Candidate | undefined {
    const { cache } = this
    if (lesser.length === 0) return undefined
    for (const victim of lesser) cache.count(victim, node, -1)
    const fits = (): boolean => {
      this.one.preFilter(plan)
      return this.one.filterWithNominated(pod, plan, node) === Reason.Fits
    }
    const away = new Set<PodId>(lesser)
    const victims: PodId[] = []
    let violations = 0
    if (fits()) {
      const { violating, others } = this.splitByBudgets(lesser.toSorted((a, b) => this.compareImportance(a, b)))
      for (const victim of [...violating, ...others]) {
        cache.count(victim, node, 1)
        away.delete(victim)
        if (fits()) continue
        cache.count(victim, node, -1)
        away.add(victim)
        victims.push(victim)
        if (violating.includes(victim)) violations++
      }
    }
    for (const victim of away) cache.count(victim, node, 1)
    this.one.preFilter(plan)
    if (victims.length === 0) return undefined
    return { node, victims: victims.sort((a, b) => this.compareImportance(a, b)), violations }
  }

  /** MoreImportantPod: higher priority, then who has run longer. */
  private compareImportance(a: PodId, b: PodId): number {
    const { pods } = this.cluster
    const difference = this.cache.planOf(b).template.priority - this.cache.planOf(a).template.priority
    return difference || pods.createdAtUs[a] - pods.createdAtUs[b]
  }

  /** Pods whose eviction their budgets no longer allow, walking from the most important on (filterPodsWithPDBViolation). */
  private splitByBudgets(sorted: readonly PodId[]): { violating: PodId[]; others: PodId[] } {
    const { budgets, pods } = this.cluster
    const allowed = budgets.status.map(({ disruptionsAllowed }) => disruptionsAllowed)
    const violating: PodId[] = []
    const others: PodId[] = []
    for (const pod of sorted) {
      let isViolated = false
      for (let budget = 0 as BudgetId; budget < budgets.count; budget++) {
        if (budgets.exists[budget] === 0 || !budgets.selects(budget, pods.template[pod])) continue
        // Unlike evictions, the scheduler takes an empty selector for one that matches nothing.
        const { selector } = budgets.specOf(budget)
        if (selector === undefined || isEmptySelector(selector)) continue
        if (budgets.status[budget].disruptedPods.has(pods.uid[pod])) continue
        if (--allowed[budget] < 0) isViolated = true
      }
      if (isViolated) violating.push(pod)
      else others.push(pod)
    }
    return { violating, others }
  }
}

/** What adds up for each victim, so that fewer victims sum to less whatever their priorities (MaxInt32 + 1). */
const PRIORITY_SHIFT = 2_147_483_648

/**
 * pickOneNodeForPreemption: fewest violations; least of the greatest victims' priorities; least sum of priorities;
 * fewest victims; the latest start of the longest running among the greatest; then the first.
 */
export function pickOneNode(cluster: Cluster, cache: Cache, candidates: readonly Candidate[]): Candidate | undefined {
  const priorityOf = (pod: PodId): number => cache.planOf(pod).template.priority
  const ranks: readonly ((candidate: Candidate) => number)[] = [
    ({ violations }) => violations,
    ({ victims }) => priorityOf(victims[0]),
    ({ victims }) => victims.reduce((sum, victim) => sum + priorityOf(victim) + PRIORITY_SHIFT, 0),
    ({ victims }) => victims.length,
    ({ victims }) => {
      const greatest = victims.filter((victim) => priorityOf(victim) === priorityOf(victims[0]))
      return -Math.min(...greatest.map((victim) => cluster.pods.createdAtUs[victim]))
    },
  ]
  let left = candidates
  for (const rank of ranks) {
    const least = Math.min(...left.map(rank))
    left = left.filter((candidate) => rank(candidate) === least)
  }
  return left[0]
}
