// The only writers of applications: kubelets, those who model an application's behaviour, and those who carry requests.

import { AppState, type ProbeKind } from './applications.ts'
import type { Cluster } from './cluster.ts'
import type { PodId } from './pods.ts'

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
