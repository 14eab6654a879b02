// How long the pods of one workload waited for persistent volumes on their nodes, inside the measured window.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'

export class VolumeMeter {
  private readonly cluster: Cluster
  private readonly owns: (pod: PodId) => boolean
  private waitedUs = 0

  constructor(cluster: Cluster, owns: (pod: PodId) => boolean) {
    this.cluster = cluster
    this.owns = owns
  }

  reset(): void {
    this.waitedUs = 0
  }

  /** A pod's wait is over. */
  waitEnded(pod: PodId, sinceUs: number): void {
    if (this.owns(pod)) this.add(sinceUs, this.cluster.nowUs)
  }

  /** Seconds of all waits, those included that last until the horizon; NaN where no pod uses a claim. */
  finishSeconds(): number {
    const { model, pods, volumes } = this.cluster
    if (model.storage === undefined) return NaN
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod])
      if (volumes.waitsSinceUs[pod] < Infinity && this.owns(pod)) this.add(volumes.waitsSinceUs[pod], model.horizonUs)
    return this.waitedUs / 1e6
  }

  private add(fromUs: number, toUs: number): void {
    this.waitedUs += Math.max(0, toUs - Math.max(fromUs, this.cluster.model.windowStartUs))
  }
}
