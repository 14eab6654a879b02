// When a rollout is done, in the words of `kubectl rollout status`, and how it stands at the horizon.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { ConditionStatus, DeploymentReason } from '../cluster/codes.ts'
import { isActive, type PodId } from '../cluster/pods.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import type { JobId } from '../cluster/jobs.ts'
import { type DaemonSetId, type DeploymentId, Kind, type MeasuredWorkload, type StatefulSetId } from '../model/types.ts'
import type { Outcome } from './types.ts'

export class RolloutMeter {
  /** Progressing turned False for want of progress, in the window. */
  deadlinesMissed = 0
  private readonly cluster: Cluster
  private readonly workload: MeasuredWorkload
  /** Of the writes that changed the template; Infinity: there was none. */
  private firstChangeUs = Infinity
  private doneAtUs = Infinity
  private wasExceeded = false

  constructor(cluster: Cluster, workload: MeasuredWorkload) {
    this.cluster = cluster
    this.workload = workload
  }

  reset(): void {
    this.deadlinesMissed = 0
    this.firstChangeUs = this.doneAtUs = Infinity
    this.wasExceeded = false
  }

  /** A spec was written. A step that would change the template may have been refused; then this is not called. */
  noteSpec(): void {
    const { nowUs } = this.cluster
    if (!this.workload.templateChangesUs.includes(nowUs)) return
    this.firstChangeUs = Math.min(this.firstChangeUs, nowUs)
    this.doneAtUs = Infinity
  }

  /** Looks at the workload after a change of its spec or status. */
  look(): void {
    const { cluster, workload } = this
    const exceeded = isDeadlineExceeded(cluster, workload)
    if (exceeded && !this.wasExceeded && cluster.nowUs >= cluster.model.windowStartUs) this.deadlinesMissed++
    this.wasExceeded = exceeded
    const done = isRolledOut(cluster, workload)
    // What lasts no time does not count, and before the window only the last state does.
    const sinceUs = Math.max(cluster.nowUs, cluster.model.windowStartUs)
    if (done && this.doneAtUs === Infinity) this.doneAtUs = sinceUs
    if (!done && this.doneAtUs === sinceUs) this.doneAtUs = Infinity
  }

  /** How the rollout stands at the horizon. */
  outcome(): Outcome {
    if (isRolledOut(this.cluster, this.workload)) return 'complete'
    if (isAborted(this.cluster, this.workload)) return 'aborted'
    return isDeadlineExceeded(this.cluster, this.workload) ? 'deadlineExceeded' : 'horizonReached'
  }

  /** From the first template change to the first instant after the last one at which it was done; NaN if not complete. */
  rolloutSeconds(): number {
    if (this.outcome() !== 'complete') return NaN
    const fromUs = this.firstChangeUs < Infinity ? this.firstChangeUs : this.cluster.model.windowStartUs
    return (this.doneAtUs - fromUs) / 1e6
  }
}

/** `kubectl rollout status` would say "successfully rolled out" (polymorphichelpers/rollout_status.go). */
export function isRolledOut(cluster: Cluster, workload: MeasuredWorkload): boolean {
  const { daemonSets, deployments } = cluster
  if (workload.kind === Kind.DaemonSet) {
    const ds = workload.row as DaemonSetId
    const status = daemonSets.status[ds]
    if (daemonSets.exists[ds] === 0 || daemonSets.generation[ds] > daemonSets.observedGeneration[ds]) return false
    return status.updated >= status.desired && status.available >= status.desired
  }
  if (workload.kind === Kind.ReplicaSet || workload.kind === Kind.ReplicationController)
    return isAtFullStrength(cluster, cluster.replicaSets.ofObject[workload.kind][workload.row] as ReplicaSetId)
  if (workload.kind === Kind.Job) return cluster.jobs.outcome(workload.row as JobId) === 'Complete'
  if (workload.kind === Kind.StatefulSet) return isStatefulSetRolledOut(cluster, workload.row as StatefulSetId)
  if (workload.kind !== Kind.Deployment) return false
  const row = workload.row as DeploymentId
  if (deployments.exists[row] === 0) return false
  const status = deployments.status[row]
  if (deployments.generation[row] > status.observedGeneration) return false
  if (status.progressingReason === DeploymentReason.ProgressDeadlineExceeded) return false
  return (
    status.updatedReplicas >= deployments.replicas[row] &&
    status.replicas <= status.updatedReplicas &&
    status.availableReplicas >= status.updatedReplicas
  )
}

/**
 * kubectl knows no rollout of a ReplicaSet, which never replaces pods by itself. It counts as rolled out when its spec
 * was seen and all of its wanted pods are available and of the current template.
 */
function isAtFullStrength(cluster: Cluster, rs: ReplicaSetId): boolean {
  const { pods, replicaSets } = cluster
  if (rs === NONE || replicaSets.generation[rs] > replicaSets.observedGeneration[rs]) return false
  const wanted = replicaSets.replicas[rs]
  if (replicaSets.statusReplicas[rs] !== wanted || replicaSets.availableReplicas[rs] !== wanted) return false
  let pod = pods.firstOf[Kind.ReplicaSet][rs] as PodId
  for (; pod !== NONE; pod = pods.nextOfOwner[pod])
    if (isActive(pods, pod) && pods.template[pod] !== replicaSets.template[rs]) return false
  return true
}

/**
 * A StatefulSet is done when all its pods are ready and enough of them are updated: all from the partition up; with
 * OnDelete, of which kubectl says nothing, all. Without a `rollingUpdate` block the revisions are compared instead.
 */
function isStatefulSetRolledOut(cluster: Cluster, set: StatefulSetId): boolean {
  const { statefulSets } = cluster
  if (statefulSets.exists[set] === 0) return false
  const status = statefulSets.status[set]
  const replicas = statefulSets.replicas[set]
  if (statefulSets.generation[set] > status.observedGeneration || status.readyReplicas < replicas) return false
  if (statefulSets.onDelete[set] === 1) return status.updatedReplicas >= replicas
  const partition = statefulSets.partition[set]
  if (partition === NONE) return status.updateRevision === status.currentRevision
  return status.updatedReplicas >= replicas - partition
}

/** Progressing is False because the deadline passed. */
function isDeadlineExceeded(cluster: Cluster, workload: MeasuredWorkload): boolean {
  if (workload.kind !== Kind.Deployment) return false
  const status = cluster.deployments.status[workload.row]
  return (
    status.progressing === ConditionStatus.False &&
    status.progressingReason === DeploymentReason.ProgressDeadlineExceeded
  )
}

/** A Rollout whose analysis has failed. */
function isAborted(cluster: Cluster, workload: MeasuredWorkload): boolean {
  if (workload.kind !== Kind.Deployment) return false
  return cluster.deployments.status[workload.row].progressingReason === DeploymentReason.RolloutAborted
}
