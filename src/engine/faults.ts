// Random failures of nodes, and drains on a schedule. All times are drawn before anything happens, each node (zone) from
// a stream of its own: whatever an arm does, its nodes fail at the same instants. Pods that crash: kubelet/podCrashes.ts.

import type { Cluster } from '../cluster/cluster.ts'
import { EventKind, Rank } from '../cluster/codes.ts'
import { setUnschedulable } from '../cluster/nodeWrites.ts'
import { exponential } from '../kernel/distributions.ts'
import type { RandomStream, RandomStreams } from '../kernel/random.ts'
import { durationUs } from '../model/durations.ts'
import type { DrainPlan, FaultsModel, NodeId, OutageModel } from '../model/types.ts'
import type { OutageType } from '../scenario/types.ts'
import type { Drains } from './drains.ts'
import type { OutageCause, Outages } from './outages.ts'

/** One thing that will happen to a node; engine time. */
export type PlannedFault = { readonly atUs: number; readonly node: NodeId } & (
  { readonly type: 'begin' | 'end'; readonly cause: OutageCause } | { readonly type: 'drain' | 'uncordon' }
)

const CAUSES: Readonly<Record<OutageType, OutageCause>> = {
  nodeCrash: 'crash',
  zoneOutage: 'crash',
  partition: 'partition',
  kubeletRestart: 'kubelet',
}

export class Faults {
  /** What happens in this run, in order of time. */
  planned: readonly PlannedFault[] = []
  private readonly cluster: Cluster
  private readonly model: FaultsModel
  private readonly streams: readonly RandomStream[]
  private readonly outages: Outages
  private readonly drains: Drains

  constructor(cluster: Cluster, model: FaultsModel, random: RandomStreams, outages: Outages, drains: Drains) {
    this.cluster = cluster
    this.model = model
    this.streams = model.outages.map(({ stream }) => random.stream(stream))
    this.outages = outages
    this.drains = drains
  }

  /** Before a run: draws all of it, and puts the first on the event queue. The streams have been started over. */
  reset(): void {
    const { horizonUs, windowStartUs } = this.cluster.model
    const planned: PlannedFault[] = []
    this.model.outages.forEach((outage, i) => planOutages(outage, this.streams[i], windowStartUs, horizonUs, planned))
    for (const plan of this.model.drains) planDrains(plan, horizonUs, planned)
    this.planned = planned.sort((a, b) => a.atUs - b.atUs)
    this.scheduleNext(0)
  }

  /** Plays one of `planned`, by its index. */
  fire(index: number): void {
    const fault = this.planned[index]
    switch (fault.type) {
      case 'begin':
        this.outages.begin(fault.node, fault.cause)
        break
      case 'end':
        this.outages.end(fault.node, fault.cause)
        break
      case 'drain':
        this.drains.start(fault.node)
        break
      case 'uncordon':
        this.drains.giveUp(fault.node)
        setUnschedulable(this.cluster, fault.node, false)
    }
    this.scheduleNext(index + 1)
  }

  private scheduleNext(index: number): void {
    const fault = this.planned[index]
    if (fault !== undefined) this.cluster.agenda.push(fault.atUs, Rank.World, EventKind.Fault, index)
  }
}

/**
 * Up for an exponential time, down for a drawn one, in turn, from the beginning of the window. With a notice the node is
 * drained when that is given, goes down when it is over, and what comes up in its place takes pods again.
 */
function planOutages(
  { type, nodes, mtbfUs, noticeUs, repair }: OutageModel,
  stream: RandomStream,
  fromUs: number,
  untilUs: number,
  planned: PlannedFault[],
): void {
  const cause = CAUSES[type]
  let atUs = fromUs
  // Each outage takes two numbers, whatever the repair is, so that another repair moves no other outage's draws.
  for (let k = 0; ; k++) {
    atUs += Math.round(exponential(stream.at(2 * k), mtbfUs))
    if (atUs > untilUs) return
    if (noticeUs > 0) for (const node of nodes) planned.push({ type: 'drain', atUs, node })
    atUs += noticeUs
    if (atUs > untilUs) return
    for (const node of nodes) planned.push({ type: 'begin', atUs, node, cause })
    atUs += durationUs(repair, shifted(stream, k), k)
    if (atUs > untilUs) return
    for (const node of nodes) planned.push({ type: 'end', atUs, node, cause })
    if (noticeUs > 0) for (const node of nodes) planned.push({ type: 'uncordon', atUs, node })
  }
}

/** The stream's numbers for repairs: those with an odd place. */
function shifted(stream: RandomStream, k: number): Pick<RandomStream, 'at'> {
  return { at: () => stream.at(2 * k + 1) }
}

function planDrains(plan: DrainPlan, untilUs: number, planned: PlannedFault[]): void {
  const { nodes, firstUs, everyUs, times, uncordonAfterUs } = plan
  for (let k = 0, atUs = firstUs; k < times && atUs <= untilUs; k++, atUs += everyUs) {
    const node = nodes[k % nodes.length]
    planned.push({ type: 'drain', atUs, node })
    if (atUs + uncordonAfterUs <= untilUs) planned.push({ type: 'uncordon', atUs: atUs + uncordonAfterUs, node })
  }
}
