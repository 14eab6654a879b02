// After pkg/scheduler/framework/plugins/podtopologyspread/{filtering,scoring}.go, Kubernetes v1.36.

import { NONE } from '../../base/columns.ts'
import type { NodeId } from '../../model/types.ts'
import type { PodPlan, SpreadPlan } from '../podPlans.ts'
import { Reason } from '../reasons.ts'
import type { TemplatePlan } from '../templatePlans.ts'

/** Counts the matching pods by domain for every DoNotSchedule constraint, and the least of each (calPreFilterState). */
export function preFilterSpread(plan: PodPlan, order: Int32Array, count: number): void {
  const { hard, template } = plan
  for (let c = 0; c < hard.length; c++) {
    const constraint = hard[c]
    const { key, matches, seen, tally } = constraint
    matches.fill(0)
    seen.fill(0)
    let domains = 0
    for (let i = 0; i < count; i++) {
      const node = order[i] as NodeId
      if (!hasAllKeys(hard, node) || !isIncluded(constraint, template, node)) continue
      const domain = key.domain[node]
      if (seen[domain] === 0) domains++
      seen[domain] = 1
      matches[domain] += tally.counts[node]
    }
    constraint.least = domains < constraint.minDomains ? 0 : leastOf(matches, seen)
  }
}

function leastOf(matches: Int32Array, seen: Uint8Array): number {
  let least = NO_DOMAIN
  for (let domain = 0; domain < matches.length; domain++)
    if (seen[domain] === 1 && matches[domain] < least) least = matches[domain]
  return least
}

/** math.MaxInt32: what upstream has for the least of no domain at all. */
const NO_DOMAIN = 0x7fffffff

/** The node's domain would not run ahead of the emptiest by more than maxSkew. */
export function filterSpread({ hard }: PodPlan, node: NodeId): Reason {
  for (let c = 0; c < hard.length; c++) {
    const constraint = hard[c]
    const domain = constraint.key.domain[node]
    if (domain === NONE) return Reason.TopologyKey
    // maxSkew 1, two pods in the domain and one in the emptiest: 2 + 1 - 1 = 2 > 1.
    const skew = constraint.matches[domain] + constraint.selfMatch - constraint.least
    if (skew > constraint.maxSkew) return Reason.TopologySpread
  }
  return Reason.Fits
}

/** A node counts for a constraint if it passes what the constraint's node policies honour. */
function isIncluded(constraint: SpreadPlan, template: TemplatePlan, node: NodeId): boolean {
  if (constraint.honorsAffinity && template.selects[node] === 0) return false
  return !constraint.honorsTaints || template.tolerates[node] === 1
}

function hasAllKeys(constraints: readonly SpreadPlan[], node: NodeId): boolean {
  for (let c = 0; c < constraints.length; c++) if (constraints[c].key.domain[node] === NONE) return false
  return true
}

/**
 * Counts for the ScheduleAnyway constraints (initPreScoreState, PreScore): domains are those of the feasible nodes,
 * pods those of all nodes. Constraints over few domains weigh less: ln(domains + 2).
 *
 * @returns false if there is nothing to score
 */
export function preScoreSpread(
  plan: PodPlan,
  feasible: Int32Array,
  feasibleCount: number,
  order: Int32Array,
  count: number,
): boolean {
  const { soft, softIsDeclared, template } = plan
  for (let c = 0; c < soft.length; c++) {
    const constraint = soft[c]
    const { key, matches, seen, tally } = constraint
    matches.fill(0)
    seen.fill(0)
    let size = 0
    for (let i = 0; i < feasibleCount; i++) {
      const node = feasible[i] as NodeId
      if (softIsDeclared && !hasAllKeys(soft, node)) continue
      const domain = placeOf(key.domain[node], matches)
      if (key.isHostname || seen[domain] === 0) size++
      seen[domain] = 1
    }
    constraint.weight = Math.log(size + 2)
    // Pods on the node itself are looked up when it is scored.
    if (key.isHostname) continue
    for (let i = 0; i < count; i++) {
      const node = order[i] as NodeId
      if (softIsDeclared && !hasAllKeys(soft, node)) continue
      const domain = placeOf(key.domain[node], matches)
      if (seen[domain] === 1 && isIncluded(constraint, template, node)) matches[domain] += tally.counts[node]
    }
  }
  return soft.length > 0
}

/** Nodes without the label share the last place. */
function placeOf(domain: number, matches: Int32Array): number {
  return domain === NONE ? matches.length - 1 : domain
}

/** Pods that the node would be near to; NONE for a node that lacks a key of a declared constraint. */
export function scoreSpread({ soft, softIsDeclared }: PodPlan, node: NodeId): number {
  if (softIsDeclared && !hasAllKeys(soft, node)) return NONE
  let score = 0
  for (let c = 0; c < soft.length; c++) {
    const { key, matches, maxSkew, tally, weight } = soft[c]
    const domain = key.domain[node]
    if (domain === NONE) continue
    const near = key.isHostname ? tally.counts[node] : matches[domain]
    score += near * weight + (maxSkew - 1)
  }
  return Math.round(score)
}

/**
 * Turns raw scores into 0 to 100, fewest pods first (NormalizeScore); `scores` holds what scoreSpread said.
 *
 * Raw 4, 4 and 8: least 4, most 8, so 100 x (8 + 4 - 4) / 8 = 100, 100, and 100 x (8 + 4 - 8) / 8 = 50.
 */
export function normalizeSpread(scores: Float64Array, count: number): void {
  let least = Infinity
  let most = 0
  for (let i = 0; i < count; i++) {
    if (scores[i] === NONE) continue
    if (scores[i] < least) least = scores[i]
    if (scores[i] > most) most = scores[i]
  }
  for (let i = 0; i < count; i++) {
    if (scores[i] === NONE) scores[i] = 0
    else scores[i] = most === 0 ? 100 : Math.trunc((100 * (most + least - scores[i])) / most)
  }
}
