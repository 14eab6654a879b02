// Random failures as written.

import { z } from 'zod'
import { distribution, duration, exactlyOne, workload } from './schemaWords.ts'

const faultNodes = z
  .array(z.string().min(1))
  .min(1)
  .optional()
  .describe('Names of nodes or of node groups; default all nodes.')

const mtbf = duration.describe('Mean time between two of them, exponential; at least 1s.')

const outage = { nodes: faultNodes, mtbf: mtbf.describe('Mean up time of each node, exponential; at least 1s.') }

const faultKinds = {
  nodeCrash: z
    .strictObject({
      ...outage,
      notice: duration
        .optional()
        .describe('How long before it stops a node is drained, as when a cloud takes a machine back; default 0s.'),
      repair: distribution.optional().describe('Until the node, or another in its place, is there; default about 90s.'),
    })
    .optional()
    .describe('A machine stops with all its containers; when it is back they are started again.'),
  zoneOutage: z
    .strictObject({
      zones: z
        .array(z.string().min(1))
        .min(1)
        .optional()
        .describe('Values of the label topology.kubernetes.io/zone; default all.'),
      mtbf: mtbf.describe('Mean up time of each zone, exponential; at least 1s.'),
      repair: distribution.optional().describe('Until the zone is back; default about 10m.'),
    })
    .optional()
    .describe('All nodes of a zone crash at once and are back at once.'),
  partition: z
    .strictObject({ ...outage, repair: distribution.optional().describe('Until it is reachable; default about 2m.') })
    .optional()
    .describe('Nobody reaches the node, clients included; its containers go on.'),
  kubeletRestart: z
    .strictObject({ ...outage, repair: distribution.optional().describe('Until it works again; default about 10s.') })
    .optional()
    .describe('The kubelet neither reports nor starts nor stops anything meanwhile; containers go on and serve.'),
  drain: z
    .strictObject({
      nodes: faultNodes,
      first: duration.describe('When the first node is drained; counts from 0 of the timeline.'),
      every: duration.optional().describe('Until the next node is drained, in turn; default: only one is.'),
      times: z.int().min(1).max(100_000).optional().describe('How many drains; default: until the horizon.'),
      uncordonAfter: duration.optional().describe('Until a drained node is uncordoned; default never.'),
    })
    .optional()
    .describe('Nodes are drained one after another, from the first again after the last.'),
  podCrash: z
    .strictObject({
      workload: workload.optional().describe('Kind/name; default the pods of all workloads.'),
      mtbf: mtbf.describe('Mean time that the containers of one pod run, exponential; at least 1s.'),
    })
    .optional()
    .describe(
      'The containers of a pod end. With restartPolicy Always (OnFailure) the pod becomes NotReady and start and ready ' +
        'are drawn again, without a back-off; with Never it is Failed.',
    ),
}

/** The kinds of random failures. */
export const FAULT_KINDS = Object.keys(faultKinds) as readonly (keyof typeof faultKinds)[]

export const fault = z
  .strictObject(faultKinds)
  .refine((value) => Object.keys(value).length === 1, { error: `a fault is exactly one of ${FAULT_KINDS.join(', ')}` })
  .meta(exactlyOne)
