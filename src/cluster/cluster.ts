// The state of the simulated cluster: what etcd and the machines hold. Tables are written only by the functions of
// this room, which stand for the API server and the kubelets' reports.

import type { Agenda } from './agenda.ts'
import { NONE } from '../base/columns.ts'
import {
  type DaemonSetId,
  type DeploymentId,
  Kind,
  type MeasuredWorkload,
  type Model,
  type StatefulSetId,
} from '../model/types.ts'
import { ApiCalls } from './apiCalls.ts'
import { limitersOf } from './apiClients.ts'
import { Applications } from './applications.ts'
import { Attachments } from './attachments.ts'
import { Autoscalers } from './autoscalers.ts'
import { Budgets } from './budgets.ts'
import { Claims } from './claims.ts'
import { DaemonSets } from './daemonSets.ts'
import { ContainerStatuses } from './containerStatuses.ts'
import { CronJobs } from './cronJobs.ts'
import { Deployments } from './deployments.ts'
import { Endpoints } from './endpoints.ts'
import { EndpointSlices } from './endpointSlices.ts'
import { Holds } from './holds.ts'
import { Images } from './images.ts'
import { type JobId, Jobs } from './jobs.ts'
import { Nodes } from './nodes.ts'
import { type PodId, Pods } from './pods.ts'
import { type ReplicaSetId, ReplicaSets } from './replicaSets.ts'
import { Services } from './services.ts'
import { StatefulSets } from './statefulSets.ts'
import { Volumes } from './volumes.ts'
import { Watch } from './watch.ts'
import { type Runnable, WorkQueue } from './workQueue.ts'

/** Controllers with a work queue, by number. */
export const Controller = {
  Deployment: 0,
  ReplicaSet: 1,
  StatefulSet: 2,
  DaemonSet: 3,
  Job: 4,
  CronJob: 5,
  TtlAfterFinished: 6,
  Disruption: 7,
  /** The DaemonSet controller's second queue: nodes that changed. */
  DaemonSetNode: 8,
  /** The Job controller's second queue: pods that wait for their finalizer to go. */
  JobOrphan: 10,
  EndpointSlice: 11,
  NodeLifecycle: 9,
} as const
export type Controller = (typeof Controller)[keyof typeof Controller]

export class Cluster {
  readonly model: Model
  readonly agenda: Agenda
  readonly api: ApiCalls
  readonly watch = new Watch()
  readonly pods: Pods
  readonly applications: Applications
  readonly images: Images
  readonly containerStatuses: ContainerStatuses
  readonly nodes: Nodes
  readonly deployments: Deployments
  readonly replicaSets: ReplicaSets
  readonly budgets: Budgets
  readonly daemonSets: DaemonSets
  /** Deletion marks and finalizers of objects that own others. */
  readonly holds: Holds
  readonly jobs: Jobs
  readonly cronJobs: CronJobs
  readonly statefulSets: StatefulSets
  readonly claims: Claims
  readonly autoscalers: Autoscalers
  readonly services: Services
  readonly endpoints: Endpoints
  readonly endpointSlices: EndpointSlices
  readonly volumes: Volumes
  readonly attachments: Attachments
  /** Work queues by Controller. */
  readonly queues: WorkQueue[]
  /** Virtual time, microseconds since the engine's start; set by the engine. */
  nowUs = 0

  constructor(model: Model, agenda: Agenda, runnable: Runnable) {
    this.model = model
    this.agenda = agenda
    this.api = new ApiCalls(agenda, model.capacity.pods * 2 + 64)
    this.api.latencyUs = model.surroundings.apiWriteUs
    this.api.limiters = limitersOf(model.surroundings.clientLimits?.controllerManager)
    this.statefulSets = new StatefulSets(model)
    this.claims = new Claims(model, this.statefulSets)
    this.pods = new Pods(model, ownerRows(model), this.statefulSets.places)
    this.applications = new Applications(this.pods.capacity)
    this.images = new Images(model)
    this.containerStatuses = new ContainerStatuses(model)
    this.nodes = new Nodes(model)
    this.autoscalers = new Autoscalers(model.deployments.length)
    this.volumes = new Volumes(model, this.pods, this.nodes, this.claims, this.statefulSets)
    const perPod = model.storage?.claimsMax ?? 0
    this.attachments = new Attachments(this.volumes.count + model.capacity.pods * perPod, this.volumes.count)
    this.deployments = new Deployments(model)
    this.replicaSets = new ReplicaSets(model)
    this.budgets = new Budgets(model)
    this.daemonSets = new DaemonSets(model)
    this.holds = new Holds(holdRows(model))
    this.jobs = new Jobs(model)
    this.cronJobs = new CronJobs(model)
    this.services = new Services(model)
    this.endpoints = new Endpoints(model, this.pods.capacity)
    this.endpointSlices = new EndpointSlices(model, this.endpoints.capacity)
    const workers = model.surroundings.controllerWorkers ?? DEFAULT_WORKERS
    const queue = (controller: Controller, rows: number): WorkQueue =>
      new WorkQueue(controller, rows, workers, agenda, runnable)
    this.queues = []
    this.queues[Controller.Deployment] = queue(Controller.Deployment, model.deployments.length)
    this.queues[Controller.ReplicaSet] = queue(Controller.ReplicaSet, model.capacity.replicaSets)
    this.queues[Controller.Disruption] = new WorkQueue(Controller.Disruption, model.budgets.length, 1, agenda, runnable)
    this.queues[Controller.NodeLifecycle] = new WorkQueue(
      Controller.NodeLifecycle,
      model.nodes.length,
      NODE_UPDATE_WORKERS,
      agenda,
      runnable,
    )
    this.queues[Controller.DaemonSet] = queue(Controller.DaemonSet, model.daemonSets.length)
    this.queues[Controller.Job] = queue(Controller.Job, model.capacity.jobs)
    this.queues[Controller.JobOrphan] = queue(Controller.JobOrphan, model.capacity.pods + model.capacity.jobs)
    this.queues[Controller.TtlAfterFinished] = queue(Controller.TtlAfterFinished, model.capacity.jobs)
    this.queues[Controller.CronJob] = queue(Controller.CronJob, model.cronJobs.length)
    this.queues[Controller.DaemonSetNode] = queue(Controller.DaemonSetNode, model.nodes.length)
    this.queues[Controller.EndpointSlice] = queue(Controller.EndpointSlice, model.services.length)
    this.queues[Controller.StatefulSet] = queue(Controller.StatefulSet, model.statefulSets.length)
    this.queues[Controller.JobOrphan].client = Controller.Job
    this.queues[Controller.DaemonSetNode].client = Controller.DaemonSet
  }

  /** Back to the empty cluster at time 0; nothing is allocated. */
  reset(): void {
    this.nowUs = 0
    this.api.reset()
    this.pods.reset()
    this.images.reset()
    this.nodes.reset()
    this.deployments.reset()
    this.replicaSets.reset()
    this.budgets.reset()
    this.daemonSets.reset()
    this.holds.reset()
    this.jobs.reset()
    this.cronJobs.reset()
    this.statefulSets.reset()
    this.claims.reset()
    this.autoscalers.reset()
    this.services.reset()
    this.endpoints.reset()
    this.endpointSlices.reset()
    this.volumes.reset()
    this.attachments.reset()
    for (const each of this.queues) each?.reset()
    // The nodes that are there from the start are news to observers.
    this.watch.changed = true
  }

  /** What a controller's clock shows: the present, and within a sync the time that its API calls have taken. */
  clockUs(): number {
    return this.nowUs + this.api.spentUs()
  }

  /** The clock as the API stores timestamps: whole seconds, rounded down. */
  nowSeconds(): number {
    return Math.floor(this.clockUs() / 1_000_000)
  }

  /** Whether the object of a measured workload is in the store. */
  isPresent(workload: MeasuredWorkload): boolean {
    switch (workload.kind) {
      case Kind.Deployment:
        return this.deployments.exists[workload.row as DeploymentId] === 1
      case Kind.Job:
        return this.jobs.exists[workload.row as JobId] === 1
      case Kind.DaemonSet:
        return this.daemonSets.exists[workload.row as DaemonSetId] === 1
      case Kind.ReplicaSet:
      case Kind.ReplicationController:
        return this.replicaSets.ofObject[workload.kind][workload.row] !== NONE
      case Kind.StatefulSet:
        return this.statefulSets.exists[workload.row as StatefulSetId] === 1
      default:
        return false
    }
  }

  /** Name of a pod where its identity is part of it (StatefulSets, bare pods); a made-up one otherwise. */
  nameOfPod(pod: PodId): string {
    const { model, pods } = this
    if (pods.ownerKind[pod] === Kind.StatefulSet)
      return `${model.statefulSets[pods.owner[pod]].name}-${pods.ordinal[pod]}`
    const object = pods.object[pod]
    return object === NONE ? `pod-${pods.uid[pod]}` : model.pods[object].name
  }

  /** UID of an owner of pods: an object that was deleted and created again has another one than before. */
  uidOfOwner(kind: Kind, row: number): number {
    return kind === Kind.StatefulSet ? this.statefulSets.uid[row as StatefulSetId] : 0
  }

  /** Whether the owner of a pod is in the store, and still the one that made it. */
  isOwnerAlive(pod: PodId): boolean {
    const { pods } = this
    const row = pods.owner[pod]
    switch (pods.ownerKind[pod]) {
      case Kind.ReplicaSet:
        return this.replicaSets.exists[row as ReplicaSetId] === 1
      case Kind.DaemonSet:
        return this.daemonSets.exists[row as DaemonSetId] === 1 && this.daemonSets.owns(pods, row as DaemonSetId, pod)
      case Kind.Job:
        return this.jobs.owns(pods, row as JobId, pod)
      case Kind.StatefulSet:
        return (
          this.statefulSets.exists[row as StatefulSetId] === 1 &&
          this.statefulSets.uid[row as StatefulSetId] === pods.ownerUid[pod]
        )
      default:
        return true
    }
  }
}

/** ConcurrentDeploymentSyncs and its like in the kube-controller-manager's defaults. */
const DEFAULT_WORKERS = 5

/** nodeUpdateWorkerSize of the node lifecycle controller. */
const NODE_UPDATE_WORKERS = 8

/** Sizes of the owner lists of pods, by Kind. */
function ownerRows(model: Model): number[] {
  const rows = Object.values(Kind).map(() => 0)
  rows[Kind.None] = 1
  rows[Kind.ReplicaSet] = model.capacity.replicaSets
  rows[Kind.DaemonSet] = model.daemonSets.length
  rows[Kind.Job] = model.capacity.jobs
  rows[Kind.StatefulSet] = model.statefulSets.length
  return rows
}

/** Sizes of the tables of holds, by Kind. */
function holdRows(model: Model): number[] {
  const rows = ownerRows(model)
  rows[Kind.Deployment] = model.deployments.length
  return rows
}
