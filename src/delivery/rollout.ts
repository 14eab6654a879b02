// A Rollout of Argo Rollouts (v1.8): a row of the table of Deployments that its controller looks after in place of the
// Deployment controller, its status, and what one sync of it knows. ReplicaSets and pods are those of the row, so all
// that watches and measures a Deployment sees them.

import { NONE } from '../base/columns.ts'
import { type Cluster, Controller } from '../cluster/cluster.ts'
import { DeploymentStatus } from '../cluster/deployments.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import type { WorkQueue } from '../cluster/workQueue.ts'
import type { StrategyModel } from '../model/strategyModel.ts'
import type { DeploymentId, TemplateId } from '../model/types.ts'

/** Integral of the share of requests that clients lose or get an error for, in microseconds, up to now. */
export type LostShareUs = (nowUs: number) => number

/** No instant. */
export const NEVER = -1

export class Rollout {
  readonly cluster: Cluster
  readonly deployment: DeploymentId
  readonly queue: WorkQueue
  readonly lostShareUs: LostShareUs
  /** status.currentPodHash and status.stableRS; NONE before the first. Hashes are the templates that they stand for. */
  currentHash = NONE as TemplateId
  stableHash = NONE as TemplateId
  /** status.blueGreen.activeSelector, and status.blueGreen.scaleUpPreviewCheckPoint. */
  activeHash = NONE as TemplateId
  previewCheckPoint = false
  /** status.canary: the index of the step under way; as many as there are steps when all are done. */
  stepIndex = 0
  aborted = false
  /** Whole second of the pause condition, or NEVER. Kubernetes stores times as seconds, rounded down. */
  pausedAtSeconds = NEVER
  /** By ReplicaSet: the annotation scale-down-deadline, in whole seconds, or NEVER. */
  readonly scaleDownAtSeconds: Float64Array
  /** Something of the status above was changed in this sync: the write of it wakes the controller again. */
  changed = false
  /** What this sync knows. */
  newReplicaSet = NONE as ReplicaSetId
  stableReplicaSet = NONE as ReplicaSetId
  readonly others: ReplicaSetId[] = []
  /** The counts and conditions when the sync began. */
  readonly status = new DeploymentStatus()

  constructor(cluster: Cluster, strategy: StrategyModel, lostShareUs: LostShareUs) {
    this.cluster = cluster
    this.deployment = strategy.deployment
    this.queue = cluster.queues[Controller.Deployment]
    this.lostShareUs = lostShareUs
    this.scaleDownAtSeconds = new Float64Array(cluster.model.capacity.replicaSets)
  }

  reset(): void {
    this.currentHash = this.stableHash = this.activeHash = NONE as TemplateId
    this.previewCheckPoint = this.aborted = this.changed = false
    this.stepIndex = 0
    this.pausedAtSeconds = NEVER
    this.scaleDownAtSeconds.fill(NEVER)
  }

  /** A sync begins: reads the ReplicaSets, as upstream's newRolloutContext does. */
  begin(): void {
    const { cluster, deployment } = this
    const { deployments, replicaSets } = cluster
    this.changed = false
    this.status.copy(deployments.status[deployment])
    this.newReplicaSet = this.find(deployments.template[deployment])
    this.stableReplicaSet = this.find(this.stableHash)
    this.others.length = 0
    for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = replicaSets.next[rs])
      if (rs !== this.newReplicaSet && rs !== this.stableReplicaSet) this.others.push(rs)
  }

  /** The ReplicaSet of a hash, or NONE. */
  find(hash: TemplateId): ReplicaSetId {
    const { deployments, replicaSets } = this.cluster
    let rs = deployments.oldestReplicaSet[this.deployment]
    while (rs !== NONE && replicaSets.template[rs] !== hash) rs = replicaSets.next[rs]
    return rs
  }

  /** spec.replicas of the Rollout. */
  get replicas(): number {
    return this.cluster.deployments.replicas[this.deployment]
  }

  /** There is a stable ReplicaSet other than the new one (CheckStableRSExists). */
  get hasStable(): boolean {
    return this.stableReplicaSet !== NONE && this.stableReplicaSet !== this.newReplicaSet
  }

  /** spec.paused: somebody has paused the Rollout. */
  get pausedByUser(): boolean {
    return this.cluster.deployments.paused[this.deployment] === 1
  }

  /** The template is another one than the status knows (CheckPodSpecChange). */
  get templateChanged(): boolean {
    const { currentHash } = this
    return currentHash !== NONE && currentHash !== this.cluster.deployments.template[this.deployment]
  }

  /** A pause that began in a whole second is over after so long; asks to be woken then if it is not. */
  hasPaused(us: number): boolean {
    if (this.pausedAtSeconds === NEVER) return false
    return this.isPast(this.pausedAtSeconds * 1e6 + us)
  }

  /** Whether an instant has come; if not, the controller will look again then. */
  isPast(atUs: number): boolean {
    const nowUs = this.cluster.clockUs()
    if (nowUs >= atUs) return true
    if (atUs < Infinity) this.queue.addAfter(this.deployment, nowUs, atUs - nowUs)
    return false
  }
}
