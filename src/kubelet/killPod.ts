// How a container is stopped, after killContainer in pkg/kubelet/kuberuntime/kuberuntime_container.go and
// kuberuntime_termination_order.go, Kubernetes v1.36. All of it is decided when the kill begins.

import { NONE } from '../base/columns.ts'

const SECOND_US = 1_000_000

/** minimumGracePeriodInSeconds: what is left for SIGTERM however long the preStop hook took. */
export const GRACE_SECONDS_MIN = 2

/** When a container gets SIGTERM and when it ends. */
export class StopPlan {
  sigtermUs = 0
  endUs = 0
  /** SIGKILL ended it. */
  isKilled = false

  /**
   * Grace 30, preStop 12.7 s, drain 25 s: the hook takes 12 whole seconds of the budget, SIGTERM comes after 12.7 s, and
   * SIGKILL 18 s later, at 30.7 s. Grace 30, preStop 40 s: the hook is cut off after 30 s, SIGKILL at 32 s.
   *
   * @param preStopUs how long the hook takes; NONE: there is none
   * @param turnUs a sidecar waits until then, as long as its budget allows; others do not wait
   * @param drainUs from SIGTERM to the end of the process; Infinity: it ignores SIGTERM
   */
  decide(nowUs: number, graceSeconds: number, preStopUs: number, turnUs: number, drainUs: number): void {
    let budget = graceSeconds
    let sigtermUs = nowUs
    if (preStopUs !== NONE && budget > 0) {
      const hookUs = Math.min(preStopUs, budget * SECOND_US)
      sigtermUs += hookUs
      budget -= Math.floor(hookUs / SECOND_US)
    }
    if (turnUs > sigtermUs && budget > 0) {
      const waitUs = Math.min(turnUs - sigtermUs, budget * SECOND_US)
      sigtermUs += waitUs
      budget -= Math.floor(waitUs / SECOND_US)
    }
    const budgetUs = Math.max(budget, GRACE_SECONDS_MIN) * SECOND_US
    this.sigtermUs = sigtermUs
    this.isKilled = drainUs > budgetUs
    this.endUs = sigtermUs + Math.min(drainUs, budgetUs)
  }
}
