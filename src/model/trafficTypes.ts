// Streams of requests, the Services they go to, and the ways to them, compiled.

import type { LabelMap } from '../manifest/types.ts'
import type { DurationSpec, KeepAliveSpec, RetriesSpec } from '../scenario/types.ts'
import type { FrontSpec } from '../scenario/frontTypes.ts'
import type { TemplateId } from './ids.ts'
import type { ObjectModel } from './specTypes.ts'

/** A Service's spec after some step. */
export interface ServiceSpec {
  /** A Service makes no pods: NONE. */
  readonly template: TemplateId
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
  /** Undefined: selects nothing. */
  readonly selector: LabelMap | undefined
  /** clusterIP None: clients find the pods by DNS. */
  readonly headless: boolean
  readonly publishesNotReady: boolean
  readonly internalLocal: boolean
  readonly externalLocal: boolean
  /** How long a client keeps its endpoint since its last request; 0: sessionAffinity None. */
  readonly affinityUs: number
  /** spec.trafficDistribution. */
  readonly preference: 'none' | 'zone' | 'node'
}

/** A Service, of the manifests or implied by traffic to a workload. */
export interface ServiceModel extends ObjectModel<ServiceSpec> {
  /** By spec: 1 for the templates whose pods it selects. */
  readonly selects: readonly Uint8Array[]
  /** It exists from the start to the end. */
  readonly isImplied: boolean
}

/** How the senders of a route learn of endpoints. */
export type FollowRule =
  /** All of them know every change after exactly that time. */
  | { readonly type: 'fixed'; readonly delayUs: number }
  /** They are on the nodes, or reach them from outside, and are sent on by each node's kube-proxy. */
  | { readonly type: 'kubeProxy' }

/** How fast endpoints get about where kube-proxies follow them. */
export interface NetworkModel {
  /** From an API write until a watcher has it. */
  readonly watch: DurationSpec
  /** CPU time of a sync of the EndpointSlice controller. */
  readonly sliceSync: DurationSpec
  /** A run of kube-proxy that writes the rules. */
  readonly proxyRun: DurationSpec
  /** From the end of a run until the next may begin. */
  readonly minSyncUs: number
  /** A proxy sends to its endpoints in turn (ipvs), not at random. */
  readonly inTurn?: true
}

/** A Service and one kind of senders to it. */
export interface RouteModel {
  /** Row of the Services. */
  readonly service: number
  readonly follow: FollowRule
  /** The senders are outside of the cluster: externalTrafficPolicy holds for them, and trafficDistribution does not. */
  readonly isExternal: boolean
  /** What stands between them and the endpoints, or the proxies; undefined: nothing. */
  readonly front: FrontSpec | undefined
}

/** One stream of requests and the pods behind it. */
export interface TrafficModel {
  readonly requestsPerSecond: number
  /** Index into the routes. */
  readonly route: number
  /** How long a request takes, and how long its client waits for the answer. */
  readonly duration: DurationSpec
  readonly timeoutUs: number
  /** Undefined: each request makes its own connection. */
  readonly keepAlive: KeepAliveSpec | undefined
  /** Undefined: a lost request stays lost. */
  readonly retries: RetriesSpec | undefined
  /** Requests a second of one client whom the Service's session affinity tells from others; 0: it does so with none. */
  readonly perSource: number
  /** Pods of these templates may be endpoints at some time: `selects[template]` is 1. */
  readonly selects: Uint8Array
}
