// Every part of the simulated cluster, and who watches what, on one screen.

import { Agenda } from '../cluster/agenda.ts'
import { Cluster, Controller } from '../cluster/cluster.ts'
import { watchForGarbage } from '../cluster/deletion.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import { NodeLifecycleController } from '../controllers/nodelifecycle/nodeLifecycleController.ts'
import { syncNoScheduleTaints } from '../controllers/nodelifecycle/noScheduleTaints.ts'
import { PodGcController } from '../controllers/podgc/podGcController.ts'
import { TaintEvictionController } from '../controllers/tainteviction/taintEvictionController.ts'
import { syncBudget, watchForBudgets } from '../controllers/disruption/disruptionController.ts'
import type { SyncOutcome, SyncStages } from '../cluster/syncStages.ts'
import { syncDaemonSet, syncNodeUpdate, watchForDaemonSets } from '../controllers/daemonset/daemonController.ts'
import { syncDeployment, watchForDeployments } from '../controllers/deployment/deploymentController.ts'
import { syncReplicaSet, watchForReplicaSets } from '../controllers/replicaset/replicaSetController.ts'
import { EventQueue } from '../kernel/eventQueue.ts'
import { RandomStreams } from '../kernel/random.ts'
import { Heartbeats } from '../kubelet/heartbeats.ts'
import { Kubelet } from '../kubelet/kubelet.ts'
import { PodTimings } from '../kubelet/timings.ts'
import { WorkloadMeter } from '../metrics/workloadMeter.ts'
import type { BudgetId, DaemonSetId, DeploymentId, Model, NodeId } from '../model/types.ts'
import { Scheduler } from '../scheduler/scheduler.ts'
import { ClientView } from '../traffic/clientView.ts'
import { Drains } from './drains.ts'
import { RunnableControllers } from './runnable.ts'
import { Timeline } from './timeline.ts'
import { AVAILABILITY_POINTS } from './types.ts'

/** One sync of one key: at once, or in stages. */
export type Sync = (key: number) => SyncStages<SyncOutcome> | void

/** The parts of one engine. */
export interface Machine {
  readonly cluster: Cluster
  readonly drains: Drains
  readonly events: EventQueue
  readonly heartbeats: Heartbeats
  readonly kubelet: Kubelet
  readonly nodeLifecycle: NodeLifecycleController
  readonly podGc: PodGcController
  readonly taintEviction: TaintEvictionController
  readonly meters: readonly WorkloadMeter[]
  readonly runnable: RunnableControllers
  readonly scheduler: Scheduler
  /** By Controller: one sync of one key. */
  readonly syncs: readonly Sync[]
  readonly timeline: Timeline
  readonly views: readonly ClientView[]
  /** Back to the empty cluster at 0, with the streams of another seed. */
  reset(seed: number): void
}

export function wireMachine(model: Model): Machine {
  const events = new EventQueue(model.capacity.events, model.horizonUs)
  const random = new RandomStreams()
  const runnable = new RunnableControllers()
  const cluster = new Cluster(model, new Agenda(events, model.horizonUs), runnable)
  const timings = new PodTimings(cluster, random)
  const kubelet = new Kubelet(cluster, timings)
  const scheduler = new Scheduler(cluster)
  const heartbeats = new Heartbeats(cluster)
  const nodeLifecycle = new NodeLifecycleController(cluster)
  const taintEviction = new TaintEvictionController(cluster)
  const podGc = new PodGcController(cluster)
  const drains = new Drains(cluster)
  const views = model.traffic.map((_, stream) => new ClientView(cluster, stream))
  const meters = model.measured.map(
    (workload) =>
      new WorkloadMeter(cluster, workload, views[workload.traffic].integrals, new Uint8Array(AVAILABILITY_POINTS)),
  )
  const syncs: Sync[] = []
  syncs[Controller.Deployment] = (key) => syncDeployment(cluster, key as DeploymentId)
  syncs[Controller.ReplicaSet] = (key) => syncReplicaSet(cluster, key as ReplicaSetId)
  syncs[Controller.DaemonSet] = (key) => syncDaemonSet(cluster, key as DaemonSetId)
  syncs[Controller.DaemonSetNode] = (key) => syncNodeUpdate(cluster, key as NodeId)

  syncs[Controller.Disruption] = (key) => syncBudget(cluster, key as BudgetId)
  syncs[Controller.NodeLifecycle] = (key) => syncNoScheduleTaints(cluster, key as NodeId)

  // Observers first, so that they close an interval before anything else changes in it.
  for (const meter of meters) cluster.watch.add(meter.watcher())
  cluster.watch.add(kubelet.watcher())
  for (const view of views) cluster.watch.add(view.watcher())
  cluster.watch.add(watchForDeployments(cluster))
  cluster.watch.add(watchForReplicaSets(cluster))
  cluster.watch.add(watchForBudgets(cluster))
  cluster.watch.add(heartbeats.watcher())
  cluster.watch.add(nodeLifecycle.watcher())
  cluster.watch.add(taintEviction.watcher())
  cluster.watch.add(podGc.watcher())
  cluster.watch.add(watchForDaemonSets(cluster))
  cluster.watch.add(scheduler.watcher())
  cluster.watch.add(watchForGarbage(cluster))

  return {
    cluster,
    drains,
    events,
    heartbeats,
    kubelet,
    meters,
    nodeLifecycle,
    podGc,
    runnable,
    scheduler,
    syncs,
    taintEviction,
    timeline: new Timeline(cluster, kubelet, drains),
    views,
    reset(seed) {
      events.reset()
      random.reset(seed)
      runnable.reset()
      cluster.reset()
      timings.reset()
      kubelet.reset()
      scheduler.reset()
      heartbeats.reset()
      nodeLifecycle.reset()
      taintEviction.reset()
      podGc.reset()
      drains.reset()
      for (const view of views) view.reset()
      for (const meter of meters) meter.reset()
    },
  }
}
