// What of a template does not depend on other pods: its requests by resource, its host ports, and what it says of each
// node's labels and taints. The latter is read again where a node has changed.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { type HostPort, normalizedImageName, type SchedulingModel } from '../model/scheduling.ts'
import type { NodeId, TemplateId, TemplateModel } from '../model/types.ts'
import { filterNodeAffinity, scoreNodeAffinity } from './plugins/nodeAffinity.ts'
import { filterNodeUnschedulable } from './plugins/nodeUnschedulable.ts'
import { countIntolerable, filterTaints } from './plugins/taintToleration.ts'
import { Reason } from './reasons.ts'

export interface TemplatePlan {
  readonly scheduling: SchedulingModel
  readonly model: TemplateModel
  /** Requests by resource of NodeInfos.resources. */
  readonly requests: Float64Array
  /** Asks for nothing at all. */
  readonly asksNothing: boolean
  readonly priority: number
  readonly preempts: boolean
  /** Host ports that its pods take, and those (of all templates) that would be in their way. */
  readonly ports: readonly number[]
  readonly conflicts: readonly number[]
  /** Rows of the only nodes that its affinity names; undefined: any. */
  readonly nodeRows: readonly NodeId[] | undefined
  /** Images that its containers run, as ids of the model, or NONE if the model has no such image. */
  readonly images: readonly number[]
  /** By node: what NodeUnschedulable, TaintToleration and NodeAffinity say. */
  readonly reason: Uint8Array
  /** By node: the labels match nodeSelector and required affinity; every hard taint is tolerated. */
  readonly selects: Uint8Array
  readonly tolerates: Uint8Array
  /** By node: PreferNoSchedule taints not tolerated; weights of preferred affinity terms that match. */
  readonly intolerable: Int32Array
  readonly preferred: Int32Array
  /** State of the nodes at which this was read. */
  stamp: number
}

export class TemplatePlans {
  /** cpu, memory, ephemeral-storage, then extended resources. */
  readonly resources: readonly string[]
  /** Host ports of all templates; `portCount` of them. */
  readonly portCount: number
  /** By node: when it changed last, counted in changes of any node. */
  readonly changedAt: Int32Array
  stamp = 1
  private readonly cluster: Cluster
  private readonly plans: (TemplatePlan | undefined)[]
  private readonly ports: readonly HostPort[]

  constructor(cluster: Cluster) {
    const { model } = cluster
    this.cluster = cluster
    this.changedAt = new Int32Array(model.nodes.length)
    this.plans = new Array<TemplatePlan | undefined>(model.templates.length).fill(undefined)
    const extended = model.templates.flatMap(({ scheduling }) => Object.keys(scheduling.requests))
    this.resources = [...new Set(['cpu', 'memory', 'ephemeral-storage', ...extended])]
    const ports = new Map<string, HostPort>()
    for (const { scheduling } of model.templates) for (const port of scheduling.hostPorts) ports.set(nameOf(port), port)
    this.ports = [...ports.values()]
    this.portCount = this.ports.length
  }

  /** A node's labels, taints or readiness for pods changed. */
  nodeChanged(node: NodeId): void {
    this.changedAt[node] = ++this.stamp
  }

  /** All nodes may differ from what was read. */
  reset(): void {
    this.stamp++
    this.changedAt.fill(this.stamp)
  }

  /** The plan of a template, in accordance with the nodes as they are now. */
  planOf(template: TemplateId): TemplatePlan {
    const plan = this.plans[template] ?? this.compile(template)
    if (plan.stamp < this.stamp) this.readNodes(plan)
    return plan
  }

  /** Reads anew what has changed of the nodes since the plan last looked. */
  readNodes(plan: TemplatePlan): void {
    for (let node = 0 as NodeId; node < this.changedAt.length; node++)
      if (this.changedAt[node] > plan.stamp) this.readNode(plan, node)
    plan.stamp = this.stamp
  }

  private readNode(plan: TemplatePlan, node: NodeId): void {
    const { model, nodes } = this.cluster
    const { name } = model.nodes[node]
    const { labels, taints } = { labels: nodes.labels[node], taints: nodes.taints[node] }
    const tolerates = filterTaints(plan.model, taints)
    const selects = filterNodeAffinity(plan.model, name, labels)
    plan.tolerates[node] = tolerates ? 1 : 0
    plan.selects[node] = selects ? 1 : 0
    plan.intolerable[node] = countIntolerable(plan.model, taints)
    plan.preferred[node] = scoreNodeAffinity(plan.scheduling, name, labels)
    if (nodes.unschedulable[node] === 1 && !filterNodeUnschedulable(plan.model))
      plan.reason[node] = Reason.NodeUnschedulable
    else if (!tolerates) plan.reason[node] = Reason.Taint
    else plan.reason[node] = selects ? Reason.Fits : Reason.NodeAffinity
  }

  private compile(template: TemplateId): TemplatePlan {
    const { model } = this.cluster
    const own = model.templates[template]
    const { scheduling } = own
    const n = model.nodes.length
    const requests = Float64Array.from(this.resources, (name) => scheduling.requests[name] ?? 0)
    const { byName, otherwise } = model.priorities
    const priorityClass = byName.get(scheduling.priorityClassName) ?? otherwise
    const plan: TemplatePlan = {
      scheduling,
      model: own,
      requests,
      asksNothing: requests.every((amount) => amount === 0),
      priority: scheduling.priority ?? priorityClass.value,
      preempts: scheduling.preempts ?? priorityClass.preempts,
      ports: this.portsWhere((port) => scheduling.hostPorts.some((mine) => nameOf(mine) === nameOf(port))),
      conflicts: this.portsWhere((port) => scheduling.hostPorts.some((mine) => areInConflict(mine, port))),
      nodeRows: scheduling.nodeNames?.flatMap((name) => {
        const row = model.nodes.findIndex((node) => node.name === name)
        return row < 0 ? [] : [row as NodeId]
      }),
      images: scheduling.images.map((name) =>
        model.images.findIndex((image) => normalizedImageName(image.name) === name),
      ),
      reason: new Uint8Array(n),
      selects: new Uint8Array(n),
      tolerates: new Uint8Array(n),
      intolerable: new Int32Array(n),
      preferred: new Int32Array(n),
      stamp: NONE,
    }
    this.plans[template] = plan
    return plan
  }

  private portsWhere(isWanted: (port: HostPort) => boolean): number[] {
    return this.ports.flatMap((port, id) => (isWanted(port) ? [id] : []))
  }
}

function nameOf({ ip, port, protocol }: HostPort): string {
  return `${protocol} ${ip} ${port}`
}

/** The same port and protocol on the same address, or on all addresses. */
function areInConflict(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false
  return a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0'
}
