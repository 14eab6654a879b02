// What the process in a pod really does, moment by moment, as opposed to what the API server has heard of it. Kubelets
// write it, what requests meet reads it. A pod has one application: its first container.

import { type Column, float64Column, uint8Column } from '../base/columns.ts'
import type { Cluster } from './cluster.ts'
import type { PodId } from './pods.ts'

/** What a request meets in a pod. */
export const AppState = {
  /** No process: a connection is refused. */
  None: 0,
  /** The process runs and does not listen yet: refused. */
  Starting: 1,
  /** It listens and answers. */
  Serving: 2,
  /** It has had SIGTERM: it refuses new connections and finishes what it has. */
  Draining: 3,
  /** It listens and never answers: a time-out. */
  Hung: 4,
} as const
export type AppState = (typeof AppState)[keyof typeof AppState]

/** How a probe asks. */
export type ProbeKind = 'http' | 'tcp' | 'grpc' | 'exec'

export class Applications {
  readonly state: Column<PodId, AppState>
  /** When it came into that state. */
  readonly sinceUs: Column<PodId>
  /** Share of the requests that it answers with an error, 0 to 1: a bad version. */
  readonly errorShare: Column<PodId>
  /** Requests per second that it gets; written by those who carry requests. */
  readonly load: Column<PodId>

  /** @param capacity rows of the table of pods */
  constructor(capacity: number) {
    this.state = uint8Column<PodId, AppState>(capacity)
    this.sinceUs = float64Column(capacity)
    this.errorShare = float64Column(capacity)
    this.load = float64Column(capacity)
  }
}

/** Whether a probe of a kind is answered well now. A hung application still takes TCP connections. */
export function answersProbe(cluster: Cluster, pod: PodId, probe: ProbeKind): boolean {
  const { errorShare, state } = cluster.applications
  if (state[pod] === AppState.Hung) return probe === 'tcp'
  if (state[pod] !== AppState.Serving) return false
  return probe !== 'http' || errorShare[pod] < 1
}

/** The application comes into another state now. Not an API write; those who carry requests are told at once. */
export function setApplication(cluster: Cluster, pod: PodId, state: AppState): void {
  const { applications, nowUs, watch } = cluster
  const before = applications.state[pod]
  if (before === state) return
  applications.state[pod] = state
  applications.sinceUs[pod] = nowUs
  watch.applicationChanged(pod, before)
}

/** Those who carry requests say how many a second a pod gets from now on; whoever models its behaviour is told. */
export function setLoad(cluster: Cluster, pod: PodId, requestsPerSecond: number): void {
  const { applications, watch } = cluster
  if (applications.load[pod] === requestsPerSecond) return
  const before = applications.load[pod]
  applications.load[pod] = requestsPerSecond
  watch.loadChanged(pod, before)
}

/** From now on the application answers so large a share of its requests with errors; those who carry them are told. */
export function setErrorShare(cluster: Cluster, pod: PodId, share: number): void {
  const { applications, watch } = cluster
  if (applications.errorShare[pod] === share) return
  applications.errorShare[pod] = share
  watch.applicationChanged(pod, applications.state[pod])
}
