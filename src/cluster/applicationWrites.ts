// The only writers of applications: kubelets, those who model an application's behaviour, and those who carry requests.

import { assert } from '../base/assert.ts'
import { AppState, type ProbeKind } from './applications.ts'
import type { Cluster } from './cluster.ts'
import type { PodId } from './pods.ts'
import { noteServing } from './podWrites.ts'

/**
 * Whether a probe of a kind is answered well now. A hung application still takes TCP connections. An HTTP probe is a
 * request like any other: whoever counts requests is told of it.
 */
export function answersProbe(cluster: Cluster, pod: PodId, probe: ProbeKind): boolean {
  cluster.applications.catchUp?.()
  const answersWell = wouldAnswerProbe(cluster, pod, probe)
  if (probe === 'http' && cluster.applications.state[pod] === AppState.Serving) cluster.watch.probed(pod)
  return answersWell
}

/** The same without asking: nobody counts a request. */
export function wouldAnswerProbe(cluster: Cluster, pod: PodId, probe: ProbeKind): boolean {
  const { answersLeft, errorShare, state } = cluster.applications
  if (state[pod] === AppState.Hung) return probe === 'tcp'
  if (state[pod] !== AppState.Serving) return false
  return probe !== 'http' || (errorShare[pod] < 1 && answersLeft[pod] >= 1)
}

/**
 * The application of a starting container has started up and listens now, unless something is in the way
 * (Applications.holds). Kubelets call it when the time is over that `timings.ready` says.
 */
export function listen(cluster: Cluster, pod: PodId): void {
  const { applications } = cluster
  if (applications.holds?.(pod) !== true) return setApplication(cluster, pod, AppState.Serving)
  applications.held[pod] = 1
  noteServing(cluster, pod, Infinity)
}

/** What was in the way is done: the application listens. Kubelets are told while `held` is still 1. */
export function endHold(cluster: Cluster, pod: PodId): void {
  const { applications, nowUs } = cluster
  assert(applications.held[pod] === 1, 'a hold ends that has begun')
  noteServing(cluster, pod, nowUs)
  setApplication(cluster, pod, AppState.Serving)
  applications.held[pod] = 0
}

/** The application comes into another state now. Not an API write; those who carry requests are told at once. */
export function setApplication(cluster: Cluster, pod: PodId, state: AppState): void {
  const { applications, nowUs, watch } = cluster
  const before = applications.state[pod]
  if (before === state) return
  applications.state[pod] = state
  applications.sinceUs[pod] = nowUs
  if (state !== AppState.Serving) applications.held[pod] = 0
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

/** From now on the application can answer so many requests a second; those who carry them are told. */
export function setCapacity(cluster: Cluster, pod: PodId, requestsPerSecond: number): void {
  const { applications, watch } = cluster
  if (applications.capacity[pod] === requestsPerSecond) return
  applications.capacity[pod] = requestsPerSecond
  watch.applicationChanged(pod, applications.state[pod])
}

/** So many good answers does an application have from now on; Infinity: any number. */
export function setAnswersLeft(cluster: Cluster, pod: PodId, answers: number): void {
  cluster.applications.answersLeft[pod] = answers
}

/** A request takes one of the good answers that an application has left; false if there is none. */
export function useAnswer(cluster: Cluster, pod: PodId): boolean {
  const { answersLeft } = cluster.applications
  if (answersLeft[pod] < 1) return false
  answersLeft[pod] -= 1
  if (answersLeft[pod] < 1) cluster.watch.answersUsedUp(pod)
  return true
}
