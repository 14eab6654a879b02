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
  /** When the version from before the first change was alone again. */
  private backAtUs = Infinity
  /** The template in force, and that before the first change. */
  private template: number = NONE
  private originalTemplate: number = NONE
  private wasExceeded = false

  constructor(cluster: Cluster, workload: MeasuredWorkload) {
    this.cluster = cluster
    this.workload = workload
  }

  reset(): void {
    this.deadlinesMissed = 0
    this.firstChangeUs = this.doneAtUs = this.backAtUs = Infinity
    this.template = this.originalTemplate = NONE
    this.wasExceeded = false
  }

  /** A spec was written. A step that would change the template may have been refused; then this is not called. */
  noteSpec(): void {
    const { cluster, workload } = this
    const { nowUs } = cluster
    const former = this.template
    this.template = templateOf(cluster, workload)
    // What a person or a pipeline writes has a time that only the run knows.
    const isDelivered = isCarriedOut(cluster, workload) && former !== NONE && former !== this.template
    if (!isDelivered && !workload.templateChangesUs.includes(nowUs)) return
    if (this.firstChangeUs === Infinity) this.originalTemplate = former
    this.firstChangeUs = Math.min(this.firstChangeUs, nowUs)
    this.doneAtUs = this.backAtUs = Infinity
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
    if (this.firstChangeUs < Infinity && this.backAtUs === Infinity && this.isBack(done)) this.backAtUs = sinceUs
  }

  /** The original version is alone again: its template has returned and rolled out, or the release was aborted. */
  private isBack(isRolledOut: boolean): boolean {
    if (this.template === this.originalTemplate && this.template !== NONE) return isRolledOut
    return isAborted(this.cluster, this.workload) && isStableAlone(this.cluster, this.workload)
  }

  /**
   * From the first template change until the version from before it was alone again, all of its pods available; NaN if
   * it never was: time to recover from a bad release.
   */
  recoverySeconds(): number {
    return this.backAtUs === Infinity ? NaN : (this.backAtUs - this.firstChangeUs) / 1e6
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
  const isComplete =
    status.updatedReplicas >= deployments.replicas[row] &&
    status.replicas <= status.updatedReplicas &&
    status.availableReplicas >= status.updatedReplicas
  // Where pods are deleted by hand kubectl takes the old ones for new: their ReplicaSet has the new template.
  return isComplete && (!isCarriedOut(cluster, workload) || isReplaced(cluster, row))
}

/** A strategy carries out the releases of the workload. */
function isCarriedOut({ model }: Cluster, { kind, row }: MeasuredWorkload): boolean {
  return kind === Kind.Deployment && model.strategy?.deployment === row
}

/** No pod of another template is left, and of this one as many are Ready as are wanted. */
function isReplaced({ deployments, pods, replicaSets }: Cluster, deployment: DeploymentId): boolean {
  if (deployments.readyPods[deployment] < deployments.replicas[deployment]) return false
  for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
    for (let pod = pods.firstOf[Kind.ReplicaSet][rs] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod])
      if (isActive(pods, pod) && pods.template[pod] !== deployments.template[deployment]) return false
  return true
}

/** The template in force of a workload that rolls out; NONE of others, and of one that does not exist. */
function templateOf({ daemonSets, deployments, statefulSets }: Cluster, { kind, row }: MeasuredWorkload): number {
  if (kind === Kind.Deployment)
    return deployments.exists[row as DeploymentId] === 1 ? deployments.template[row as DeploymentId] : NONE
  if (kind === Kind.StatefulSet)
    return statefulSets.exists[row as StatefulSetId] === 1 ? statefulSets.spec[row].template : NONE
  if (kind === Kind.DaemonSet) return daemonSets.exists[row as DaemonSetId] === 1 ? daemonSets.spec[row].template : NONE
  return NONE
}

/** No pod of an aborted release is left, and the stable version is at full strength. */
function isStableAlone({ deployments }: Cluster, { row }: MeasuredWorkload): boolean {
  const status = deployments.status[row]
  const replicas = deployments.replicas[row as DeploymentId]
  return status.updatedReplicas === 0 && status.replicas === replicas && status.availableReplicas >= replicas
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
