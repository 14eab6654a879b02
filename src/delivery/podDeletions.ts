// A release without a rolling update: pods are deleted by somebody and come back with the new template, because nothing
// else replaces them.
//
// By hand, for a Deployment: a template that is changed in the Deployment rolls out at once, and while it is paused
// nothing makes new pods of it. What leaves the pods alone is to give the same new template to the ReplicaSet that runs
// them (pause, `kubectl edit` of both, resume): the Deployment then finds its new ReplicaSet in place, and a ReplicaSet
// never replaces pods of an older template. From there `kubectl delete pod`, one after another, oldest first.
//
// All pods, with pull policy Always: the image is pushed again under its tag, so no object changes at all; whatever is
// started from then on runs the new image. Written down it is the same: ReplicaSet and Deployment have the new template
// in the instant of the push.

import { NONE } from '../base/columns.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { DeletionReason, EventKind, PodChange, Rank } from '../cluster/codes.ts'
import { applyDeploymentSpec } from '../cluster/deploymentWrites.ts'
import { isActive, type PodId } from '../cluster/pods.ts'
import { removePod } from '../cluster/podWrites.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import { removeReplicaSet, replaceTemplate } from '../cluster/replicaSetWrites.ts'
import type { Watcher } from '../cluster/watch.ts'
import type { StrategyModel } from '../model/strategyModel.ts'
import { type DeploymentId, Kind } from '../model/types.ts'
import type { Delivery } from './delivery.ts'

type Deletions = Extract<StrategyModel, { type: 'byHand' | 'deleteAllPods' }>

export class PodDeletions implements Delivery {
  private readonly cluster: Cluster
  private readonly strategy: Deletions
  private readonly deployment: DeploymentId
  private isUnderWay = false
  /** Deletes no earlier than this. */
  private nextUs = 0

  constructor(cluster: Cluster, strategy: Deletions) {
    this.cluster = cluster
    this.strategy = strategy
    this.deployment = strategy.deployment
  }

  reset(): void {
    this.isUnderWay = false
    this.nextUs = 0
  }

  /** The release: the templates are written, and the first pod goes. */
  start(spec: number): void {
    const { cluster, deployment } = this
    const { deployments, model, replicaSets } = cluster
    if (deployments.exists[deployment] === 0) return
    const former = deployments.template[deployment]
    const compiled = model.deployments[deployment].specs[spec]
    let next: ReplicaSetId
    for (let rs = deployments.oldestReplicaSet[deployment]; rs !== NONE; rs = next) {
      next = replicaSets.next[rs]
      // An older ReplicaSet of the same template would be taken for the new one.
      if (replicaSets.template[rs] === compiled.template) removeReplicaSet(cluster, rs)
      else if (replicaSets.template[rs] === former) replaceTemplate(cluster, rs, compiled.template)
    }
    applyDeploymentSpec(cluster, deployment, compiled)
    this.isUnderWay = true
    this.nextUs = cluster.nowUs
    this.ask(cluster.nowUs)
  }

  /** It is time to look whether a pod can be deleted. */
  fire(): void {
    const { cluster, deployment, strategy } = this
    const { deployments, nowUs } = cluster
    if (!this.isUnderWay || nowUs < this.nextUs || deployments.exists[deployment] === 0) return
    if (strategy.waitReady && deployments.readyPods[deployment] < deployments.replicas[deployment]) return
    for (let pod = this.oldestOutdated(); pod !== NONE; pod = this.oldestOutdated()) {
      removePod(cluster, pod, NONE, DeletionReason.Step)
      // Without an interval and without a wait the next one goes in the same instant.
      if (strategy.intervalUs === 0 && !strategy.waitReady) continue
      this.nextUs = nowUs + strategy.intervalUs
      if (strategy.intervalUs > 0) this.ask(this.nextUs)
      return
    }
    this.isUnderWay = false
  }

  watcher(): Watcher {
    const { cluster, deployment, strategy } = this
    if (!strategy.waitReady) return {}
    const { pods, replicaSets } = cluster
    return {
      podUpdated: (pod, change) => {
        if (!this.isUnderWay || change !== PodChange.Ready || pods.ownerKind[pod] !== Kind.ReplicaSet) return
        if (replicaSets.deployment[pods.owner[pod] as ReplicaSetId] === deployment) this.ask(cluster.nowUs)
      },
    }
  }

  private ask(atUs: number): void {
    this.cluster.agenda.push(atUs, Rank.World, EventKind.Delivery, 0)
  }

  /** The oldest pod of another template than the Deployment's, or NONE. */
  private oldestOutdated(): PodId {
    const { deployments, pods, replicaSets } = this.cluster
    const template = deployments.template[this.deployment]
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.ownerKind[pod] !== Kind.ReplicaSet || !isActive(pods, pod) || pods.template[pod] === template) continue
      if (replicaSets.deployment[pods.owner[pod] as ReplicaSetId] === this.deployment) return pod
    }
    return NONE as PodId
  }
}
