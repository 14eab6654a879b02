// Traffic as written: who sends requests where, and how they learn of endpoints.

import { z } from 'zod'
import { clientHabits, sources } from './schemaClients.ts'
import { fronts, proxyMode } from './schemaFronts.ts'
import { distribution, duration } from './schemaWords.ts'

export const endpointDelay = z
  .union([z.literal('kube-proxy'), duration])
  .describe(
    'How clients follow a change of the endpoints: all after exactly this time; or `kube-proxy`: by way of the EndpointSlice controller and the proxy of each node, as `network` says.',
  )

export const network = z
  .strictObject({
    watch: distribution.optional().describe('From an API write until a watcher has it.'),
    sliceSync: distribution.optional().describe('CPU time of one sync of the EndpointSlice controller.'),
    proxyRun: distribution.optional().describe('How long a kube-proxy takes to write its rules.'),
    proxyMode,
    minSyncPeriod: duration
      .optional()
      .describe('From the end of a run of kube-proxy until the next may begin; 1s, with ipvs 0s.'),
  })
  .describe('How fast endpoints get about where `endpointDelay` is `kube-proxy`.')

const client = {
  duration: distribution.optional().describe('How long a request takes until it is answered.'),
  timeout: duration.optional().describe('How long a client waits for an answer.'),
  ...clientHabits,
}

export const clients = z.strictObject(client).describe('What clients do, where their traffic says nothing else.')

export const traffic = z.strictObject({
  to: z.string().describe('Service/name, or a workload: Deployment/name, StatefulSet/name, …'),
  requestsPerSecond: z.number().min(0).max(1e9).optional(),
  endpointDelay: endpointDelay.optional(),
  ...fronts,
  ...client,
  clients: sources,
})

export type WrittenTraffic = z.infer<typeof traffic>
export type WrittenNetwork = z.infer<typeof network>
export type WrittenClient = z.infer<typeof clients>
