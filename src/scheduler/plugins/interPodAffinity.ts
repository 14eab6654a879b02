// After pkg/scheduler/framework/plugins/interpodaffinity/{filtering,scoring}.go, Kubernetes v1.36. Terminating pods count.

import { NONE } from '../../base/columns.ts'
import type { NodeId } from '../../model/types.ts'
import type { DomainTally, PodPlan } from '../podPlans.ts'
import { Reason } from '../reasons.ts'

/** Adds up by domain what the filter asks for; false if no term concerns pods of this class. */
export function preFilterAffinity(plan: PodPlan, order: Int32Array, count: number): boolean {
  const { affinity, antiAffinity, existingAntiAffinity } = plan
  if (affinity.length + antiAffinity.length + existingAntiAffinity.length === 0) return false
  for (let i = 0; i < affinity.length; i++) addUp(affinity[i], order, count)
  for (let i = 0; i < antiAffinity.length; i++) addUp(antiAffinity[i], order, count)
  for (let i = 0; i < existingAntiAffinity.length; i++) addUp(existingAntiAffinity[i], order, count)
  return true
}

/** Sums the tally by domain; false if it is zero everywhere. */
function addUp({ key, sums, tally }: DomainTally, order: Int32Array, count: number): boolean {
  sums.fill(0)
  let any = false
  for (let i = 0; i < count; i++) {
    const node = order[i]
    const domain = key.domain[node]
    const weight = tally.counts[node]
    if (domain === NONE || weight === 0) continue
    sums[domain] += weight
    any = true
  }
  return any
}

/** Required affinity is met, and neither side objects to the other. */
export function filterAffinity(plan: PodPlan, node: NodeId): Reason {
  if (plan.affinity.length > 0 && !satisfiesAffinity(plan, node)) return Reason.Affinity
  if (isHit(plan.antiAffinity, node)) return Reason.AntiAffinity
  return isHit(plan.existingAntiAffinity, node) ? Reason.ExistingAntiAffinity : Reason.Fits
}

/** Every term has a matching pod in the node's domain, or nobody matches anywhere and the pod is the first of its kind. */
function satisfiesAffinity({ affinity, matchesOwnAffinity }: PodPlan, node: NodeId): boolean {
  let podsExist = true
  let anywhere = false
  for (let i = 0; i < affinity.length; i++) {
    const { key, sums } = affinity[i]
    const domain = key.domain[node]
    if (domain === NONE) return false
    if (sums[domain] <= 0) podsExist = false
    anywhere ||= hasAny(sums)
  }
  return podsExist || (!anywhere && matchesOwnAffinity)
}

function hasAny(sums: Float64Array): boolean {
  for (let domain = 0; domain < sums.length; domain++) if (sums[domain] > 0) return true
  return false
}

function isHit(terms: readonly DomainTally[], node: NodeId): boolean {
  for (let i = 0; i < terms.length; i++) {
    const domain = terms[i].key.domain[node]
    if (domain !== NONE && terms[i].sums[domain] > 0) return true
  }
  return false
}

/** Adds up the preferences of both sides; false if none concerns this class: then the plugin does not score. */
export function preScoreAffinity({ preferences }: PodPlan, order: Int32Array, count: number): boolean {
  let any = false
  for (let i = 0; i < preferences.length; i++) any = addUp(preferences[i], order, count) || any
  return any
}

/** Weights of what is in the node's domains, for and against. */
export function scoreAffinity({ preferences }: PodPlan, node: NodeId): number {
  let score = 0
  for (let i = 0; i < preferences.length; i++) {
    const domain = preferences[i].key.domain[node]
    if (domain !== NONE) score += preferences[i].sums[domain]
  }
  return score
}

/** Raw scores become 0 for the least and 100 for the most; all 0 if they are equal (NormalizeScore). */
export function normalizeAffinity(scores: Float64Array, count: number): void {
  let least = Infinity
  let most = -Infinity
  for (let i = 0; i < count; i++) {
    if (scores[i] < least) least = scores[i]
    if (scores[i] > most) most = scores[i]
  }
  const span = most - least
  for (let i = 0; i < count; i++) scores[i] = span > 0 ? Math.trunc(100 * ((scores[i] - least) / span)) : 0
}
