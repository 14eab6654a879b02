// Looks at a trace instant by instant: which pods there are when an instant is over, and what the Deployment wants then.

import type { DeploymentState, PodState, PodTrace, Trace } from '../oracles/trace.ts'

export interface Instant {
  readonly atUs: number
  /** Pods in the store. */
  readonly pods: ReadonlyMap<PodTrace, PodState>
  readonly deployment: DeploymentState
}

/** Calls `visit` for the end of every instant from the creation of the Deployment on. */
export function sweepInstants(trace: Trace, visit: (instant: Instant) => void): void {
  const changes = trace.pods.flatMap((pod) => pod.states.map((state) => ({ pod, state })))
  changes.sort((a, b) => a.state.atUs - b.state.atUs)
  const pods = new Map<PodTrace, PodState>()
  let change = 0
  let write = -1
  for (const atUs of trace.instants) {
    for (; change < changes.length && changes[change].state.atUs <= atUs; change++) {
      const { pod, state } = changes[change]
      if (state.gone) pods.delete(pod)
      else pods.set(pod, state)
    }
    while (write + 1 < trace.deployment.length && trace.deployment[write + 1].atUs <= atUs) write++
    if (write >= 0) visit({ atUs, pods, deployment: trace.deployment[write] })
  }
}

/** Pods that are neither finished nor marked for deletion. */
export function countActive(pods: ReadonlyMap<PodTrace, PodState>): number {
  let count = 0
  for (const { marked, terminal } of pods.values()) if (!marked && !terminal) count++
  return count
}

/** Active pods that have been Ready for `minReadySeconds`; the API stores when in whole seconds. */
export function countAvailable({ atUs, pods }: Instant, minReadySeconds: number): number {
  let count = 0
  for (const [pod, { marked, ready, terminal }] of pods) {
    if (marked || terminal || !ready) continue
    const sinceUs = pod.states.find((state) => state.ready)!.atUs
    if (minReadySeconds === 0 || (Math.floor(sinceUs / 1e6) + minReadySeconds) * 1e6 <= atUs) count++
  }
  return count
}
