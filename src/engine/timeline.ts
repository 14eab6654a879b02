// Plays the actions of the timeline on the cluster: what a person with kubectl, or the world, does to it.

import { NONE } from '../base/columns.ts'
import { applyAutoscalerSpec, withScale } from '../cluster/autoscalerWrites.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { DeletionReason } from '../cluster/codes.ts'
import { applyCronJobSpec, removeCronJob } from '../cluster/cronJobWrites.ts'
import { applyDaemonSetSpec } from '../cluster/daemonSetWrites.ts'
import { deleteObject, writeFinalizers } from '../cluster/deletion.ts'
import { applyDeploymentSpec } from '../cluster/deploymentWrites.ts'
import { pushImage } from '../cluster/imageWrites.ts'
import type { JobId } from '../cluster/jobs.ts'
import { applyJobSpec } from '../cluster/jobWrites.ts'
import { applyBudgetSpec, removeBudget } from '../cluster/budgetWrites.ts'
import { addNode, changeTaint, removeNode, setLabels, setTaints, setUnschedulable } from '../cluster/nodeWrites.ts'
import { isTerminal, type PodId, type Pods } from '../cluster/pods.ts'
import { removePod } from '../cluster/podWrites.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { applyPodSpec, applyReplicaSetSpec } from '../cluster/rootWrites.ts'
import { applyServiceSpec, removeService } from '../cluster/serviceWrites.ts'
import { applyStatefulSetSpec } from '../cluster/statefulSetWrites.ts'
import { applyClaimSpec, applyVolumeSpec, removeClaimObject, removeVolume } from '../cluster/volumeWrites.ts'
import {
  type Action,
  type BudgetId,
  type Cascade,
  type CompiledSpec,
  type CronJobId,
  type DaemonSetId,
  type DeploymentId,
  Kind,
  type ObjectModel,
  type ServiceId,
  type StatefulSetId,
  type TemplateId,
} from '../model/types.ts'
import type { Drains } from './drains.ts'
import type { Outages } from './outages.ts'

export class Timeline {
  private readonly cluster: Cluster
  private readonly drains: Drains
  private readonly outages: Outages
  private readonly delivery: Delivery | undefined
  private readonly candidates: PodId[] = []
  /** Workloads whose last undo was refused, and whose template no step has written since (undoKey). */
  private readonly refusedUndos = new Set<number>()

  constructor(cluster: Cluster, drains: Drains, outages: Outages, delivery: Delivery | undefined) {
    this.delivery = delivery
    this.cluster = cluster
    this.drains = drains
    this.outages = outages
  }

  reset(): void {
    this.refusedUndos.clear()
  }

  /** Plays one action. */
  play(action: Action): void {
    const { cluster } = this
    switch (action.type) {
      case 'applySpec':
        this.applySpec(action.kind, action.row, action.spec, action.keepsTemplate === true)
        break
      case 'deliver':
        this.delivery?.start(action.spec)
        break
      case 'undo':
        if (this.remembers(action.kind, action.row, action.spec))
          this.applySpec(action.kind, action.row, action.spec, false)
        else this.refusedUndos.add(undoKey(action.kind, action.row))
        break
      case 'delete':
        if (action.kind === Kind.PodDisruptionBudget) removeBudget(cluster, action.row as BudgetId)
        else if (action.kind === Kind.HorizontalPodAutoscaler) applyAutoscalerSpec(cluster, action.row, undefined)
        else if (action.kind === Kind.CronJob) removeCronJob(cluster, action.row as CronJobId)
        else if (action.kind === Kind.Service) removeService(cluster, action.row as ServiceId)
        else if (action.kind === Kind.PersistentVolumeClaim) removeClaimObject(cluster, action.row)
        else if (action.kind === Kind.PersistentVolume) removeVolume(cluster, action.row)
        else this.deleteObject(action.kind, action.row, action.cascade)
        break
      case 'deletePod':
        this.deletePod(action)
        break
      case 'addNode':
        addNode(cluster, action.node, action.as)
        break
      case 'deleteNode':
        removeNode(cluster, action.node)
        break
      case 'drain':
        this.drains.start(action.node)
        break
      case 'setTaints':
        setTaints(cluster, action.node, action.taints)
        break
      case 'taintNode':
        changeTaint(cluster, action.node, action.taint, action.remove)
        break
      case 'setLabels':
        setLabels(cluster, action.node, action.labels)
        break
      case 'cordon':
      case 'uncordon':
        setUnschedulable(cluster, action.node, action.type === 'cordon')
        break
      case 'nodeDown':
        this.outages.begin(action.node, 'step')
        break
      case 'nodeUp':
        this.outages.start(action.node)
        break
      case 'shutdownNode':
        this.outages.shutDown(action.node, action.graceUs)
        break
      case 'pushImage':
        pushImage(cluster, action.image, action.version)
        break
      default:
    }
  }

  /** Writes the Deployment of the arm's strategy, as a step at this instant would. */
  writeBack(type: 'applySpec' | 'undo', spec: number): void {
    const { model, nowUs } = this.cluster
    const { strategy } = model
    if (strategy !== undefined) this.play({ atUs: nowUs, type, kind: Kind.Deployment, row: strategy.deployment, spec })
  }

  /** Specs were compiled as if every undo had been granted: after a refused one the template in force is another. */
  private applySpec(kind: Kind, row: number, spec: number, keepsTemplate: boolean): void {
    const { cluster } = this
    const { model } = cluster
    const undone = undoKey(kind, row)
    if (!keepsTemplate) this.refusedUndos.delete(undone)
    const inForce = this.refusedUndos.has(undone) ? this.templateOf(kind, row) : undefined
    const of = <Spec extends CompiledSpec>(objects: readonly ObjectModel<Spec>[]): Spec => {
      const compiled = objects[row].specs[spec]
      return inForce === undefined ? compiled : { ...compiled, template: inForce }
    }
    const finalizers = (objects: readonly ObjectModel<CompiledSpec>[]): void => {
      writeFinalizers(cluster, kind, row, objects[row].hasFinalizers[spec])
    }
    switch (kind) {
      case Kind.Deployment:
        applyDeploymentSpec(
          cluster,
          row as DeploymentId,
          withScale(cluster, row as DeploymentId, of(model.deployments)),
        )
        finalizers(model.deployments)
        break
      case Kind.HorizontalPodAutoscaler:
        applyAutoscalerSpec(cluster, row, model.autoscalers[row].specs[spec])
        break
      case Kind.StatefulSet:
        applyStatefulSetSpec(cluster, row as StatefulSetId, spec, of(model.statefulSets))
        finalizers(model.statefulSets)
        break
      case Kind.DaemonSet:
        applyDaemonSetSpec(cluster, row as DaemonSetId, of(model.daemonSets))
        finalizers(model.daemonSets)
        break
      case Kind.Job:
        applyJobSpec(cluster, row as JobId, of(model.jobs))
        finalizers(model.jobs)
        break
      case Kind.CronJob:
        applyCronJobSpec(cluster, row as CronJobId, of(model.cronJobs))
        break
      case Kind.PodDisruptionBudget:
        applyBudgetSpec(cluster, row as BudgetId, spec)
        break
      case Kind.Service:
        applyServiceSpec(cluster, row as ServiceId, spec)
        break
      case Kind.Pod:
        applyPodSpec(cluster, row, spec)
        break
      case Kind.PersistentVolumeClaim:
        applyClaimSpec(cluster, row)
        break
      case Kind.PersistentVolume:
        applyVolumeSpec(cluster, row)
        break
      case Kind.ReplicaSet:
      case Kind.ReplicationController: {
        const objects = kind === Kind.ReplicaSet ? model.replicaSets : model.replicationControllers
        const rs = applyReplicaSetSpec(cluster, kind, row, of(objects))
        writeFinalizers(cluster, Kind.ReplicaSet, rs, objects[row].hasFinalizers[spec])
        break
      }
      default:
    }
  }

  /** The template in force of a workload that can be rolled back; undefined if it does not exist. */
  private templateOf(kind: Kind, row: number): TemplateId | undefined {
    const { daemonSets, deployments, statefulSets } = this.cluster
    const { exists, spec } =
      kind === Kind.Deployment ? deployments : kind === Kind.StatefulSet ? statefulSets : daemonSets
    return exists[row as never] === 1 ? spec[row].template : undefined
  }

  /** Deletes what the manifests name; a ReplicaSet by the row that it has now. */
  private deleteObject(kind: Kind, row: number, cascade: Cascade): void {
    const { cluster } = this
    const { pods, replicaSets } = cluster
    if (kind === Kind.Pod) {
      const pod = pods.ofObject[row] as PodId
      if (pod !== NONE) removePod(cluster, pod, NONE, DeletionReason.Step)
    } else if (kind === Kind.ReplicaSet || kind === Kind.ReplicationController) {
      const rs = replicaSets.ofObject[kind][row]
      if (rs !== NONE) deleteObject(cluster, Kind.ReplicaSet, rs, cascade)
    } else deleteObject(cluster, kind, row, cascade)
  }

  /** Whether the template that an undo returns to is still kept by a ReplicaSet or ControllerRevision. */
  private remembers(kind: Kind, row: number, spec: number): boolean {
    const { daemonSets, deployments, model, replicaSets, statefulSets } = this.cluster
    if (kind === Kind.DaemonSet) {
      const { template } = model.daemonSets[row].specs[spec]
      return daemonSets.history[row].some((revision) => revision.template === template)
    }
    if (kind === Kind.StatefulSet) {
      const set = row as StatefulSetId
      return statefulSets.findRevision(set, model.statefulSets[set].specs[spec].template) !== NONE
    }
    if (kind !== Kind.Deployment) return true
    const { template } = model.deployments[row].specs[spec]
    let rs = deployments.oldestReplicaSet[row as DeploymentId]
    for (; rs !== NONE; rs = replicaSets.next[rs]) if (replicaSets.template[rs] === template) return true
    return false
  }

  /** Deletes the (index modulo n)-th of the n live pods that the action names, oldest first, DaemonSet pods by node. */
  private deletePod(action: Extract<Action, { type: 'deletePod' }>): void {
    const { candidates, cluster } = this
    const { pods } = cluster
    candidates.length = 0
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (isTerminal(pods, pod) || (pods.deletionMark[pod] === 1 && !action.force)) continue
      if (action.node !== NONE && pods.node[pod] !== action.node) continue
      if (action.pod !== '' && cluster.nameOfPod(pod) !== action.pod) continue
      if (action.kind !== Kind.None && !this.belongs(pod, action.kind, action.row)) continue
      candidates.push(pod)
    }
    if (candidates.length === 0) return
    sortDaemonPodsByNode(pods, candidates)
    const victim = candidates[action.index % candidates.length]
    removePod(cluster, victim, action.force ? 0 : NONE, DeletionReason.Step)
  }

  private belongs(pod: PodId, kind: Kind, row: number): boolean {
    const { pods, replicaSets } = this.cluster
    const ofRoot = kind === Kind.ReplicaSet || kind === Kind.ReplicationController
    if (kind !== Kind.Deployment && !ofRoot) return pods.ownerKind[pod] === kind && pods.owner[pod] === row
    if (pods.ownerKind[pod] !== Kind.ReplicaSet) return false
    if (ofRoot) return replicaSets.ofObject[kind][row] === pods.owner[pod]
    return replicaSets.deployment[pods.owner[pod] as ReplicaSetId] === row
  }
}

/** Names a row of any kind by one number. */
function undoKey(kind: Kind, row: number): number {
  return row * 16 + kind
}

/**
 * Pods oldest first, but a DaemonSet's pod moves before its neighbours as long as they are on later nodes (no node is
 * before all). With other pods between them that is no order in the strict sense, so the way of sorting counts: by
 * insertion, as the recordings' `deletePod` does it.
 */
function sortDaemonPodsByNode(pods: Pods, list: PodId[]): void {
  for (let i = 1; i < list.length; i++) {
    const pod = list[i]
    if (pods.ownerKind[pod] !== Kind.DaemonSet) continue
    let place = i
    for (; place > 0 && pods.node[pod] < pods.node[list[place - 1]]; place--) list[place] = list[place - 1]
    list[place] = pod
  }
}
