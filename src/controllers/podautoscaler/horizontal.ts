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
import { groupOf, PodGroup, type PodSample, START_PERIODS } from './groupPods.ts'
import { PodMetrics, WINDOW_US } from './podMetrics.ts'
import { Recommendations } from './recommendations.ts'
import { resourceReplicas } from './replicaCalculator.ts'

/** horizontal-pod-autoscaler-sync-period. */
const SYNC_PERIOD_US = 15_000_000

export class HorizontalController {
  private readonly cluster: Cluster
  private readonly metrics: PodMetrics
  private readonly recommendations: readonly Recommendations[]
  private readonly isScheduled: Uint8Array
  private isCollecting = false
  private readonly sample: PodSample = {
    phase: PodPhase.Pending,
    isDeleted: false,
    isReady: false,
    hasMetrics: false,
    startedAtUs: 0,
    readyChangedAtUs: 0,
    sampledAtUs: 0,
    windowUs: WINDOW_US,
  }

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
    const wanted = spec.cpuPercent === NONE ? undefined : this.askMetrics(spec, target, current)
    // Without metrics nothing is known, and nothing is done.
    if (wanted === undefined) return current
    return this.recommendations[row].normalize(spec, current, wanted, this.cluster.nowUs)
  }

  /** Sorts the pods by what their metrics are worth, and asks the calculator. */
  private askMetrics(spec: AutoscalerSpec, target: DeploymentId, currentReplicas: number): number | undefined {
    const { model, nowUs, pods, replicaSets } = this.cluster
    let [readyPods, readyUsage, readyRequests] = [0, 0, 0]
    let [unreadyPods, unreadyRequests, missingPods, missingRequests] = [0, 0, 0, 0]
    for (let pod = pods.first; pod !== NONE; pod = pods.next[pod]) {
      if (pods.ownerKind[pod] !== Kind.ReplicaSet) continue
      if (replicaSets.deployment[pods.owner[pod] as ReplicaSetId] !== target) continue
      const requests = model.templates[pods.template[pod]].utilizationMillis
      // One pod without a request, even one that is terminating, and the metric is void.
      if (requests === NONE) return undefined
      switch (groupOf(this.sampleOf(pod), nowUs, START_PERIODS)) {
        case PodGroup.Unready:
          unreadyPods++
          unreadyRequests += requests
          break
        case PodGroup.Missing:
          missingPods++
          missingRequests += requests
          break
        case PodGroup.Ready:
          readyPods++
          readyUsage += this.metrics.usage[pod]
          readyRequests += requests
          break
        case PodGroup.Ignored:
      }
    }
    return resourceReplicas({
      currentReplicas,
      targetPercent: spec.cpuPercent,
      readyPods,
      readyUsage,
      readyRequests,
      unreadyPods,
      unreadyRequests,
      missingPods,
      missingRequests,
      tolerances: spec.tolerances,
    })
  }

  private sampleOf(pod: PodId): PodSample {
    const { metrics, sample } = this
    const { pods } = this.cluster
    sample.phase = pods.phase[pod]
    sample.isDeleted = pods.deletionMark[pod] === 1
    sample.isReady = pods.ready[pod] === 1
    sample.hasMetrics = metrics.usage[pod] !== NONE
    sample.startedAtUs = pods.createdAtUs[pod]
    sample.readyChangedAtUs = pods.readyTransitionSeconds[pod] * 1e6
    sample.sampledAtUs = metrics.sampledAtUs[pod]
    return sample
  }
}
