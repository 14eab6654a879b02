// What every scoring plugin says of the feasible nodes, after prioritizeNodes of pkg/scheduler/schedule_one.go and
// RunScorePlugins of framework/runtime, Kubernetes v1.36: each between 0 and 100 times its weight, all added up.

import type { NodeId } from '../model/types.ts'
import type { Cache } from './cache.ts'
import { scoreBalance, scoresBalance } from './plugins/balancedAllocation.ts'
import { type ImageStates, preScoreImages, scoreImages } from './plugins/imageLocality.ts'
import { normalizeAffinity, preScoreAffinity, scoreAffinity } from './plugins/interPodAffinity.ts'
import { scoreLeastAllocated } from './plugins/nodeResourcesFit.ts'
import { normalizeSpread, preScoreSpread, scoreSpread } from './plugins/podTopologySpread.ts'
import type { PodPlan } from './podPlans.ts'

/** The scoring plugins, in the order of their columns. */
export const Scorer = {
  TaintToleration: 0,
  NodeAffinity: 1,
  NodeResourcesFit: 2,
  PodTopologySpread: 3,
  InterPodAffinity: 4,
  NodeResourcesBalancedAllocation: 5,
  ImageLocality: 6,
} as const

/** Weights of the default profile, by Scorer. */
export const WEIGHTS: readonly number[] = [3, 2, 1, 2, 2, 1, 1]

export class NodeScores {
  /** By place in the list of feasible nodes. */
  readonly totals: Float64Array
  /** By Scorer and place: the weighted score; 0 where the plugin does not apply. */
  readonly columns: readonly Float64Array[]
  private readonly cache: Cache
  private readonly images: ImageStates
  private readonly raw: Float64Array
  /** By container of the pod: what its image counts on a node that has it. */
  private readonly worth: Float64Array

  constructor(cache: Cache, images: ImageStates) {
    const n = cache.tree.order.length
    this.cache = cache
    this.images = images
    this.totals = new Float64Array(n)
    this.columns = WEIGHTS.map(() => new Float64Array(n))
    this.raw = new Float64Array(n)
    this.worth = new Float64Array(Math.max(0, ...cache.plans.imageCounts()))
  }

  /** Scores the first `count` nodes of a list with every plugin. */
  prioritize(plan: PodPlan, feasible: Int32Array, count: number): void {
    this.totals.fill(0, 0, count)
    this.scoreTaints(plan, feasible, count)
    this.scorePreferredNodes(plan, feasible, count)
    this.scoreResources(plan, feasible, count)
    this.scoreSpreading(plan, feasible, count)
    this.scorePodAffinity(plan, feasible, count)
    this.scoreImageLocality(plan, feasible, count)
  }

  private scoreTaints({ template }: PodPlan, feasible: Int32Array, count: number): void {
    const { raw } = this
    for (let i = 0; i < count; i++) raw[i] = template.intolerable[feasible[i]]
    normalize(raw, count, true)
    this.add(Scorer.TaintToleration, count)
  }

  private scorePreferredNodes({ template }: PodPlan, feasible: Int32Array, count: number): void {
    if (template.scheduling.preferredNodes.length === 0) return this.skip(Scorer.NodeAffinity, count)
    const { raw } = this
    for (let i = 0; i < count; i++) raw[i] = template.preferred[feasible[i]]
    normalize(raw, count, false)
    this.add(Scorer.NodeAffinity, count)
  }

  private scoreResources({ template }: PodPlan, feasible: Int32Array, count: number): void {
    const { raw } = this
    const { infos } = this.cache
    for (let i = 0; i < count; i++) raw[i] = scoreLeastAllocated(infos, template, feasible[i] as NodeId)
    this.add(Scorer.NodeResourcesFit, count)
    if (!scoresBalance(template)) return this.skip(Scorer.NodeResourcesBalancedAllocation, count)
    for (let i = 0; i < count; i++) raw[i] = scoreBalance(infos, template, feasible[i] as NodeId)
    this.add(Scorer.NodeResourcesBalancedAllocation, count)
  }

  private scoreSpreading(plan: PodPlan, feasible: Int32Array, count: number): void {
    const { raw } = this
    const { tree } = this.cache
    if (!preScoreSpread(plan, feasible, count, tree.order, tree.count))
      return this.skip(Scorer.PodTopologySpread, count)
    for (let i = 0; i < count; i++) raw[i] = scoreSpread(plan, feasible[i] as NodeId)
    normalizeSpread(raw, count)
    this.add(Scorer.PodTopologySpread, count)
  }

  private scorePodAffinity(plan: PodPlan, feasible: Int32Array, count: number): void {
    const { raw } = this
    const { tree } = this.cache
    if (!preScoreAffinity(plan, tree.order, tree.count)) return this.skip(Scorer.InterPodAffinity, count)
    for (let i = 0; i < count; i++) raw[i] = scoreAffinity(plan, feasible[i] as NodeId)
    normalizeAffinity(raw, count)
    this.add(Scorer.InterPodAffinity, count)
  }

  private scoreImageLocality({ template }: PodPlan, feasible: Int32Array, count: number): void {
    const { images, raw, worth } = this
    const { tree } = this.cache
    preScoreImages(images, template, tree.order, tree.count, worth)
    for (let i = 0; i < count; i++) raw[i] = scoreImages(images, template, feasible[i] as NodeId, worth)
    this.add(Scorer.ImageLocality, count)
  }

  /** Adds the scores of one plugin to the totals. */
  private add(scorer: number, count: number): void {
    const { raw, totals } = this
    const column = this.columns[scorer]
    const weight = WEIGHTS[scorer]
    for (let i = 0; i < count; i++) {
      column[i] = weight * raw[i]
      totals[i] += column[i]
    }
  }

  private skip(scorer: number, count: number): void {
    this.columns[scorer].fill(0, 0, count)
  }
}

/** 100 x score / most, or what is missing to 100 of it (helper DefaultNormalizeScore). */
function normalize(scores: Float64Array, count: number, reverse: boolean): void {
  let most = 0
  for (let i = 0; i < count; i++) if (scores[i] > most) most = scores[i]
  for (let i = 0; i < count; i++) {
    const share = most === 0 ? 0 : Math.trunc((100 * scores[i]) / most)
    scores[i] = reverse ? 100 - share : share
  }
}
