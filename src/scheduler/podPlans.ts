// What the scheduler must know of a pod, compiled to integers once for all pods that no selector can tell apart (a
// class): the same template, pod-template-hash and, where it decides the default spreading, the same owner.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'
import { isEmptySelector, matchesLabels, matchesSelector } from '../manifest/labels.ts'
import type { LabelMap, LabelSelector } from '../manifest/types.ts'
import type { PodTerm, SpreadConstraint } from '../model/scheduling.ts'
import { Kind, type TemplateId } from '../model/types.ts'
import type { Tallies, Tally } from './tallies.ts'
import { TemplatePlans, type TemplatePlan } from './templatePlans.ts'
import { HOSTNAME, TopologyKey, ZONE } from './topology.ts'

/** A spread constraint of a class. `matches` and the other scratch is podTopologySpread.ts's. */
export interface SpreadPlan {
  readonly maxSkew: number
  readonly minDomains: number
  readonly key: TopologyKey
  readonly tally: Tally
  /** 1: a pod of the class matches its own selector. */
  readonly selfMatch: number
  readonly honorsAffinity: boolean
  readonly honorsTaints: boolean
  /** Matching pods by domain; the last place is for nodes without the label. Rewritten in every attempt. */
  readonly matches: Int32Array
  /** 1: a domain in which some node counts. */
  readonly seen: Uint8Array
  least: number
  weight: number
}

/** A tally whose counts are added up per domain of a topology key. */
export interface DomainTally {
  readonly key: TopologyKey
  readonly tally: Tally
  /** Sums by domain; rewritten in every attempt. */
  readonly sums: Float64Array
}

export interface PodPlan {
  readonly id: number
  readonly template: TemplatePlan
  readonly labels: LabelMap
  readonly hash: TemplateId
  /** Kind and row of the owner that has a selector of its own; Kind.None, NONE otherwise. */
  readonly ownerKind: Kind
  readonly owner: number
  readonly hard: readonly SpreadPlan[]
  readonly soft: readonly SpreadPlan[]
  /** The soft constraints are the pod's own, so that nodes without all keys are ignored. */
  readonly softIsDeclared: boolean
  /** Required affinity: pods that match all terms, per key; `affinity[0].tally` is that of all. */
  readonly affinity: readonly DomainTally[]
  readonly matchesOwnAffinity: boolean
  readonly antiAffinity: readonly DomainTally[]
  /** Required anti-affinity of others that this class runs into; grows with the classes. */
  readonly existingAntiAffinity: DomainTally[]
  /** Preferred terms of both sides, and the required affinity of others. */
  readonly preferences: DomainTally[]
}

/** hardPodAffinityWeight of the InterPodAffinity plugin. */
const HARD_AFFINITY_WEIGHT = 1

export class PodPlans {
  readonly plans: PodPlan[] = []
  readonly templates: TemplatePlans
  private readonly cluster: Cluster
  private readonly tallies: Tallies
  private readonly nodes: number
  private readonly byKey = new Map<number, PodPlan>()
  private readonly keys = new Map<string, TopologyKey>()
  /** Tallies that look at each class as it appears: what weight it has. */
  private readonly watching: { readonly tally: Tally; readonly weigh: (plan: Identity) => number }[] = []

  constructor(cluster: Cluster, tallies: Tallies) {
    this.cluster = cluster
    this.tallies = tallies
    this.nodes = cluster.nodes.count
    this.templates = new TemplatePlans(cluster)
  }

  /** The plan of a pod; compiled when its class is first seen. */
  planOf(pod: PodId): PodPlan {
    const { model, pods, replicaSets } = this.cluster
    const kind = pods.ownerKind[pod]
    const hash = pods.hash[pod]
    // A StatefulSet, and a ReplicaSet without pod-template-hash, spread what their own selector matches.
    const hasSelector = kind === Kind.StatefulSet || (kind === Kind.ReplicaSet && hash === NONE)
    const owner = hasSelector ? pods.owner[pod] : NONE
    const owners = Math.max(model.statefulSets.length, replicaSets.capacity) + 1
    const ownerKey = (hasSelector ? kind : 0) * owners + owner + 1
    const key = (pods.template[pod] * (model.templates.length + 1) + hash + 1) * (owners * 16) + ownerKey
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    const plan = this.compile(pods.template[pod], hash, hasSelector ? kind : Kind.None, owner, kind)
    this.byKey.set(key, plan)
    return plan
  }

  /** How many images the pods of each template run. */
  imageCounts(): number[] {
    return this.cluster.model.templates.map(({ scheduling }) => scheduling.images.length)
  }

  /** Reads the labels of the nodes where they have changed. */
  refreshKeys(stamp: number): void {
    for (const key of this.keys.values()) key.refresh(this.cluster.nodes, stamp)
  }

  private compile(template: TemplateId, hash: TemplateId, ownerKind: Kind, owner: number, kind: Kind): PodPlan {
    const { scheduling } = this.cluster.model.templates[template]
    const labels = this.labelsOf(template, hash, kind)
    const id = this.plans.length
    this.tallies.addClass()
    const identity = { id, labels, hash, ownerKind, owner }
    const declared = scheduling.spreading
    const allTerms = scheduling.affinity.required
    const matchesAll = this.tallyOf(true, (plan) => (allTerms.every((term) => matches(term, labels, plan)) ? 1 : 0))
    const plan: PodPlan = {
      ...identity,
      template: this.templates.planOf(template),
      hard: declared.filter(({ isHard }) => isHard).map((constraint) => this.spread(constraint, labels)),
      soft:
        declared.length > 0
          ? declared.filter(({ isHard }) => !isHard).map((constraint) => this.spread(constraint, labels))
          : this.defaultSpreading(identity),
      softIsDeclared: declared.length > 0,
      affinity: allTerms.map(({ topologyKey }) => this.domainTally(topologyKey, matchesAll)),
      matchesOwnAffinity: allTerms.every((term) => matches(term, labels, identity)),
      antiAffinity: scheduling.antiAffinity.required.map((term) =>
        this.domainTally(
          term.topologyKey,
          this.tallyOf(true, (other) => (matches(term, labels, other) ? 1 : 0)),
        ),
      ),
      existingAntiAffinity: [],
      preferences: [],
    }
    this.plans.push(plan)
    this.admitClass(plan)
    return plan
  }

  /** Relates a new class to those that are there already, in both directions. */
  private admitClass(plan: PodPlan): void {
    for (const { tally, weigh } of this.watching) this.tallies.setWeight(tally, plan.id, weigh(plan))
    for (const other of this.plans) {
      this.relate(plan, other)
      if (other !== plan) this.relate(other, plan)
    }
  }

  /** What pods of `placed` mean for a pod of `incoming`, by topology key. */
  private relate(incoming: PodPlan, placed: PodPlan): void {
    const { affinity, antiAffinity } = placed.template.scheduling
    const own = incoming.template.scheduling
    const objections = new Map<string, number>()
    for (const term of antiAffinity.required)
      if (matches(term, placed.labels, incoming)) raise(objections, term.topologyKey, 1)
    for (const [key, weight] of objections) this.weigh(incoming.existingAntiAffinity, key, placed.id, weight)
    const preferences = new Map<string, number>()
    for (const [terms, self, other, sign] of [
      [own.affinity.preferred, incoming, placed, 1],
      [own.antiAffinity.preferred, incoming, placed, -1],
      [affinity.preferred, placed, incoming, 1],
      [antiAffinity.preferred, placed, incoming, -1],
    ] as const)
      for (const term of terms)
        if (matches(term, self.labels, other)) raise(preferences, term.topologyKey, sign * term.weight)
    for (const term of affinity.required)
      if (matches(term, placed.labels, incoming)) raise(preferences, term.topologyKey, HARD_AFFINITY_WEIGHT)
    for (const [key, weight] of preferences) this.weigh(incoming.preferences, key, placed.id, weight)
  }

  /** Gives a class a weight in the list's tally of a key, which is made if there is none yet. */
  private weigh(list: DomainTally[], key: string, podClass: number, weight: number): void {
    let entry = list.find((each) => each.key.label === key)
    if (entry === undefined) {
      entry = this.domainTally(key, this.tallies.create(true))
      list.push(entry)
    }
    this.tallies.setWeight(entry.tally, podClass, weight)
  }

  /** A tally over the classes that are there and those to come. */
  private tallyOf(countsTerminating: boolean, weigh: (plan: Identity) => number): Tally {
    const tally = this.tallies.create(countsTerminating)
    for (const plan of this.plans) this.tallies.setWeight(tally, plan.id, weigh(plan))
    this.watching.push({ tally, weigh })
    return tally
  }

  private domainTally(key: string, tally: Tally): DomainTally {
    return { key: this.topologyKey(key), tally, sums: new Float64Array(this.nodes) }
  }

  private topologyKey(label: string): TopologyKey {
    let key = this.keys.get(label)
    if (key === undefined) {
      key = new TopologyKey(label, this.nodes)
      this.keys.set(label, key)
    }
    return key
  }

  private spread(constraint: SpreadConstraint, labels: LabelMap): SpreadPlan {
    const { selector, matchLabelKeys } = constraint
    const merged = withLabels(selector, matchLabelKeys, labels)
    // Upstream counts nothing for a selector that matches everything, but such a pod still matches itself.
    const countsNothing = merged === undefined || isEmptySelector(merged)
    return this.spreadPlan(
      constraint,
      this.tallyOf(false, (plan) => (!countsNothing && matchesSelector(merged, plan.labels) ? 1 : 0)),
      matchesSelector(merged, labels) ? 1 : 0,
    )
  }

  private spreadPlan(
    constraint: Omit<SpreadConstraint, 'isHard' | 'selector' | 'matchLabelKeys'>,
    tally: Tally,
    selfMatch: number,
  ): SpreadPlan {
    return {
      maxSkew: constraint.maxSkew,
      minDomains: constraint.minDomains,
      key: this.topologyKey(constraint.topologyKey),
      tally,
      selfMatch,
      honorsAffinity: constraint.honorsAffinity,
      honorsTaints: constraint.honorsTaints,
      matches: new Int32Array(this.nodes + 1),
      seen: new Uint8Array(this.nodes + 1),
      least: 0,
      weight: 0,
    }
  }

  /** The system's default constraints: for pods that a Service selects or whose owner has a selector. */
  private defaultSpreading(own: Identity): SpreadPlan[] {
    const services = this.cluster.model.serviceSelectors.filter((selector) => matchesLabels(selector, own.labels))
    const wanted: LabelMap = Object.assign({}, ...services)
    const hasOwner = own.hash !== NONE || own.ownerKind !== Kind.None
    if (!hasOwner && Object.keys(wanted).length === 0) return []
    const isKin = (other: Identity): boolean =>
      own.hash !== NONE ? other.hash === own.hash : other.ownerKind === own.ownerKind && other.owner === own.owner
    const tally = this.tallyOf(false, (other) =>
      (!hasOwner || isKin(other)) && matchesLabels(wanted, other.labels) ? 1 : 0,
    )
    return SYSTEM_DEFAULTS.map((constraint) => this.spreadPlan(constraint, tally, 1))
  }

  /** Labels of a template's pods with those that controllers add and that depend on nothing but the template. */
  private labelsOf(template: TemplateId, hash: TemplateId, kind: Kind): LabelMap {
    const { labels } = this.cluster.model.templates[template]
    return {
      ...labels,
      ...(hash === NONE ? {} : { 'pod-template-hash': `template-${hash}` }),
      ...(kind === Kind.StatefulSet || kind === Kind.DaemonSet
        ? { 'controller-revision-hash': `template-${template}` }
        : {}),
    }
  }
}

type Identity = Pick<PodPlan, 'id' | 'labels' | 'hash' | 'ownerKind' | 'owner'>

/** systemDefaultConstraints of the PodTopologySpread plugin. */
const SYSTEM_DEFAULTS = [
  { maxSkew: 3, topologyKey: HOSTNAME, minDomains: 1, honorsAffinity: true, honorsTaints: false },
  { maxSkew: 5, topologyKey: ZONE, minDomains: 1, honorsAffinity: true, honorsTaints: false },
]

/** Whether a term of a pod with `labels` matches a pod of another class. */
function matches(term: PodTerm, labels: LabelMap, other: Pick<PodPlan, 'labels'>): boolean {
  const merged = withLabels(term.selector, term.matchLabelKeys, labels)
  if (!matchesSelector(merged, other.labels)) return false
  return term.mismatchLabelKeys.every((key) => !(key in labels) || labels[key] !== other.labels[key])
}

/** A selector with the pod's own values of some keys added; keys that the pod does not have do not count. */
function withLabels(
  selector: LabelSelector | undefined,
  keys: readonly string[],
  labels: LabelMap,
): LabelSelector | undefined {
  if (selector === undefined || keys.length === 0) return selector
  const own = keys
    .filter((key) => key in labels)
    .map((key) => ({ key, operator: 'In' as const, values: [labels[key]] }))
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...own] }
}

function raise(sums: Map<string, number>, key: string, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by)
}
