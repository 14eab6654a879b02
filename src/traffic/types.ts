// What a request meets, as both modes of traffic read it: the fluid one, which integrates shares, and the one that plays
// single requests. Senders that learn of endpoints at the same time are one follower: the pods of a node behind its
// kube-proxy, the clients of a load balancer, those whose DNS answers are equally old.

import type { LossCause } from '../base/losses.ts'
import type { EndpointId } from '../cluster/endpoints.ts'
import type { PodId } from '../cluster/pods.ts'

/** What a new request meets at an endpoint. */
export const EndpointState = {
  /** The application answers, be it with an error (Applications.errorShare). */
  Answering: 0,
  /** Deleted: it takes no new requests, or is gone. A refusal, at once. */
  Terminated: 1,
  /** The container ended by itself, and is perhaps being started again. A refusal, at once. */
  Crashed: 2,
  /** On a dead node, or hung: no answer, a time-out. */
  Unreachable: 3,
  /** Started and not listening yet. A refusal, at once. */
  NotListening: 4,
} as const
export type EndpointState = (typeof EndpointState)[keyof typeof EndpointState]

export const ENDPOINT_STATES = 5

/**
 * Where an endpoint stands for a follower. A new connection goes to one of the first level that is not empty, each
 * alike (kube-proxy's CategorizeEndpoints); the last two are never chosen.
 */
export const Level = {
  /** Ready on the follower's own node, with trafficDistribution PreferSameNode. */
  SameNode: 0,
  /** Ready in the follower's own zone, with a trafficDistribution. */
  SameZone: 1,
  Ready: 2,
  /** Serving and terminating. */
  Terminating: 3,
  /** Usable for others: on another node, under the traffic policy Local. */
  Elsewhere: 4,
  Out: 5,
} as const
export type Level = (typeof Level)[keyof typeof Level]

/** Levels that are counted, and those of them that endpoints are chosen from. */
export const LEVELS = 5
export const CHOSEN_LEVELS = 4

/** Why there is no endpoint to choose; negative, so that it is told from an endpoint. */
export const NoChoice = {
  /** None is usable for anyone: a refusal, at once. */
  Rejected: -1,
  /** Usable ones are elsewhere only, and the policy is Local: no answer, a time-out. */
  Dropped: -2,
} as const
export type NoChoice = (typeof NoChoice)[keyof typeof NoChoice]

/** The view of one route: a Service and one kind of senders to it. */
export interface RouteView {
  readonly followerCount: number
  /** Share of the senders that are with a follower now; the sum over all is 1. */
  weightOf(follower: number): number
  /** The endpoint that a new connection of a follower's goes to, by a uniform number of (0, 1). */
  choose(follower: number, u: number): EndpointId | NoChoice
  /** What the connection meets there. */
  stateOf(endpoint: EndpointId): EndpointState
  /** The pod of an endpoint; NONE once it is gone. */
  podOf(endpoint: EndpointId): PodId
  /** The cause of a loss at an endpoint that does not answer. */
  causeOf(state: EndpointState): LossCause
  /** The cause of a loss for want of an endpoint. */
  causeOfNoChoice(follower: number): LossCause
}
