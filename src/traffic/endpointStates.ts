// What a new request would meet at each endpoint now: from the application's state, and from the machine below it.

import { LossCause } from '../base/losses.ts'
import { NONE } from '../base/columns.ts'
import { AppState } from '../cluster/applications.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { NodeState } from '../cluster/codes.ts'
import type { EndpointId } from '../cluster/endpoints.ts'
import { EndpointState } from './types.ts'

/** Shares of errors are counted in whole billionths, so that a sum over endpoints stays exact. */
export const ERROR_UNITS = 1_000_000_000

export class EndpointStates {
  readonly state: Uint8Array
  /** Share of errors among the answers, in billionths. */
  readonly errorUnits: Int32Array
  private readonly cluster: Cluster

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.state = new Uint8Array(cluster.endpoints.capacity)
    this.errorUnits = new Int32Array(cluster.endpoints.capacity)
  }

  /** What a request meets at an endpoint at this moment. */
  observe(endpoint: EndpointId, isGone: boolean): EndpointState {
    const { applications, endpoints, nodes, pods } = this.cluster
    if (nodes.down[endpoints.node[endpoint]] === NodeState.Down) return EndpointState.Unreachable
    const pod = endpoints.pod[endpoint]
    if (pod === NONE || isGone) return EndpointState.Terminated
    const isMarked = pods.deletionMark[pod] === 1
    switch (applications.state[pod]) {
      case AppState.Serving:
        return EndpointState.Answering
      case AppState.Hung:
        return EndpointState.Unreachable
      case AppState.Draining:
        return EndpointState.Terminated
      case AppState.Starting:
        if (isMarked) return EndpointState.Terminated
        return pods.restarts[pod] === 0 ? EndpointState.NotListening : EndpointState.Crashed
      default:
        return isMarked ? EndpointState.Terminated : EndpointState.Crashed
    }
  }

  /** The share of errors among an endpoint's answers at this moment. */
  errorsOf(endpoint: EndpointId): number {
    const pod = this.cluster.endpoints.pod[endpoint]
    return pod === NONE ? 0 : Math.round(this.cluster.applications.errorShare[pod] * ERROR_UNITS)
  }
}

/** The cause of a loss at an endpoint in a state; of those that answer, the error of a bad version. */
export const CAUSE_OF_STATE: readonly LossCause[] = [
  LossCause.BadVersion,
  LossCause.RefusedAfterTermination,
  LossCause.StaleEndpoint,
  LossCause.StaleEndpoint,
  LossCause.NotListening,
]
