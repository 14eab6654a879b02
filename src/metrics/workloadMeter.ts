// Everything that is measured of one workload in one run, as an observer of the cluster, and its row of runs.csv.

import type { Cluster } from '../cluster/cluster.ts'
import type { PodId } from '../cluster/pods.ts'
import type { Watcher } from '../cluster/watch.ts'
import { Kind, type MeasuredWorkload } from '../model/types.ts'
import { CapacityMeter } from './capacityMeter.ts'
import { RolloutMeter } from './rolloutMeter.ts'
import type { RunRow } from './types.ts'

/** What the clients of the workload met; integrals over the window, microseconds. */
export interface ClientIntegrals {
  readonly lostShareUs: number
  readonly downtimeUs: number
  readonly overlapUs: number
  /** Takes the time up to now in. */
  advance(nowUs: number): void
}

export class WorkloadMeter {
  readonly workload: MeasuredWorkload
  readonly capacity: CapacityMeter
  private readonly rollout: RolloutMeter
  private readonly cluster: Cluster
  private readonly clients: ClientIntegrals
  private changed = false

  constructor(cluster: Cluster, workload: MeasuredWorkload, clients: ClientIntegrals, availability: Uint8Array) {
    this.cluster = cluster
    this.workload = workload
    this.clients = clients
    this.capacity = new CapacityMeter(cluster, workload, availability)
    this.rollout = new RolloutMeter(cluster, workload)
  }

  reset(): void {
    this.capacity.reset()
    this.rollout.reset()
    this.changed = false
  }

  /** Handlers: every change first closes the interval before it. */
  watcher(): Watcher {
    const { capacity, cluster } = this
    const podChanged = (pod: PodId): void => {
      if (!capacity.owns(pod)) return
      capacity.advance(cluster.nowUs)
      this.changed = true
    }
    const ownerChanged = (): void => {
      capacity.advance(cluster.nowUs)
      this.changed = true
    }
    return {
      podAdded: podChanged,
      podUpdated: podChanged,
      podDeleted: podChanged,
      podOwnerChanged: ownerChanged,
      replicaSetOwnerChanged: ownerChanged,
      specChanged: (kind, row) => {
        if (kind !== this.workload.kind || row !== this.workload.row) return
        capacity.advance(cluster.nowUs)
        this.changed = true
        this.rollout.noteSpec()
        this.rollout.look()
      },
      objectDeleted: (kind, row) => {
        if (kind !== this.workload.kind || row !== this.workload.row) return
        capacity.advance(cluster.nowUs)
        this.changed = true
      },
      statusChanged: (kind, row) => {
        if (kind !== this.workload.kind || row !== this.workload.row) return
        this.rollout.look()
        if (kind === Kind.Deployment) return
        // The status of a DaemonSet says on how many nodes it wants a pod, and that of a Job whether it wants any.
        capacity.advance(cluster.nowUs)
        this.changed = true
      },
    }
  }

  /** The instant is over: take the new state in. */
  settle(): void {
    if (!this.changed) return
    this.changed = false
    this.capacity.recount()
  }

  /** Ends the run and fills the row. */
  finish(row: RunRow): void {
    const { capacity, clients, cluster, rollout } = this
    const { horizonUs, traffic, windowStartUs } = cluster.model
    this.settle()
    capacity.finish(horizonUs)
    clients.advance(horizonUs)
    const rate = traffic[this.workload.traffic].requestsPerSecond
    row.outcome = rollout.outcome()
    row.rolloutSeconds = rollout.rolloutSeconds()
    row.deadlinesMissed = rollout.deadlinesMissed
    row.downtimeSeconds = clients.downtimeUs / 1e6
    row.requests = toMillionths((rate * (horizonUs - windowStartUs)) / 1e6)
    row.lostRequests = toMillionths((rate * clients.lostShareUs) / 1e6)
    row.minReadyPercent = capacity.minReadyPercent
    row.degradedSeconds = capacity.degradedUs / 1e6
    row.versionOverlapSeconds = clients.overlapUs / 1e6
    row.peakPods = capacity.peakPods
    row.extraPodSeconds = capacity.extraPodUs / 1e6
    row.terminatingPodSeconds = capacity.terminatingPodUs / 1e6
  }
}

/** Cuts the last bits of a sum of shares, so that equal losses are equal numbers. */
function toMillionths(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
