// After pkg/controller/podautoscaler/horizontal.go, Kubernetes v1.36: every 15 s each autoscaler compares the CPU usage of
// its pods with the target and writes the replicas of its Deployment. A pod's start is taken from its creation.

import { NONE } from '../../base/columns.ts'
import { scaleDeployment } from '../../cluster/autoscalerWrites.ts'
import type { Cluster } from '../../cluster/cluster.ts'
import { EventKind, PodPhase, Rank } from '../../cluster/codes.ts'
import type { PodId } from '../../cluster/pods.ts'
import type { ReplicaSetId } from '../../cluster/replicaSets.ts'
import type { Watcher } from '../../cluster/watch.ts'
import type { AutoscalerSpec } from '../../model/autoscalerSpec.ts'
import { type DeploymentId, Kind } from '../../model/types.ts'
import { PodMetrics, WINDOW_US } from './podMetrics.ts'
import { Recommendations } from './recommendations.ts'
import { resourceReplicas } from './replicaCalculator.ts'

/** horizontal-pod-autoscaler-sync-period. */
const SYNC_PERIOD_US = 15_000_000

/** horizontal-pod-autoscaler-cpu-initialization-period and -initial-readiness-delay. */
const CPU_INITIALIZATION_US = 300_000_000
const READINESS_DELAY_US = 30_000_000

export class HorizontalController {
  private readonly cluster: Cluster
  private readonly metrics: PodMetrics
  private readonly recommendations: readonly Recommendations[]
  private readonly isScheduled: Uint8Array
  private isCollecting = false

  constructor(cluster: Cluster) {
    this.cluster = cluster
    this.metrics = new PodMetrics(cluster)
    this.recommendations = cluster.model.autoscalers.map(() => new Recommendations())
    this.isScheduled = new Uint8Array(cluster.model.autoscalers.length)
  }

  reset(): void {
    for (const each of this.recommendations) each.reset()
    this.isScheduled.fill(0)
    this.isCollecting = false
  }

  watcher(): Watcher {
    const { agenda } = this.cluster
    return {
      ...this.metrics.watcher(),
      specChanged: (kind, row) => {
        if (kind !== Kind.HorizontalPodAutoscaler || this.isScheduled[row] === 1) return
        const { nowUs } = this.cluster
        this.isScheduled[row] = 1
        agenda.push(nowUs + SYNC_PERIOD_US, Rank.World, EventKind.AutoscalerSync, row)
        if (this.isCollecting) return
        this.isCollecting = true
        agenda.push(nowUs + WINDOW_US - (nowUs % WINDOW_US), Rank.World, EventKind.MetricsPass, 0)
      },
    }
  }

  /** metrics-server asks the kubelets. */
  fireMetrics(): void {
    this.metrics.collect()
    this.cluster.agenda.push(this.cluster.nowUs + WINDOW_US, Rank.World, EventKind.MetricsPass, 0)
  }

  /** One sync of one autoscaler (reconcileAutoscaler). */
  fireSync(row: number): void {
    const { agenda, autoscalers, deployments, model, nowUs } = this.cluster
    const spec = autoscalers.specs[row]
    if (spec === undefined) {
      this.isScheduled[row] = 0
      return
    }
    agenda.push(nowUs + SYNC_PERIOD_US, Rank.World, EventKind.AutoscalerSync, row)
    const target = model.deployments.findIndex(({ name }) => name === spec.targetName) as DeploymentId
    if (spec.targetKind !== 'Deployment' || target < 0 || deployments.exists[target] === 0) return
    const current = deployments.replicas[target]
    // Scaled to nothing by somebody: autoscaling is off until somebody scales up.
    if (current === 0) return
    const desired = this.desiredReplicas(spec, row, target, current)
    if (desired === current) return
    this.recommendations[row].noteScale(current, desired, nowUs)
    scaleDeployment(this.cluster, target, desired)
  }

  private desiredReplicas(spec: AutoscalerSpec, row: number, target: DeploymentId, current: number): number {
    if (current > spec.maxReplicas) return spec.maxReplicas
    if (current < spec.minReplicas) return spec.minReplicas
    const wanted = spec.cpuPercent === NONE ? undefined : this.askMetrics(target, current, spec.cpuPercent)
    // Without metrics nothing is known, and nothing is done.
    if (wanted === undefined) return current
    return this.recommendations[row].normalize(spec, current, wanted, this.cluster.nowUs)
  }

  /** Sorts the pods by what their metrics are worth (groupPods), and asks the calculator. */
  private askMetrics(target: DeploymentId, currentReplicas: number, targetPercent: number): number | undefined {
    const { model, pods, replicaSets } = this.cluster
    let [readyPods, readyUsage, readyRequests] = [0, 0, 0]
    let [unreadyPods, unreadyRequests, missingPods, missingRequests] = [0, 0, 0, 0]
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.ownerKind[pod] !== Kind.ReplicaSet || pods.deletionMark[pod] === 1) continue
      if (replicaSets.deployment[pods.owner[pod] as ReplicaSetId] !== target) continue
      if (pods.phase[pod] === PodPhase.Failed) continue
      const requests = model.templates[pods.template[pod]].cpuMillis
      if (pods.phase[pod] === PodPhase.Pending || (this.metrics.usage[pod] !== NONE && this.isUnready(pod))) {
        unreadyPods++
        unreadyRequests += requests
      } else if (this.metrics.usage[pod] === NONE) {
        missingPods++
        missingRequests += requests
      } else {
        readyPods++
        readyUsage += this.metrics.usage[pod]
        readyRequests += requests
      }
    }
    return resourceReplicas({
      currentReplicas,
      targetPercent,
      readyPods,
      readyUsage,
      readyRequests,
      unreadyPods,
      unreadyRequests,
      missingPods,
      missingRequests,
    })
  }

  /** The CPU of a pod that starts says nothing: not ready, or measured in part before it was. */
  private isUnready(pod: PodId): boolean {
    const { nowUs, pods } = this.cluster
    const startedAtUs = pods.createdAtUs[pod]
    const changedAtUs = pods.readyTransitionSeconds[pod] * 1e6
    const isReady = pods.ready[pod] === 1
    if (startedAtUs + CPU_INITIALIZATION_US > nowUs)
      return !isReady || this.metrics.sampledAtUs[pod] < changedAtUs + WINDOW_US
    return !isReady && startedAtUs + READINESS_DELAY_US > changedAtUs
  }
}
