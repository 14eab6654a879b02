// Nodes, as assertions see them.

import { ConditionStatus, nameOf } from '../../cluster/codes.ts'
import type { NodeId } from '../../model/types.ts'
import { ageSince, nodeStatus } from './kubectl.ts'
import { existingRows, type View } from './view.ts'

export const nodeView: View = {
  name: 'node',
  rows: ({ cluster: { nodes } }) => existingRows(nodes.exists, nodes.count),
  fields: {
    name: ({ cluster: { model } }, row) => model.nodes[row].name,
    /** Status of the condition Ready: True, False or Unknown. */
    Ready: ({ cluster }, row) => nameOf(ConditionStatus, cluster.nodes.ready[row as NodeId]),
    STATUS: ({ cluster }, row) => nodeStatus(cluster, row as NodeId),
    AGE: (moment, row) => ageSince(moment, moment.cluster.nodes.createdAtUs[row as NodeId]),
    unschedulable: ({ cluster }, row) => cluster.nodes.unschedulable[row as NodeId] === 1,
    /** Pods bound to it that are not finished. */
    pods: ({ cluster }, row) => cluster.nodes.podCount[row as NodeId],
    taints: ({ cluster }, row) => cluster.nodes.taints[row].map(({ key, effect }) => `${key}:${effect}`),
  },
}
