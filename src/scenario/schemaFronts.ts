// What stands between clients and endpoints, as written: a load balancer outside of the cluster, or DNS.

import { z } from 'zod'
import { duration } from './schemaWords.ts'

export const loadBalancer = z
  .strictObject({
    target: z
      .enum(['pod', 'node'])
      .optional()
      .describe('What it sends to: pods by their addresses, or every node that it finds healthy; default node.'),
    registration: duration.optional().describe('Pods: from ready until the pod gets requests; default 0s.'),
    deregistration: duration
      .optional()
      .describe('Pods: from deletion (or no longer ready) until the pod gets no more requests; default 0s.'),
    healthCheck: z
      .strictObject({ interval: duration, threshold: z.int().min(1).max(100) })
      .optional()
      .describe('Nodes: so many answers in a row, so far apart, turn a node healthy or not; default 10s and 3.'),
  })
  .describe('The load balancer in front of a Service of type LoadBalancer or NodePort.')

export const dns = z
  .strictObject({
    ttl: duration.optional().describe('How long a record of the cluster DNS may be kept; default 30s.'),
    clientCache: duration
      .optional()
      .describe('How long clients really keep an answer, whatever its ttl says; default the ttl.'),
  })
  .describe('Clients find the ready pods of a headless Service by its name, and keep the answer for a while.')

/** Fields of an entry of `traffic`. */
export const fronts = { loadBalancer: loadBalancer.optional(), dns: dns.optional() }

export const proxyMode = z
  .enum(['iptables', 'nftables', 'ipvs'])
  .optional()
  .describe('How kube-proxy sends on: to any endpoint at random, or (ipvs) to each in turn; default iptables.')

export type WrittenLoadBalancer = z.infer<typeof loadBalancer>
export type WrittenDns = z.infer<typeof dns>
