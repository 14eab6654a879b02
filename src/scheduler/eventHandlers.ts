// What the scheduler does about each change of the cluster, after pkg/scheduler/eventhandlers.go and the plugins'
// EventsToRegister, Kubernetes v1.36: it keeps its view current, and wakes those waiting pods whose rejecting plugins
// see a chance in the change.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { PodChange } from '../cluster/codes.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { NodeId } from '../model/types.ts'
import type { Taint } from '../scenario/types.ts'
import type { Cache } from './cache.ts'
import type { Nominations } from './nominations.ts'
import { freesPort } from './plugins/nodePorts.ts'
import { fitsEmptyNode } from './plugins/nodeResourcesFit.ts'
import type { PodPlan } from './podPlans.ts'
import { Reason, Rejector } from './reasons.ts'
import type { SchedulingQueue } from './schedulingQueue.ts'

/** A waiting pod's question to an event. */
type Hint = (pod: PodId, rejectors: number) => boolean

export class EventHandlers {
  private readonly cluster: Cluster
  private readonly cache: Cache
  private readonly queue: SchedulingQueue
  private readonly nominations: Nominations
  private readonly cycle: { currentPod(): PodId; rejectorsOfCurrent(): number }
  /** By node: what of it was seen last. */
  private readonly seenTaints: (readonly Taint[])[]
  private readonly seenLabels: Readonly<Record<string, string>>[]
  private readonly seenUnschedulable: Uint8Array

  constructor(
    cluster: Cluster,
    cache: Cache,
    queue: SchedulingQueue,
    nominations: Nominations,
    cycle: EventHandlers['cycle'],
  ) {
    this.cluster = cluster
    this.cache = cache
    this.queue = queue
    this.nominations = nominations
    this.cycle = cycle
    this.seenTaints = [...cluster.nodes.taints]
    this.seenLabels = [...cluster.nodes.labels]
    this.seenUnschedulable = new Uint8Array(cluster.nodes.count)
  }

  reset(): void {
    for (let node = 0 as NodeId; node < this.cluster.nodes.count; node++) this.see(node)
  }

  private see(node: NodeId): void {
    const { nodes } = this.cluster
    this.seenTaints[node] = nodes.taints[node]
    this.seenLabels[node] = nodes.labels[node]
    this.seenUnschedulable[node] = nodes.unschedulable[node]
  }

  watcher(): Watcher {
    const { cache, queue } = this
    const { pods } = this.cluster
    return {
      podAdded: (pod) => {
        cache.admit(pod)
        if (pods.node[pod] === NONE) queue.add(pod)
      },
      podUpdated: (pod, change) => this.podUpdated(pod, change),
      podDeleted: (pod) => {
        queue.remove(pod)
        const wasNominated = this.nominations.nodeOf(pod) !== NONE
        this.nominations.clear(pod)
        const wasPlaced = cache.nodeOf(pod) !== NONE
        cache.removePod(pod)
        if (wasPlaced || wasNominated) this.podGone(pod)
      },
      podOwnerChanged: (pod) => cache.reclassify(pod),
      nodeChanged: (node) => this.nodeChanged(node),
      claimChanged: () => this.storageChanged(),
      volumeAdded: () => this.storageChanged(),
    }
  }

  private podUpdated(pod: PodId, change: PodChange): void {
    const { cache, queue } = this
    const { pods } = this.cluster
    if (change === PodChange.Bound) {
      queue.remove(pod)
      this.nominations.clear(pod)
      if (cache.nodeOf(pod) === NONE) cache.addPod(pod, pods.node[pod])
      this.podPlaced(pod)
      return
    }
    if (change !== PodChange.DeletionMark && change !== PodChange.Finished) return
    if (cache.updatePod(pod)) this.podGone(pod)
    if (pods.node[pod] === NONE && (pods.deletionMark[pod] === 1 || isTerminal(pods, pod))) {
      queue.remove(pod)
      this.nominations.clear(pod)
    }
  }

  /** Wakes the waiting pods, and the one in its cycle, to which the event gives hope. */
  private wakeWhere(hint: Hint): void {
    const { cycle, queue } = this
    for (let i = queue.waiting - 1; i >= 0; i--) {
      const pod = queue.at(i)
      if (hint(pod, queue.rejectors[pod])) queue.wake(pod)
    }
    const current = cycle.currentPod()
    if (current !== NONE && hint(current, cycle.rejectorsOfCurrent())) queue.wake(current)
  }

  private get isSomeoneWaiting(): boolean {
    return this.queue.waiting > 0 || this.cycle.currentPod() !== NONE
  }

  /** A pod is bound: others may be near to it, or domains are even again. */
  private podPlaced(pod: PodId): void {
    if (!this.isSomeoneWaiting) return
    const placed = this.cache.planOf(pod).id
    this.wakeWhere((waiting, rejectors) => {
      const plan = this.cache.planOf(waiting)
      if ((rejectors & Rejector.PodTopologySpread) !== 0 && countsForSpread(plan, placed)) return true
      if ((rejectors & Rejector.InterPodAffinity) === 0) return false
      return plan.affinity.length > 0 && plan.affinity[0].tally.weightOf(placed) > 0
    })
  }

  /** A placed pod is gone or has ended: there is room, a port, a domain less full, an objection less. */
  private podGone(pod: PodId): void {
    if (!this.isSomeoneWaiting) return
    const gone = this.cache.planOf(pod)
    this.wakeWhere((waiting, rejectors) => {
      if ((rejectors & (Rejector.NodeResourcesFit | Rejector.Volumes)) !== 0) return true
      const plan = this.cache.planOf(waiting)
      if ((rejectors & Rejector.NodePorts) !== 0 && freesPort(gone.template, plan.template)) return true
      if ((rejectors & Rejector.PodTopologySpread) !== 0 && countsForSpread(plan, gone.id)) return true
      if ((rejectors & Rejector.InterPodAffinity) === 0) return false
      return [...plan.antiAffinity, ...plan.existingAntiAffinity].some(({ tally }) => tally.weightOf(gone.id) > 0)
    })
  }

  /** A claim or a volume is new, bound or gone. */
  private storageChanged(): void {
    if (this.isSomeoneWaiting) this.wakeWhere((_, rejectors) => (rejectors & Rejector.Volumes) !== 0)
  }

  private nodeChanged(node: NodeId): void {
    const { cache } = this
    const { nodes } = this.cluster
    const existed = cache.tree.has(node)
    const exists = nodes.exists[node] === 1
    const labels = this.seenLabels[node]
    const hasOtherLabels = labels !== nodes.labels[node]
    const hasOtherTaints =
      this.seenTaints[node] !== nodes.taints[node] || this.seenUnschedulable[node] !== nodes.unschedulable[node]
    this.see(node)
    if (existed === exists && !hasOtherLabels && !hasOtherTaints) return
    cache.plans.templates.nodeChanged(node)
    if (existed && !exists) cache.tree.removeNode(node)
    else if (!existed && exists) cache.tree.addNode(node, nodes.labels[node])
    else if (exists && hasOtherLabels) cache.tree.updateNode(node, nodes.labels[node])
    if (!this.isSomeoneWaiting) return
    this.wakeWhere((waiting, rejectors) => {
      const plan = cache.planOf(waiting)
      if (!exists) return (rejectors & Rejector.PodTopologySpread) !== 0 && hasKeys(plan, labels)
      return this.givesHope(plan, node, rejectors, !existed, hasOtherLabels)
    })
  }

  /** The hints of a node that joined, or whose labels or taints changed. */
  private givesHope(plan: PodPlan, node: NodeId, rejectors: number, isNew: boolean, hasOtherLabels: boolean): boolean {
    const { cache, cluster } = this
    const { template } = plan
    const { templates } = cache.plans
    const before = template.reason[node]
    templates.readNodes(template)
    const reason = template.reason[node]
    const labels = cluster.nodes.labels[node]
    const standing = Rejector.NodeUnschedulable | Rejector.TaintToleration
    if ((rejectors & standing) !== 0) {
      const tolerated = template.tolerates[node] === 1 && reason !== Reason.NodeUnschedulable
      if (tolerated && (isNew || before === Reason.Taint || before === Reason.NodeUnschedulable)) return true
    }
    if ((rejectors & Rejector.NodeAffinity) !== 0 && (isNew || hasOtherLabels) && template.selects[node] === 1)
      return true
    if ((rejectors & Rejector.PodTopologySpread) !== 0 && hasKeys(plan, labels)) return true
    if ((rejectors & Rejector.InterPodAffinity) !== 0 && (isNew || hasOtherLabels)) return true
    if ((rejectors & (Rejector.NodePorts | Rejector.Volumes)) !== 0 && isNew) return true
    return (rejectors & Rejector.NodeResourcesFit) !== 0 && isNew && fitsEmptyNode(cache.infos, template, node)
  }
}

function countsForSpread(plan: PodPlan, podClass: number): boolean {
  return plan.hard.some(({ tally }) => tally.weightOf(podClass) > 0)
}

function hasKeys(plan: PodPlan, labels: Readonly<Record<string, string>>): boolean {
  return plan.hard.every(({ key }) => key.label in labels)
}
