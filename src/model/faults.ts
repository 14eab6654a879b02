// Random failures of a scenario by rows. Streams are named after the kind of failure and the node or zone, so that a
// failure that is added moves none of the others.

import { NONE } from '../base/columns.ts'
import type { Scenario } from '../scenario/types.ts'
import { nodeRow } from './nodes.ts'
import type { TableBuilder } from './tableBuilder.ts'
import {
  type DrainPlan,
  type FaultsModel,
  Kind,
  type NodeModel,
  type OutageModel,
  type PodCrashModel,
} from './types.ts'

/** The failures of a scenario; undefined if there are none, so that a run without them does nothing about them. */
export function compileFaults(
  { faults }: Scenario,
  zeroUs: number,
  nodes: readonly NodeModel[],
  builder: TableBuilder,
): FaultsModel | undefined {
  if (faults.length === 0) return undefined
  const outages: OutageModel[] = []
  const drains: DrainPlan[] = []
  const podCrashes: PodCrashModel[] = []
  const used = new Map<string, number>()
  // A second entry about the same node draws numbers of its own.
  const streamOf = (name: string): string => {
    const count = (used.get(name) ?? 0) + 1
    used.set(name, count)
    return count === 1 ? name : `${name}/${count}`
  }
  for (const fault of faults) {
    if (fault.type === 'drain') {
      const rows = fault.nodes.map((name) => nodeRow(nodes, name))
      drains.push({ ...fault, nodes: rows, firstUs: zeroUs + fault.firstUs })
    } else if (fault.type === 'podCrash') {
      const { workload, mtbfUs } = fault
      const owner = workload === undefined ? undefined : builder.find(workload)
      const name = workload === undefined ? '*' : `${workload.kind}/${workload.name}`
      const stream = streamOf(`faults/podCrash/${name}`)
      podCrashes.push({ stream, kind: owner?.kind ?? Kind.None, row: owner?.row ?? NONE, mtbfUs })
    } else {
      for (const { name, nodes: members } of fault.groups) {
        const rows = members.map((member) => nodeRow(nodes, member))
        const stream = streamOf(`faults/${fault.type}/${name}`)
        const { type, mtbfUs, noticeUs = 0, repair } = fault
        outages.push({ type, stream, nodes: rows, mtbfUs, noticeUs, repair })
      }
    }
  }
  return { outages, drains, podCrashes }
}
