// Capacity of one workload over time: Ready pods against the replicas in force, extra and terminating pods, and the
// availability curve. Integrals between events; a state that lasts no time counts for no minimum and no maximum.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { JobId } from '../cluster/jobs.ts'
import { isTerminal, type PodId } from '../cluster/pods.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import { type DeploymentId, Kind, type MeasuredWorkload, type StatefulSetId } from '../model/types.ts'

export class CapacityMeter {
  /** Smallest Ready share in percent of the replicas in force; 100 at 0 replicas. */
  minReadyPercent = 100
  degradedUs = 0
  peakPods = 0
  extraPodUs = 0
  terminatingPodUs = 0
  /** Ready percent, at most 100, at equally spaced instants of the window. */
  readonly availability: Uint8Array
  private readonly cluster: Cluster
  private readonly workload: MeasuredWorkload
  private readonly stepUs: number
  private sinceUs = 0
  private nextSample = 0
  private replicas = 0
  private ready = 0
  private active = 0
  private terminating = 0
  private unfinished = 0

  constructor(cluster: Cluster, workload: MeasuredWorkload, availability: Uint8Array) {
    this.cluster = cluster
    this.workload = workload
    this.availability = availability
    const { horizonUs, windowStartUs } = cluster.model
    this.stepUs = (horizonUs - windowStartUs) / (availability.length - 1)
  }

  reset(): void {
    this.minReadyPercent = 100
    this.degradedUs = this.peakPods = this.extraPodUs = this.terminatingPodUs = 0
    this.sinceUs = this.cluster.model.windowStartUs
    this.nextSample = 0
    this.replicas = this.ready = this.active = this.terminating = this.unfinished = 0
  }

  /** Whether a pod belongs to the workload; a Deployment's pods belong to its ReplicaSets. */
  owns(pod: PodId): boolean {
    const { pods, replicaSets } = this.cluster
    const { kind, row } = this.workload
    if (isRootKind(kind)) return isOfRoot(this.cluster, pod, kind, row)
    if (kind !== Kind.Deployment) return pods.ownerKind[pod] === kind && pods.owner[pod] === row
    if (pods.ownerKind[pod] !== Kind.ReplicaSet) return false
    return replicaSets.deployment[pods.owner[pod] as ReplicaSetId] === (row as DeploymentId)
  }

  /** Adds what the state since the last call contributes; call before each change. */
  advance(nowUs: number): void {
    if (nowUs <= this.sinceUs) return
    const us = nowUs - this.sinceUs
    this.sinceUs = nowUs
    const percent = this.readyPercent()
    if (percent < this.minReadyPercent) this.minReadyPercent = percent
    if (this.ready < this.replicas) this.degradedUs += us
    if (this.unfinished > this.peakPods) this.peakPods = this.unfinished
    if (this.active > this.replicas) this.extraPodUs += (this.active - this.replicas) * us
    this.terminatingPodUs += this.terminating * us
    const { windowStartUs } = this.cluster.model
    const sample = sampleOf(percent)
    while (this.nextSample < this.availability.length && windowStartUs + this.nextSample * this.stepUs < nowUs)
      this.availability[this.nextSample++] = sample
  }

  /** Ends the window: the state holds until the horizon, and is what the sample at the horizon itself shows. */
  finish(horizonUs: number): void {
    this.advance(horizonUs)
    this.availability.fill(sampleOf(this.readyPercent()), this.nextSample)
  }

  private readyPercent(): number {
    return this.replicas === 0 ? 100 : (this.ready * 100) / this.replicas
  }

  /** The replicas in force when it was last counted. */
  get replicasNow(): number {
    return this.replicas
  }

  /** Counts the workload's pods and replicas anew, after a change. */
  recount(): void {
    const { cluster, workload } = this
    this.ready = this.active = this.terminating = this.unfinished = 0
    this.replicas = replicasInForce(cluster, workload)
    if (isRootKind(workload.kind)) {
      this.countRoot(workload.kind, workload.row)
      return
    }
    if (workload.kind !== Kind.Deployment) {
      this.countOwner(workload.kind, workload.row)
      return
    }
    const { deployments } = cluster
    const deployment = workload.row as DeploymentId
    this.ready = deployments.readyPods[deployment]
    this.active = deployments.activePods[deployment]
    this.terminating = deployments.terminatingPods[deployment]
    this.unfinished = this.active + this.terminating
  }

  /** The pods of a ReplicaSet of the manifests, those of deleted ones of its name too. */
  private countRoot(kind: Kind, row: number): void {
    const { replicaSets } = this.cluster
    for (let rs = 0 as ReplicaSetId; rs < replicaSets.created; rs++)
      if (replicaSets.objectKind[rs] === kind && replicaSets.object[rs] === row) this.countOwner(Kind.ReplicaSet, rs)
  }

  private countOwner(kind: Kind, row: number): void {
    const { pods } = this.cluster
    for (let pod = pods.firstOf[kind][row] as PodId; pod !== NONE; pod = pods.nextOfOwner[pod]) {
      if (isTerminal(pods, pod)) continue
      this.unfinished++
      if (pods.deletionMark[pod] === 1) this.terminating++
      else {
        this.active++
        this.ready += pods.ready[pod]
      }
    }
  }
}

/** A point of the availability curve: whole percent, rounded down, at most 100. */
function sampleOf(percent: number): number {
  return Math.min(100, Math.floor(percent))
}

/** spec.replicas now, or the nodes that a DaemonSet wants a pod on; a workload that does not exist wants none. */
export function replicasInForce(cluster: Cluster, workload: MeasuredWorkload): number {
  const { daemonSets, deployments, jobs, statefulSets } = cluster
  if (workload.kind === Kind.DaemonSet) return daemonSets.status[workload.row].desired
  if (isRootKind(workload.kind)) {
    const rs = cluster.replicaSets.ofObject[workload.kind][workload.row] as ReplicaSetId
    return rs === NONE ? 0 : cluster.replicaSets.replicas[rs]
  }
  if (workload.kind === Kind.Job) {
    const job = workload.row as JobId
    return jobs.exists[job] === 1 && jobs.outcome(job) === undefined ? jobs.spec[job].parallelism : 0
  }
  if (workload.kind === Kind.StatefulSet) {
    const set = workload.row as StatefulSetId
    return statefulSets.exists[set] === 1 ? statefulSets.replicas[set] : 0
  }
  if (workload.kind !== Kind.Deployment) return 0
  const row = workload.row as DeploymentId
  return deployments.exists[row] === 1 ? deployments.replicas[row] : 0
}

/** Kinds whose objects are rows of the table of ReplicaSets. */
function isRootKind(kind: Kind): boolean {
  return kind === Kind.ReplicaSet || kind === Kind.ReplicationController
}

/** Whether the pod's ReplicaSet is, or was, this object of the manifests. */
function isOfRoot({ pods, replicaSets }: Cluster, pod: PodId, kind: Kind, row: number): boolean {
  if (pods.ownerKind[pod] !== Kind.ReplicaSet) return false
  const rs = pods.owner[pod] as ReplicaSetId
  return replicaSets.objectKind[rs] === kind && replicaSets.object[rs] === row
}
