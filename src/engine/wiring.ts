// Every part of the simulated cluster, and who watches what, on one screen.

import { Behaviours } from '../applications/behaviours.ts'
import { Agenda } from '../cluster/agenda.ts'
import { API_CLIENTS } from '../cluster/apiClients.ts'
import { ApiLatency } from '../cluster/apiLatency.ts'
import { watchForClaims } from '../cluster/claimCollector.ts'
import { Cluster, Controller } from '../cluster/cluster.ts'
import { EventKind } from '../cluster/codes.ts'
import { watchForGarbage } from '../cluster/deletion.ts'
import type { EndpointId } from '../cluster/endpoints.ts'
import { watchForEndpoints } from '../cluster/endpointWatch.ts'
import type { JobId } from '../cluster/jobs.ts'
import type { PodId } from '../cluster/pods.ts'
import type { ReplicaSetId } from '../cluster/replicaSets.ts'
import type { Watcher } from '../cluster/watch.ts'
import { EndpointSliceController } from '../controllers/endpointslice/endpointSliceController.ts'
import { NodeLifecycleController } from '../controllers/nodelifecycle/nodeLifecycleController.ts'
import { syncNoScheduleTaints } from '../controllers/nodelifecycle/noScheduleTaints.ts'
import { PodGcController } from '../controllers/podgc/podGcController.ts'
import { TaintEvictionController } from '../controllers/tainteviction/taintEvictionController.ts'
import { syncBudget, watchForBudgets } from '../controllers/disruption/disruptionController.ts'
import { syncCronJob, watchForCronJobs } from '../controllers/cronjob/cronJobController.ts'
import { syncDaemonSet, syncNodeUpdate, watchForDaemonSets } from '../controllers/daemonset/daemonController.ts'
import { syncDeployment, watchForDeployments } from '../controllers/deployment/deploymentController.ts'
import { HorizontalController } from '../controllers/podautoscaler/horizontal.ts'
import { syncReplicaSet, watchForReplicaSets } from '../controllers/replicaset/replicaSetController.ts'
import { syncJob, watchForJobs } from '../controllers/job/jobController.ts'
import { syncOrphanPods } from '../controllers/job/orphanPods.ts'
import { syncFinishedJob, watchForFinishedJobs } from '../controllers/ttlafterfinished/ttlAfterFinished.ts'
import { syncStatefulSet, watchForStatefulSets } from '../controllers/statefulset/statefulSetController.ts'
import type { Delivery } from '../delivery/delivery.ts'
import { EventQueue } from '../kernel/eventQueue.ts'
import { RandomStreams } from '../kernel/random.ts'
import { Heartbeats } from '../kubelet/heartbeats.ts'
import { PodCrashes } from '../kubelet/podCrashes.ts'
import { RealKubelet } from '../kubelet/kubelet.ts'
import { REAL_KUBELET_EVENTS } from '../kubelet/podTable.ts'
import { ScriptedKubelet } from '../kubelet/scriptedKubelet.ts'
import { PodTimings } from '../kubelet/timings.ts'
import type { PodVolumes } from '../kubelet/podVolumes.ts'
import type { Kubelet } from '../kubelet/types.ts'
import { type ClientBooks, WorkloadMeter } from '../metrics/workloadMeter.ts'
import {
  type BudgetId,
  type CronJobId,
  type DaemonSetId,
  type DeploymentId,
  type Model,
  type NodeId,
  type ServiceId,
  type StatefulSetId,
} from '../model/types.ts'
import type { PodScheduler } from '../scheduler/types.ts'
import { Requests } from '../traffic/requests/requests.ts'
import { Traffic } from '../traffic/traffic.ts'
import { Drains } from './drains.ts'
import { Faults } from './faults.ts'
import { Outages } from './outages.ts'
import { RunnableControllers } from './runnable.ts'
import { Timeline } from './timeline.ts'
import type { Sync } from './sync.ts'
import { wireDelivery, wireRollouts } from './wireDelivery.ts'
import { AVAILABILITY_POINTS, type EventHandler } from './types.ts'
import { addSchedulerEvents, makeScheduler } from './wireScheduler.ts'
import { addStorageEvents, wireStorage } from './wireStorage.ts'

/** The parts of one engine. */
export interface Machine {
  /** Undefined where the applications of the scenario just serve. */
  readonly behaviours: Behaviours | undefined
  readonly cluster: Cluster
  /** Undefined where nobody but controllers carries out the releases. */
  readonly delivery: Delivery | undefined
  /** Undefined where the manifests have no autoscaler. */
  readonly autoscaling: HorizontalController | undefined
  readonly drains: Drains
  readonly endpointSlices: EndpointSliceController
  readonly events: EventQueue
  /** Undefined where the scenario has none. */
  readonly faults: Faults | undefined
  readonly heartbeats: Heartbeats
  readonly kubelet: Kubelet
  readonly nodeLifecycle: NodeLifecycleController
  /** Undefined where the scenario has none. */
  readonly podCrashes: PodCrashes | undefined
  readonly podGc: PodGcController
  readonly taintEviction: TaintEvictionController
  readonly meters: readonly WorkloadMeter[]
  readonly runnable: RunnableControllers
  readonly scheduler: PodScheduler
  /** By EventKind, of the parts that say for themselves which events are theirs (EventHandlers). */
  readonly handlers: EventHandler[]
  /** By Controller: one sync of one key. */
  readonly syncs: readonly Sync[]
  readonly timeline: Timeline
  readonly traffic: Traffic
  /** Undefined where requests are an expectation. */
  readonly requests: Requests | undefined
  /** Back to the empty cluster at 0, with the streams of another seed. */
  reset(seed: number): void
}

export function wireMachine(model: Model): Machine {
  const events = new EventQueue(model.capacity.events, model.horizonUs)
  const random = new RandomStreams()
  const runnable = new RunnableControllers()
  const cluster = wireCluster(model, events, runnable, random)
  const timings = new PodTimings(cluster, random)
  const storage = wireStorage(cluster, random)
  const kubelet = makeKubelet(cluster, random, timings, storage.podVolumes)
  const behaves = model.templates.some(({ application }) => application !== undefined)
  const behaviours = behaves ? new Behaviours(cluster, random, (pod) => kubelet.restart(pod)) : undefined
  const scheduler = makeScheduler(cluster, random, storage.binder)
  const heartbeats = new Heartbeats(cluster)
  const nodeLifecycle = new NodeLifecycleController(cluster)
  const taintEviction = new TaintEvictionController(cluster)
  const podGc = new PodGcController(cluster)
  const drains = new Drains(cluster)
  const outages = new Outages(cluster, kubelet, storage.podVolumes)
  const faults = model.faults && new Faults(cluster, model.faults, random, outages, drains)
  const podCrashes = model.faults && new PodCrashes(cluster, kubelet, random, model.faults.podCrashes)
  const traffic = new Traffic(cluster, random)
  const requests = model.requests && new Requests(cluster, traffic.routes, traffic.streams, model.requests, random)
  const endpointSlices = new EndpointSliceController(cluster, random)
  const meters = wireMeters(cluster, requests?.streams ?? traffic.streams, random)
  const syncs = wireSyncs(cluster)
  syncs[Controller.EndpointSlice] = (key) => endpointSlices.sync(key as ServiceId)
  const rollouts = wireRollouts(cluster, traffic, syncs)
  const delivery = wireDelivery(cluster, traffic, random, (type, spec) => machine.timeline.writeBack(type, spec))

  // What draws or schedules before the run begins stands behind the tables.
  const controllers = [heartbeats, nodeLifecycle, taintEviction, podGc]
  const autoscaling = model.autoscalers.length > 0 ? new HorizontalController(cluster) : undefined
  const hands = [autoscaling, drains, outages, faults, rollouts, delivery]
  const machines = [timings, ...storage.parts, kubelet, behaviours, scheduler]
  const parts = [runnable, cluster, ...machines, ...controllers, ...hands, endpointSlices, traffic, requests, ...meters]

  const machine: Machine = {
    autoscaling,
    behaviours,
    cluster,
    delivery,
    drains,
    endpointSlices,
    events,
    faults,
    handlers: [],
    heartbeats,
    kubelet,
    meters,
    nodeLifecycle,
    podCrashes,
    podGc,
    requests,
    runnable,
    scheduler,
    syncs,
    taintEviction,
    timeline: new Timeline(cluster, drains, outages, delivery),
    traffic,
    reset(seed) {
      events.reset()
      random.reset(seed)
      for (const part of parts) part?.reset()
      machine.timeline.reset()
    },
  }
  addStorageEvents(machine.handlers, storage, kubelet)
  addEvents(machine.handlers, scheduler, traffic, endpointSlices, kubelet, outages, behaviours, delivery, autoscaling)
  wireWatchers(machine, storage.watchers)
  return machine
}

/** The tables, and an API that takes as long as the scenario says. */
function wireCluster(model: Model, events: EventQueue, runnable: RunnableControllers, random: RandomStreams): Cluster {
  const cluster = new Cluster(model, new Agenda(events, model.horizonUs), runnable)
  const { apiWrite } = model.surroundings
  if (apiWrite !== undefined) cluster.api.latency = new ApiLatency(apiWrite, random, API_CLIENTS)
  return cluster
}

/** The kubelets that the model asks for. */
function makeKubelet(cluster: Cluster, random: RandomStreams, timings: PodTimings, volumes: PodVolumes): Kubelet {
  if (cluster.model.kubelet === 'real') return new RealKubelet(cluster, random, volumes)
  return new ScriptedKubelet(cluster, timings, volumes)
}

/** What measures the workloads, one each. */
function wireMeters(cluster: Cluster, streams: readonly ClientBooks[], random: RandomStreams): WorkloadMeter[] {
  return cluster.model.measured.map(
    (workload) =>
      new WorkloadMeter(cluster, workload, streams[workload.traffic], new Uint8Array(AVAILABILITY_POINTS), random),
  )
}

/** By EventKind, what plays the events of parts that say for themselves which are theirs. */
function addEvents(
  handlers: EventHandler[],
  scheduler: PodScheduler,
  traffic: Traffic,
  endpointSlices: EndpointSliceController,
  kubelet: Kubelet,
  outages: Outages,
  behaviours: Behaviours | undefined,
  delivery: Delivery | undefined,
  autoscaling: HorizontalController | undefined,
): void {
  addSchedulerEvents(handlers, scheduler)
  for (const kind of REAL_KUBELET_EVENTS) handlers[kind] = (word, detail) => kubelet.fire(kind, word, detail)
  handlers[EventKind.NodeShutdown] = (_, detail) => outages.begin(detail as NodeId, 'shutdown')
  handlers[EventKind.EndpointDue] = (word, endpoint) => traffic.fire(word, endpoint as EndpointId)
  handlers[EventKind.ProxyRun] = (word, run) => traffic.proxies.fire(word >>> 8, run)
  handlers[EventKind.ConnectionNotice] = (word) => traffic.fireNotice(word)
  handlers[EventKind.HealthCheck] = (word, follower) => traffic.routes[word >>> 8].settle(follower)
  handlers[EventKind.LoadChange] = () => traffic.loads.fire()
  handlers[EventKind.PodHeard] = (word, endpoint) => endpointSlices.fire(word, endpoint as EndpointId)
  if (behaviours) handlers[EventKind.ApplicationTimer] = (word, detail) => behaviours.fire(word, detail as PodId)
  if (autoscaling) {
    handlers[EventKind.AutoscalerSync] = (_word, row) => autoscaling.fireSync(row)
    handlers[EventKind.MetricsPass] = () => autoscaling.fireMetrics()
  }
  if (delivery) handlers[EventKind.Delivery] = (_word, detail) => delivery.fire(detail)
}

/** One sync of one key, by Controller. */
function wireSyncs(cluster: Cluster): Sync[] {
  const syncs: Sync[] = []
  syncs[Controller.Deployment] = (key) => syncDeployment(cluster, key as DeploymentId)
  syncs[Controller.ReplicaSet] = (key) => syncReplicaSet(cluster, key as ReplicaSetId)
  syncs[Controller.DaemonSet] = (key) => syncDaemonSet(cluster, key as DaemonSetId)
  syncs[Controller.Job] = (key) => syncJob(cluster, key as JobId)
  syncs[Controller.JobOrphan] = (key) => syncOrphanPods(cluster, key)
  syncs[Controller.TtlAfterFinished] = (key) => syncFinishedJob(cluster, key as JobId)
  syncs[Controller.CronJob] = (key) => syncCronJob(cluster, key as CronJobId)
  syncs[Controller.DaemonSetNode] = (key) => syncNodeUpdate(cluster, key as NodeId)
  syncs[Controller.StatefulSet] = (key) => syncStatefulSet(cluster, key as StatefulSetId)
  syncs[Controller.Disruption] = (key) => syncBudget(cluster, key as BudgetId)
  syncs[Controller.NodeLifecycle] = (key) => syncNoScheduleTaints(cluster, key as NodeId)
  return syncs
}

/** Who watches what, in the order in which they are told. */
function wireWatchers(machine: Machine, ofStorage: readonly Watcher[]): void {
  const { behaviours, cluster, delivery, heartbeats, kubelet, meters, nodeLifecycle, podCrashes, podGc, scheduler } =
    machine
  const { requests, taintEviction, traffic } = machine
  // Observers first, so that they close an interval before anything else changes in it.
  for (const meter of meters) cluster.watch.add(meter.watcher())
  for (const watcher of ofStorage) cluster.watch.add(watcher)
  cluster.watch.add(kubelet.watcher())
  if (podCrashes) cluster.watch.add(podCrashes.watcher())
  if (behaviours) cluster.watch.add(behaviours.watcher())
  const endpoints = watchForEndpoints(cluster)
  cluster.watch.add(endpoints.watcher)
  cluster.watch.add(traffic.watcher())
  cluster.watch.add(machine.endpointSlices.watcher())
  if (delivery) cluster.watch.add(delivery.watcher())
  if (machine.autoscaling) cluster.watch.add(machine.autoscaling.watcher())
  if (requests) cluster.watch.add(requests.watcher())
  cluster.watch.add(watchForDeployments(cluster))
  cluster.watch.add(watchForReplicaSets(cluster))
  cluster.watch.add(watchForBudgets(cluster))
  cluster.watch.add(heartbeats.watcher())
  cluster.watch.add(nodeLifecycle.watcher())
  cluster.watch.add(taintEviction.watcher())
  cluster.watch.add(podGc.watcher())
  cluster.watch.add(watchForDaemonSets(cluster))
  cluster.watch.add(watchForJobs(cluster))
  cluster.watch.add(watchForFinishedJobs(cluster))
  cluster.watch.add(watchForCronJobs(cluster))
  cluster.watch.add(watchForStatefulSets(cluster))
  cluster.watch.add(watchForClaims(cluster))
  cluster.watch.add(scheduler.watcher())
  cluster.watch.add(watchForGarbage(cluster))
  cluster.watch.add(endpoints.lateWatcher)
}
