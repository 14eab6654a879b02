// Everything that is measured of one workload in one run, as an observer of the cluster, and its row of runs.csv.

import type { RequestBooks } from '../base/losses.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { PodChange } from '../cluster/codes.ts'
import type { PodId } from '../cluster/pods.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { RandomStreams } from '../kernel/random.ts'
import { Kind, type MeasuredWorkload } from '../model/types.ts'
import { CapacityMeter } from './capacityMeter.ts'
import { OrdinalMeter } from './ordinalMeter.ts'
import { RolloutMeter } from './rolloutMeter.ts'
import { StrengthMeter } from './strengthMeter.ts'
import type { OrdinalRow, RunRow } from './types.ts'
import { VolumeMeter } from './volumeMeter.ts'

/** A rollout in which nothing has moved for so long, or for half of a shorter window, is stuck. */
const STUCK_AFTER_US = 600_000_000

/** What the clients of the workload met, over the window. */
export interface ClientBooks {
  readonly downtimeUs: number
  readonly overlapUs: number
  /** Ends the window, and says what became of the requests in it. */
  books(): RequestBooks
  /** A quantile of the latencies of answered requests; only where single requests are played. */
  latencyMs?(share: number): number
}

export class WorkloadMeter {
  readonly workload: MeasuredWorkload
  readonly capacity: CapacityMeter
  private readonly rollout: RolloutMeter
  private readonly strength: StrengthMeter
  private readonly volumes: VolumeMeter
  /** Of StatefulSets only. */
  private readonly ordinals: OrdinalMeter | undefined
  private readonly cluster: Cluster
  private readonly clients: ClientBooks
  private changed = false
  /** When a pod was last created, marked for deletion or gone, or became ready, or the spec was written. */
  private movedAtUs = 0

  constructor(
    cluster: Cluster,
    workload: MeasuredWorkload,
    clients: ClientBooks,
    availability: Uint8Array,
    random: RandomStreams,
  ) {
    this.cluster = cluster
    this.workload = workload
    this.clients = clients
    this.capacity = new CapacityMeter(cluster, workload, availability)
    this.rollout = new RolloutMeter(cluster, workload)
    this.strength = new StrengthMeter(cluster, this.capacity)
    this.volumes = new VolumeMeter(cluster, (pod) => this.capacity.owns(pod))
    if (workload.kind === Kind.StatefulSet) this.ordinals = new OrdinalMeter(cluster, workload, random)
  }

  reset(): void {
    this.capacity.reset()
    this.rollout.reset()
    this.strength.reset()
    this.volumes.reset()
    this.ordinals?.reset()
    this.changed = false
    this.movedAtUs = this.cluster.model.windowStartUs
  }

  /** Handlers: every change first closes the interval before it. */
  watcher(): Watcher {
    const { capacity, cluster, workload } = this
    const podMoved = (pod: PodId): void => {
      if (!capacity.owns(pod)) return
      this.movedAtUs = cluster.nowUs
      this.close()
    }
    const isMine = (kind: Kind, row: number): boolean => kind === workload.kind && row === workload.row
    const ownerChanged = (): void => this.close()
    return {
      podAdded: podMoved,
      podDeleted: podMoved,
      podUpdated: (pod, change) => {
        if (change === PodChange.Ready || change === PodChange.DeletionMark) podMoved(pod)
        else if (capacity.owns(pod)) this.close()
      },
      // Members of a StatefulSet are there while they serve, whatever the API server says.
      ...(this.ordinals && {
        applicationChanged: (pod: PodId) => {
          if (capacity.owns(pod)) this.close()
        },
      }),
      podOwnerChanged: ownerChanged,
      volumeWaitEnded: (pod, sinceUs) => this.volumes.waitEnded(pod, sinceUs),
      replicaSetOwnerChanged: ownerChanged,
      specChanged: (kind, row) => {
        if (!isMine(kind, row)) return
        this.movedAtUs = cluster.nowUs
        this.close()
        this.rollout.noteSpec()
        this.rollout.look()
      },
      objectDeleted: (kind, row) => {
        if (isMine(kind, row)) this.close()
      },
      statusChanged: (kind, row) => {
        if (!isMine(kind, row)) return
        this.rollout.look()
        // The status of a DaemonSet says on how many nodes it wants a pod, and that of a Job whether it wants any.
        if (kind !== Kind.Deployment) this.close()
      },
      nodeChanged: (node) => {
        this.close()
        this.strength.nodeChanged(node)
      },
    }
  }

  /** Ends the interval up to now, because something is about to be different. */
  private close(): void {
    const { nowUs } = this.cluster
    this.capacity.advance(nowUs)
    this.strength.advance(nowUs)
    this.ordinals?.advance(nowUs)
    this.changed = true
  }

  /** The instant is over: take the new state in. */
  settle(): void {
    if (!this.changed) return
    this.changed = false
    this.capacity.recount()
    this.strength.recount()
    this.ordinals?.recount()
  }

  /** How long each ordinal of a StatefulSet was away; of other kinds nothing. */
  ordinalRows(): OrdinalRow[] {
    return this.ordinals?.rows() ?? []
  }

  /** Ends the run and fills the row. */
  finish(row: RunRow): void {
    const { capacity, clients, cluster, rollout } = this
    const { horizonUs } = cluster.model
    this.settle()
    capacity.finish(horizonUs)
    Object.assign(row, clients.books())
    row.latencyP50Ms = clients.latencyMs?.(0.5) ?? NaN
    row.latencyP99Ms = clients.latencyMs?.(0.99) ?? NaN
    row.outcome = rollout.outcome()
    row.rolloutSeconds = rollout.rolloutSeconds()
    row.deadlinesMissed = rollout.deadlinesMissed
    row.recoverySeconds = rollout.recoverySeconds()
    row.downtimeSeconds = clients.downtimeUs / 1e6
    row.minReadyPercent = capacity.minReadyPercent
    row.degradedSeconds = capacity.degradedUs / 1e6
    row.versionOverlapSeconds = clients.overlapUs / 1e6
    row.peakPods = capacity.peakPods
    row.extraPodSeconds = capacity.extraPodUs / 1e6
    row.terminatingPodSeconds = capacity.terminatingPodUs / 1e6
    row.volumeWaitSeconds = this.volumes.finishSeconds()
    this.finishRecovery(row)
    this.finishOrdinals(row)
  }

  private finishRecovery(row: RunRow): void {
    const { cluster, strength } = this
    const { horizonUs, windowStartUs } = cluster.model
    strength.advance(horizonUs)
    row.fullStrengthSeconds = strength.fullStrengthSeconds()
    row.drainingSeconds = strength.drainingSeconds()
    const stillUs = Math.min(STUCK_AFTER_US, (horizonUs - windowStartUs) / 2)
    const isOver = (row.outcome === 'complete' || row.outcome === 'aborted') && !strength.isDraining
    // A Job that is not complete has failed, or works on.
    const mayBeStuck = this.workload.kind !== Kind.Job && !isOver
    row.stuck = mayBeStuck && horizonUs - this.movedAtUs >= stillUs ? 1 : 0
  }

  private finishOrdinals(row: RunRow): void {
    const { ordinals } = this
    if (ordinals === undefined) return
    ordinals.advance(this.cluster.model.horizonUs)
    const away = ordinals.rows().map(({ awaySeconds }) => awaySeconds)
    row.ordinalAwayMeanSeconds =
      away.length === 0 ? 0 : toMillionths(away.reduce((sum, seconds) => sum + seconds, 0) / away.length)
    row.ordinalAwayMaxSeconds = Math.max(0, ...away)
    row.noPrimarySeconds = ordinals.noPrimaryUs / 1e6
    row.belowQuorumSeconds = ordinals.belowQuorumUs / 1e6
    if (this.workload.writes !== undefined) row.lostWrites = toMillionths(ordinals.lostWrites)
  }
}

/** Cuts the last bits of a sum of shares, so that equal losses are equal numbers. */
function toMillionths(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
