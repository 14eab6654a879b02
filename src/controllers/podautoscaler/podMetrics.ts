// What autoscalers know of pods, after metrics-server: usage over the 15 s between two collections, a collection late.

import { NONE } from '../../base/columns.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { PodPhase } from '../../cluster/codes.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { Watcher } from '../../cluster/watch.ts'

/** metric-resolution. */
export const WINDOW_US = 15_000_000

export class PodMetrics {
  /** Millicores between the last two collections, or NONE: a pod needs two of them. */
  readonly usage: Float64Array
  readonly sampledAtUs: Float64Array
  private readonly cluster: Cluster
  /** Integral of the load since the last collection, up to when the load last changed. */
  private readonly requests: Float64Array
  private readonly changedAtUs: Float64Array
  private readonly collectedAtUs: Float64Array

  constructor(cluster: Cluster) {
    const { capacity } = cluster.pods
    this.cluster = cluster
    this.usage = new Float64Array(capacity)
    this.sampledAtUs = new Float64Array(capacity)
    this.requests = new Float64Array(capacity)
    this.changedAtUs = new Float64Array(capacity)
    this.collectedAtUs = new Float64Array(capacity)
  }

  watcher(): Watcher {
    const { cluster } = this
    return {
      podAdded: (pod) => {
        this.usage[pod] = this.collectedAtUs[pod] = NONE
        this.requests[pod] = 0
        this.changedAtUs[pod] = cluster.nowUs
      },
      loadChanged: (pod, before) => this.advance(pod, before),
    }
  }

  /** One collection from all kubelets. */
  collect(): void {
    const { applications, model, nowUs, pods } = this.cluster
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.phase[pod] !== PodPhase.Running) continue
      this.advance(pod, applications.load[pod])
      const { application } = model.templates[pods.template[pod]]
      // Of an application whose use of CPU nobody has told there are no metrics.
      if (this.collectedAtUs[pod] !== NONE && application?.cpuPerRequest !== undefined) {
        const perSecond = this.requests[pod] / (nowUs - this.collectedAtUs[pod])
        this.usage[pod] = wholeMillis(perSecond * application.cpuPerRequest)
        this.sampledAtUs[pod] = nowUs
      }
      this.requests[pod] = 0
      this.collectedAtUs[pod] = nowUs
    }
  }

  private advance(pod: PodId, load: number): void {
    const { nowUs } = this.cluster
    this.requests[pod] += load * (nowUs - this.changedAtUs[pod])
    this.changedAtUs[pod] = nowUs
  }
}

/** Kubelets report billionths of a core; read as thousandths they are rounded up (Quantity.MilliValue): 124.2 is 125. */
function wholeMillis(millis: number): number {
  return Math.ceil(Math.round(millis * 1e6) / 1e6)
}
