// The compiled form of one arm of a scenario: integer tables and lists that a run only reads.
// Strings become ids, percentages stay with their kind until the replica count is known, times are microseconds.

import type { PodTemplateSpec } from '../manifest/types.ts'
import type {
  DurationSpec,
  ImageSettings,
  ImageTimings,
  KubeletModel,
  KubeletSettings,
  OutageType,
  PlacementPolicy,
  PrimaryRule,
  SchedulerSpec,
  RequestsSpec,
  Surroundings,
  Taint,
  WritesSpec,
} from '../scenario/types.ts'
import type { ApplicationModel } from './application.ts'
import type {
  BudgetId,
  CronJobId,
  DaemonSetId,
  DeploymentId,
  ImageId,
  NodeId,
  ServiceId,
  StatefulSetId,
  TemplateId,
} from './ids.ts'
import type { PodContainers } from './containers.ts'
import type { AutoscalerSpec } from './autoscalerSpec.ts'
import type { ServiceTimeModel } from './service.ts'
import type { CronJobSpec, JobSpec } from './jobTypes.ts'
import type { StrategyModel } from './strategyModel.ts'
import type { Priorities } from './priorities.ts'
import type { ResourceAmounts, SchedulingModel } from './scheduling.ts'
import type { StorageModel } from './storageTypes.ts'
import type {
  DeploymentSpec,
  ReplicaSetSpec,
  PodSpec,
  BudgetSpec,
  DaemonSetSpec,
  ObjectModel,
  StatefulSetSpec,
} from './specTypes.ts'
import type { NetworkModel, RouteModel, ServiceModel, TrafficModel } from './trafficTypes.ts'

export type {
  IntOrPercent,
  DeploymentSpec,
  ReplicaSetSpec,
  PodSpec,
  BudgetSpec,
  DaemonSetSpec,
  ObjectModel,
  StatefulSetSpec,
} from './specTypes.ts'
export type { FollowRule, NetworkModel, RouteModel, ServiceModel, ServiceSpec, TrafficModel } from './trafficTypes.ts'
export type { BudgetId, CronJobId, DaemonSetId, DeploymentId, ImageId, NodeId, ServiceId, StatefulSetId, TemplateId }

/** Kinds that own pods, and kinds whose controllers keep rows. The order is the order of the tables. */
export const Kind = {
  None: 0,
  Deployment: 1,
  ReplicaSet: 2,
  StatefulSet: 3,
  DaemonSet: 4,
  Job: 5,
  CronJob: 6,
  Node: 7,
  PodDisruptionBudget: 8,
  ReplicationController: 9,
  Pod: 10,
  Service: 11,
  HorizontalPodAutoscaler: 12,
  PersistentVolumeClaim: 13,
  PersistentVolume: 14,
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

export type KindName = Exclude<keyof typeof Kind, 'None'>

export interface ImageModel {
  readonly name: string
  readonly timings: ImageTimings
  readonly settings: ImageSettings
}

/** A toleration as the taint manager and the scheduler read it. */
export interface TolerationModel {
  /** Empty with operator Exists: every key. */
  readonly key: string
  readonly operator: 'Exists' | 'Equal'
  readonly value: string
  /** Empty: every effect. */
  readonly effect: string
  /** NONE: for ever. */
  readonly tolerationSeconds: number
}

/** One distinct pod template; two templates are equal exactly if their ids are. */
export interface TemplateModel {
  readonly image: ImageId
  readonly labels: Readonly<Record<string, string>>
  readonly cpuMillis: number
  readonly memoryBytes: number
  /** What autoscalers take for its CPU request (model/utilization.ts), or NONE. */
  readonly utilizationMillis: number
  readonly graceSeconds: number
  /** Time that preStop hooks take before SIGTERM; 0 without hooks. */
  readonly preStopUs: number
  readonly hasReadinessProbe: boolean
  readonly restartPolicy: 'Always' | 'OnFailure' | 'Never'
  readonly nodeSelector: Readonly<Record<string, string>>
  /** As admitted: with the default 300 s NoExecute tolerations. */
  readonly tolerations: readonly TolerationModel[]
  /** How the application behaves; undefined: it just serves. */
  readonly application: ApplicationModel | undefined
  readonly containers: PodContainers
  readonly scheduling: SchedulingModel
  /** Names of the claims that its volumes are (model/volumes.ts); those of claim templates come on top. */
  readonly volumes: readonly string[]
  /** What serving a request takes. */
  readonly service: ServiceTimeModel
  /** The defaulted template itself, for patches and for printing. */
  readonly object: unknown
}

/** What of a Node object can change while its machine stays the same. */
export interface NodeObject {
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly Taint[]
  readonly unschedulable: boolean
}

export interface NodeModel extends NodeObject {
  readonly name: string
  readonly cpuMillis: number
  readonly memoryBytes: number
  readonly pods: number
  /** Allocatable ephemeral-storage and extended resources; undefined: none. */
  readonly resources?: ResourceAmounts | undefined
  /** Index of its topology zone (region and zone labels); nodes without those labels share one. */
  readonly zone: number
  /** Labelled node.kubernetes.io/exclude-disruption: its zone's state does not count it. */
  readonly excludedFromDisruption: boolean
  /** The number at the end of the name, which indexes lists of timings: node-07 is 7. */
  readonly number: number
  /** False for nodes that a step adds later. */
  readonly existsAtStart: boolean
}

/** What the timeline does, in order of time and then of the file. `spec` indexes the specs of that row. */
export type Action = { readonly atUs: number } & (
  | { readonly type: 'create'; readonly kind: Kind; readonly row: number }
  | {
      readonly type: 'applySpec'
      readonly kind: Kind
      readonly row: number
      readonly spec: number
      /** The step says nothing of the template: if an undo before it was refused, the spec has one too new. */
      readonly keepsTemplate?: boolean
    }
  /** The arm's strategy begins: what it writes is the spec of that index, at its own time. */
  | { readonly type: 'deliver'; readonly kind: Kind; readonly row: number; readonly spec: number }
  /** As applySpec, but refused if no ReplicaSet (ControllerRevision) holds the template any more. */
  | { readonly type: 'undo'; readonly kind: Kind; readonly row: number; readonly spec: number }
  | { readonly type: 'delete'; readonly kind: Kind; readonly row: number; readonly cascade: Cascade }
  | {
      readonly type: 'deletePod'
      /** Kind.None: of all pods. */
      readonly kind: Kind
      readonly row: number
      /** NONE: on any node. */
      readonly node: NodeId
      /** Empty: any name. Otherwise a StatefulSet pod's name, or a bare pod's. */
      readonly pod: string
      readonly index: number
      readonly force: boolean
    }
  | { readonly type: 'nodeDown' | 'nodeUp' | 'deleteNode' | 'cordon' | 'uncordon' | 'drain'; readonly node: NodeId }
  /** Creates a node that no longer exists, or does not yet. */
  | {
      readonly type: 'addNode'
      readonly node: NodeId
      readonly as: NodeObject
    }
  /** The bits that the tag of an image stands for from now on: a row of images too, named IMAGE#VERSION. */
  | { readonly type: 'pushImage'; readonly image: ImageId; readonly version: ImageId }
  | { readonly type: 'shutdownNode'; readonly node: NodeId; readonly graceUs: number }
  | { readonly type: 'setTaints'; readonly node: NodeId; readonly taints: readonly Taint[] }
  /** Adds one taint to those in force, or takes it off. */
  | { readonly type: 'taintNode'; readonly node: NodeId; readonly taint: Taint; readonly remove: boolean }
  | { readonly type: 'setLabels'; readonly node: NodeId; readonly labels: Readonly<Record<string, string>> }
)

/** Nodes that go down and come back together, and the stream that says when. */
export interface OutageModel {
  readonly type: OutageType
  readonly stream: string
  readonly nodes: readonly NodeId[]
  readonly mtbfUs: number
  /** From the notice, when the node is drained, until it goes down; 0: there is none. */
  readonly noticeUs: number
  readonly repair: DurationSpec
}

/** Drains in turn; engine times. */
export interface DrainPlan {
  readonly nodes: readonly NodeId[]
  readonly firstUs: number
  readonly everyUs: number
  readonly times: number
  readonly uncordonAfterUs: number
}

/** Containers that end by themselves, of the pods of one owner or of all. */
export interface PodCrashModel {
  readonly stream: string
  /** Kind.None: of all pods. */
  readonly kind: Kind
  readonly row: number
  readonly mtbfUs: number
}

/** The random failures of a scenario, by rows. */
export interface FaultsModel {
  readonly outages: readonly OutageModel[]
  readonly drains: readonly DrainPlan[]
  readonly podCrashes: readonly PodCrashModel[]
}

export type Cascade = 'background' | 'foreground' | 'orphan'

/** A workload whose responses are one row of runs.csv. */
export interface MeasuredWorkload {
  readonly kind: Kind
  readonly row: number
  /** `Deployment/checkout`. */
  readonly label: string
  /** Index into traffic. */
  readonly traffic: number
  /** Engine times of the steps that change its template. */
  readonly templateChangesUs: readonly number[]
  /** Of a StatefulSet: how its primary is found; undefined: its first ordinal. */
  readonly primary?: PrimaryRule | undefined
  /** Of a StatefulSet: what is written to it. */
  readonly writes?: WritesSpec | undefined
}

/** Sizes of the tables; reaching one is an error that names it. */
export interface Capacity {
  readonly pods: number
  readonly replicaSets: number
  /** The model's own, and those that CronJobs make in a run. */
  readonly jobs: number
  readonly events: number
}

export interface Model {
  readonly images: readonly ImageModel[]
  /** Images that are on every node when the run begins: those of the objects that are there from the start. */
  readonly cachedImages: readonly ImageId[]
  readonly templates: readonly TemplateModel[]
  /** Texts of the annotation kubernetes.io/change-cause that Deployments have. */
  readonly changeCauses: readonly string[]
  /** In order of name; rows of nodes are their index here. */
  readonly nodes: readonly NodeModel[]
  /** Row by row; tables of one kind have the rows of their field here. */
  readonly deployments: readonly ObjectModel<DeploymentSpec>[]
  readonly budgets: readonly ObjectModel<BudgetSpec>[]
  /** Which templates' pods a budget selects: [budget][spec][template] is 1. */
  readonly budgetSelects: readonly (readonly Uint8Array[])[]
  readonly daemonSets: readonly ObjectModel<DaemonSetSpec>[]
  /** ReplicaSets of the manifests; those that Deployments make are not here. */
  readonly replicaSets: readonly ObjectModel<ReplicaSetSpec>[]
  readonly replicationControllers: readonly ObjectModel<ReplicaSetSpec>[]
  /** Bare pods. */
  readonly pods: readonly ObjectModel<PodSpec>[]
  readonly jobs: readonly ObjectModel<JobSpec>[]
  readonly cronJobs: readonly ObjectModel<CronJobSpec>[]
  readonly statefulSets: readonly ObjectModel<StatefulSetSpec>[]
  readonly autoscalers: readonly ObjectModel<AutoscalerSpec>[]
  /** Undefined: no pod uses a claim. */
  readonly storage: StorageModel | undefined
  readonly actions: readonly Action[]
  /** Undefined: none. */
  readonly faults: FaultsModel | undefined
  /** Services of the manifests, then those that traffic to workloads implies. */
  readonly services: readonly ServiceModel[]
  readonly routes: readonly RouteModel[]
  readonly network: NetworkModel
  readonly traffic: readonly TrafficModel[]
  /** How single requests are played; undefined: requests are an expectation. */
  readonly requests: RequestsSpec | undefined
  /** Undefined: releases are carried out as the objects say. */
  readonly strategy: StrategyModel | undefined
  readonly measured: readonly MeasuredWorkload[]
  readonly placement: PlacementPolicy
  readonly scheduler: SchedulerSpec
  /** Selectors of the Services, by which pods without constraints of their own are spread. */
  readonly serviceSelectors: readonly Readonly<Record<string, string>>[]
  readonly priorities: Priorities
  readonly kubelet: KubeletModel
  readonly kubeletSettings: KubeletSettings
  readonly surroundings: Surroundings
  readonly featureGates: Readonly<Record<string, boolean>>
  /** Engine time at which the timeline's 0 lies; objects are created before it. */
  readonly zeroUs: number
  /** Engine time at which the measured window begins: the first step. */
  readonly windowStartUs: number
  /** Engine time of the end. */
  readonly horizonUs: number
  /** False: a cluster that is not settled at zeroUs is the user's error. */
  readonly mayBeUnsettled: boolean
  readonly capacity: Capacity
}

/** An action without its time. */
export type TimelessAction = Action extends infer A ? (A extends Action ? Omit<A, 'atUs'> : never) : never

/** What every compiled spec has: the template of the pods that it makes, or NONE. */
export interface CompiledSpec {
  readonly template: TemplateId
}

/** Gives ids to templates. */
export interface TemplateIds {
  /** How far times that depend on the spec must be known. */
  readonly horizonUs: number
  templateId(template: PodTemplateSpec): TemplateId
  /** The row of a text in Model.changeCauses; equal texts have equal rows. */
  changeCauseId(text: string): number
}

/** The tables of a model that objects turn into. */
export interface ObjectTables {
  readonly images: readonly ImageModel[]
  readonly templates: readonly TemplateModel[]
  /** Rows of each kind, by Kind. */
  readonly objects: readonly (readonly ObjectModel<CompiledSpec>[])[]
}
